"""Pages of the next steps."""
