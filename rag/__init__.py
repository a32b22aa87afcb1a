"""What depends on the question, or on a model's words."""
