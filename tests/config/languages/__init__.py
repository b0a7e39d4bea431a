"""Catalogues of translations, and what they must hold."""
