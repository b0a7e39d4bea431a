"""Undoing loads: rights, what comes back, what stays, what refuses, what is purged."""
