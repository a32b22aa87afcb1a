"""What depends on a browser, a terminal, a session or looks."""
