"""An independent, naive reading of metrics.md and feed.md: Python sets and dicts, nothing of the project."""
