"""The formats that are recognised, by whose they are."""
