"""The database backend of the application's role: PostgreSQL in which every transaction says for whom it works."""
