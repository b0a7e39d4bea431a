"""The one place that knows how activity and coverage are stored (design.md, decision 6)."""
