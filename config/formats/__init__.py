"""How days and numbers are written, where that differs from Django's own formats."""
