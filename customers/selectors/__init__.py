"""What reads facts."""
