"""Tests of tenants and staff."""
