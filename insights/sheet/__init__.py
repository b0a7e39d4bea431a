"""A customer's figures on one printed page: a PDF set by Typst (docs/decisions/0016)."""
