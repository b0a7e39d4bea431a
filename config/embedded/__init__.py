"""The embedded PostgreSQL and Valkey: one supervisor per data folder, shared by all commands. Knows no Django."""
