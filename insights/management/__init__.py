"""Commands around the figures."""
