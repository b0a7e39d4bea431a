"""Addresses of the pages about staff, tokens and the audit log."""

from django.urls import URLPattern, URLResolver

app_name = "partners"
urlpatterns: list[URLPattern | URLResolver] = []
