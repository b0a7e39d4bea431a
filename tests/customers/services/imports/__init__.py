"""Tests of the imports service."""
