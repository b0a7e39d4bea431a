"""The read API about figures."""
