"""Addresses of the pages about customers and what they hold."""

from django.urls import URLPattern, URLResolver

app_name = "customers"
urlpatterns: list[URLPattern | URLResolver] = []
