"""Files made in the background, regular reports, and that numbers agree everywhere."""
