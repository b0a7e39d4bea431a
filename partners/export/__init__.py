"""Tables as files: one table, three formats, and a manifest that says what the file holds (docs/decisions/0016)."""
