"""What changes tenants and staff."""
