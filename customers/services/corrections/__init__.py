"""Corrects facts on customers by the rules of loading, one at a time."""
