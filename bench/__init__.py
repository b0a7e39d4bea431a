"""Benchmarks: a generated data set, the product and a reference in plain SQL side by side."""
