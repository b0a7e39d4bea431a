"""Reads what next steps are about: the figures that the rules ask for, suggestions, and what came of them."""
