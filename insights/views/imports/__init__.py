"""The pages on which staff brings files in: sending, dry run, applying, history, undo."""
