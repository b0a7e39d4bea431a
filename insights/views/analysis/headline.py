"""The headline figures of an analysis, each with what it was on the day before and by how much it changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from insights.metrics import PERCENTAGES
from insights.selectors.analysis.table import points
from insights.terms import TERMS
from partners.export.table import Column, Kind


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure as of a day and as of another; None where there is none."""

    name: str
    """The exact word of metrics.md where it is one: its definition is one click away."""
    title: str | Promise
    kind: Kind
    """`PERCENT` or `INTEGER`"""
    value: float | None
    before: float | None
    parts: tuple[int, int] | None = None
    """Of a percentage: numerator and denominator."""
    parts_before: tuple[int, int] | None = None
    part_titles: tuple[str | Promise, str | Promise] = ("", "")
    note: str | Promise = ""
    at_least: bool = False
    """Whether it is a lower bound."""
    url: str = ""
    """Where the list behind it is."""

    @property
    def change(self) -> float | None:
        """By how much it is more than before: points of a percentage, from the exact ratios; else the difference."""
        if self.value is None or self.before is None:
            return None
        if self.parts and self.parts_before:
            return points(self.parts, self.parts_before)
        return self.value - self.before

    @property
    def has_term(self) -> bool:
        """Whether the metrics define it."""
        return self.name in TERMS


def headlines(
    names: Sequence[str],
    now: Mapping[str, Any] | None,
    before: Mapping[str, Any] | None,
    *,
    notes: Mapping[str, str | Promise] | None = None,
    at_least: bool = False,
) -> list[Headline]:
    """The figures of these names from two rows of figures; no row: no figure."""
    return [_headline(name, now, before, (notes or {}).get(name, ""), at_least=at_least) for name in names]


def _headline(
    name: str, now: Mapping[str, Any] | None, before: Mapping[str, Any] | None, note: str | Promise, *, at_least: bool
) -> Headline:
    percent = name in PERCENTAGES
    return Headline(
        name=name,
        title=TITLES[name] if name in TITLES else TERMS[name].title,
        kind=Kind.PERCENT if percent else Kind.INTEGER,
        value=now[name] if now else None,
        before=before[name] if before else None,
        parts=_parts(name, now),
        parts_before=_parts(name, before),
        part_titles=_titles(name),
        note=note,
        at_least=at_least and percent and name != "deployment_pct",
    )


TITLES: dict[str, Promise] = {
    "at_stake": _("At stake"),
    "customers": _("Customers"),
    "beyond": _("Used beyond entitlements"),
}
"""Of figures that aren't words of metrics.md."""


def _parts(name: str, row: Mapping[str, Any] | None) -> tuple[int, int] | None:
    if row is None or name not in PERCENTAGES:
        return None
    part, whole = PERCENTAGES[name]
    return (row[part], row[whole])


def _titles(name: str) -> tuple[str | Promise, str | Promise]:
    if name not in PERCENTAGES:
        return ("", "")
    part, whole = PERCENTAGES[name]
    return (TERMS[part].title, TERMS[whole].title)


def change_column(name: str, title: str | Promise) -> Column:
    """The column of a change: points for a percentage."""
    return Column(f"{name}_change", title, Kind.PERCENT if name in PERCENTAGES else Kind.INTEGER)
