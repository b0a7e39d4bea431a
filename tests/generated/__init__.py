"""The product against the naive reading of the contracts, on generated feeds."""
