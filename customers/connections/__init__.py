"""Pulls from the vendor: what is asked, of whom, how often, and where it is kept until it is imported."""
