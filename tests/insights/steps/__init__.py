"""Next steps: rules, runs, acts, outcome."""
