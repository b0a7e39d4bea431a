"""The computation of figures, on columns of numbers."""
