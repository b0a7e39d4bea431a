"""Loads: what was delivered, by whom, and what came of it. Nothing in it is corrected."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import SafeString, format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from customers.models import Load
from partners.admin_base import TenantAdmin
from partners.permissions import Action

_COUNTS = ("new", "changed", "unchanged", "retracted", "refused", "skipped")


@admin.register(Load)
class LoadAdmin(TenantAdmin):
    """Deliveries: to a partner's staff its own."""

    action = Action.CORRECT_FACTS
    list_display = ("source", "kind", "stater", "started_at", "finished_at")
    list_select_related = ("stated_by",)
    list_filter = ("kind",)
    fields = ("source", "kind", "stater", "started_at", "finished_at", "came_of_it")

    def own(self, queryset: QuerySet[Any], user: Any) -> QuerySet[Any]:
        return queryset.visible_to(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("stated_by")

    @display(description=_("stated by"))
    def stater(self, load: Load) -> str:
        """Who delivered it."""
        return str(load.stated_by) if load.stated_by else str(_("the operator"))

    @display(description=_("files"))
    def came_of_it(self, load: Load) -> SafeString:
        """Each file: how many of its records did what."""
        head = format_html_join(
            "", '<th scope="col" class="text-right pl-4 font-semibold">{}</th>', ((gettext(name),) for name in _COUNTS)
        )
        rows = format_html_join("", "<tr>{}</tr>", ((_row(file),) for file in load.files.order_by("pk")))
        return format_html('<table class="text-sm"><tr><td></td><td></td>{}</tr>{}</table>', head, rows)


def _row(file: Any) -> SafeString:
    counts = format_html_join(
        "", '<td class="text-right pl-4 py-1">{}</td>', ((getattr(file, name),) for name in _COUNTS)
    )
    return format_html(
        '<th scope="row" class="text-left font-normal pr-4">{}</th><td>{}</td>{}',
        file.name,
        file.get_outcome_display(),
        counts,
    )
