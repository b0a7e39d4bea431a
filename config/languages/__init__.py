"""The texts of the pages in six languages: gathered out of the code, kept in locale/, compiled for Django."""
