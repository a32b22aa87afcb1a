"""From the bytes of a file to its text: one reader for each format that reports come in."""
