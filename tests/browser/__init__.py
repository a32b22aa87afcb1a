"""The page in a real browser, journey by journey. A package, so that its server and its browser end with it."""
