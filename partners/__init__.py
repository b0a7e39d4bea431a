"""Who: tenants, their staff and roles, and what they did."""
