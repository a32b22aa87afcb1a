"""What is true of a filing before anyone asks a question."""
