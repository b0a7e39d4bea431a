"""Tests of the readers of vendors' files."""
