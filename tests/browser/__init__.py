"""Pages in a real browser, on the demo portfolio."""
