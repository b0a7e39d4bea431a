"""The admin site's classes for customers, what they hold and use, and the catalogue."""

from customers.admin import catalogue, customers, licences, loads, relationships, service

__all__ = ["catalogue", "customers", "licences", "loads", "relationships", "service"]
