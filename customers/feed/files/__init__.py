"""One module per file of a feed: its columns, how its lines find their records, and how they are merged."""
