"""Writes next steps: suggestions that rules raise, what people make of them, and what helps with them."""
