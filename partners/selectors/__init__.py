"""What reads tenants and staff."""
