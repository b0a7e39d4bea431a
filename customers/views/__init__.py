"""Pages about customers and what they hold, for a partner's staff."""
