"""What changes facts."""
