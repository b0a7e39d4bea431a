"""The door: who comes in by which password and second factor, how often it may be tried, and what guards it."""
