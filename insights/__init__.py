"""What the facts mean: figures, their explanation, and what to do next."""
