"""Connections with the vendor, against a local server that speaks its protocol and has its faults."""
