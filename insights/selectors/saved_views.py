"""Finds the views of pages that somebody may choose from."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import Lower

from insights.models import SavedView
from insights.models.saved_views import SavedViewQuerySet


def saved_views(user: Any) -> SavedViewQuerySet:
    """One's own and those of colleagues, by page and name."""
    views = SavedView.objects.visible_to(user).select_related("owner")
    return views.order_by("page", Lower("name"), "pk")


def views_of_page(user: Any, page: str) -> list[SavedView]:
    """Those of one page. One query; none for whoever isn't a partner's staff."""
    return list(saved_views(user).filter(page=page))
