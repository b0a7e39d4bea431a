"""Commands around partners and staff."""
