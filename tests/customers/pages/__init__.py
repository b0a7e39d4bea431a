"""Tests of the pages about customers."""
