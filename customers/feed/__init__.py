"""Reads feeds (docs: the feed's own page): from a folder or zip of CSV files to stored facts."""
