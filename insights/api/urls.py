"""Addresses of the API about figures."""

from django.urls import URLPattern, path

from insights.api.insights import Insights, Portfolio

urlpatterns: list[URLPattern] = [
    path("insights/", Insights.as_view(), name="insights"),
    path("portfolio/", Portfolio.as_view(), name="portfolio"),
]
