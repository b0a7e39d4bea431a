"""Reads what resellers really have: the vendor's reports, lists and exports, into lines of a feed. Knows no database."""
