"""What changed at a customer between two days, and why (docs/decisions/0019)."""
