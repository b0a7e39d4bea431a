"""Tests of the catalogue: the vendor's file, the tables, the shipped SKUs."""
