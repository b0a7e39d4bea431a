"""The read API about customers and their subscriptions."""
