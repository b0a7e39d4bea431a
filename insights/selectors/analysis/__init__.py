"""What the portfolio's analyses read."""
