"""What reads figures."""
