"""Why usage is above what current entitlements use (metrics.md, "Why it is above 100 %")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Cause:
    """One of the four causes whose counts add up to `active - active_current`."""

    code: str
    """What the style sheet calls it."""
    count: str
    """The count of an insight row that it explains, and its term."""
    label: Promise


CAUSES = (
    Cause("turnover", "active_former", pgettext_lazy("term", "Turnover")),
    Cause("second", "active_lapsed", pgettext_lazy("term", "Second subscription")),
    Cause("trial", "active_trial", pgettext_lazy("term", "Trial")),
    Cause("beyond", "active_unlicensed", pgettext_lazy("term", "Use beyond the licence")),
)
LAPSED_ALONE = Cause("second", "active_lapsed", pgettext_lazy("term", "Lapsed subscription in use"))


def causes_of(row: Mapping[str, int]) -> list[tuple[Cause, int]]:
    """The causes of a row with their counts, without those that are 0.

    Where no active subscription stands beside the lapsed one, it is called a lapsed subscription in use: the row says so by
    `lapsed_alone`, or, being that of one SKU, by having nothing sold.
    """
    alone = row.get("lapsed_alone", row["sold"] == 0)
    named = (LAPSED_ALONE if cause.code == "second" and alone else cause for cause in CAUSES)
    return [(cause, row[cause.count]) for cause in named if row[cause.count]]
