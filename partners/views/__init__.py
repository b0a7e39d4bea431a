"""The pages about staff, profile, tokens and settings."""
