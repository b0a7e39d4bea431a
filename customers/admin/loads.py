"""Loads: what was delivered, by whom, and what came of it. Nothing in it is corrected."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import SafeString, format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from customers.models import Load
from customers.selectors.loads import called_loads
from partners.admin_base import TenantAdmin
from partners.permissions import Action

_COUNTS = {
    "new": _("new"),
    "changed": _("changed"),
    "unchanged": _("unchanged"),
    "retracted": _("retracted"),
    "refused": _("refused"),
    "skipped": _("skipped"),
}


@admin.register(Load)
class LoadAdmin(TenantAdmin):
    """Deliveries: to a partner's staff its own."""

    action = Action.CORRECT_FACTS
    list_display = ("what", "kind", "stater", "started_at", "finished_at")
    list_select_related = ("stated_by",)
    list_filter = ("kind",)
    fields = ("what", "kind", "stater", "started_at", "finished_at", "came_of_it")

    def own(self, queryset: QuerySet[Any], user: Any) -> QuerySet[Any]:
        return queryset.visible_to(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("stated_by")

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """The list, with what the loads are called."""
        listed = super().get_changelist_instance(request)
        _name(listed.result_list, request)
        return listed

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Load | None:
        """One, with what it is called."""
        load = super().get_object(request, object_id, from_field)
        _name([load] if load else [], request)
        return load

    @display(description=_("what"))
    def what(self, load: Load) -> str:
        """The name of what was loaded, or who corrected something when."""
        return load.called

    @display(description=_("stated by"))
    def stater(self, load: Load) -> str:
        """Who delivered it."""
        return str(load.stated_by) if load.stated_by else str(_("the operator"))

    @display(description=_("files"))
    def came_of_it(self, load: Load) -> SafeString:
        """Each file: how many of its records did what."""
        head = format_html_join(
            "",
            '<th scope="col" class="text-right pl-4 font-semibold">{}</th>',
            ((label,) for label in _COUNTS.values()),
        )
        rows = format_html_join("", "<tr>{}</tr>", ((_row(file),) for file in load.files.order_by("pk")))
        return format_html('<table class="text-sm"><tr><td></td><td></td>{}</tr>{}</table>', head, rows)


def _name(loads: Iterable[Load], request: HttpRequest) -> None:
    loads = list(loads)
    names = called_loads(loads, user=request.user)
    for load in loads:
        load.called = names[load.pk]


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
