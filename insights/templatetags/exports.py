"""How values of exported tables stand in mails and previews."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.words import STATUS_NAMES
from insights.services.exports.mails import Shown
from partners.export.table import Kind
from partners.templatetags.seatwise import DASH, count, day, percent

register = template.Library()

_WORDS = {("workload", "any"): gettext_lazy("any")} | {("status", code): name for code, name in STATUS_NAMES.items()}
"""Codes of the files that a person reads as words."""


@register.filter
def mail_value(cell: Shown) -> str:
    """The value as pages write it: a dash for None, `≥` before a lower bound."""
    value, kind = cell.value, cell.column.kind
    if value is None or value == "":
        return DASH
    if kind is Kind.FLAG:
        return str(_("yes") if value else _("no"))
    if (word := _WORDS.get((cell.column.name, value))) is not None:
        return str(word)
    written = {Kind.PERCENT: percent, Kind.INTEGER: count, Kind.DAY: day}.get(kind, str)
    return f"≥ {written(value)}" if cell.at_least else written(value)
