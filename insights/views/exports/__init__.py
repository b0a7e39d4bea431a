"""The pages of files made in the background, and of reports that are sent."""
