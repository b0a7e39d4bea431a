"""The portfolio's analyses, each a page with its own address."""
