"""Tags that show figures."""
