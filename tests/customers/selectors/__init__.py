"""Tests of what is read of customers."""
