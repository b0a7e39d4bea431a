"""Files made in the background, and reports that are sent again and again (docs/decisions/0016)."""
