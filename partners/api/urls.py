"""Addresses of the API about oneself, its description, and the rest under its root, which is nowhere."""

from django.urls import URLPattern, path, re_path

from partners.api.me import Me
from partners.api.nowhere import Nowhere
from partners.api.openapi import document, document_page

urlpatterns: list[URLPattern] = [
    path("me/", Me.as_view(), name="me"),
    path("schema/", document, name="schema"),
    path("docs/", document_page, name="docs"),
    re_path(r"^(?:.*/)?$", Nowhere.as_view(), name="nowhere"),
]
"""To be included last: the last address takes whatever the others leave."""
