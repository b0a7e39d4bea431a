"""Pages with figures, for a partner's staff."""
