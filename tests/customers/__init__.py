"""Tests of the app customers."""
