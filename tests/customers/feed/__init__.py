"""Tests of loading a feed."""
