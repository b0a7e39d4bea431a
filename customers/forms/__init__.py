"""Forms about customers: what was typed, read and checked for its form only; the rules are the services'."""
