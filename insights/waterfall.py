"""The way from adjusted to headline usage, bar by bar: what each cause adds. Pure, no ORM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from insights.causes import causes_of
from insights.metrics import percentage

CURRENT, TOTAL = "active_current", "active"


@dataclass(frozen=True, slots=True)
class Step:
    """One bar, in active entitlements: it begins where the one before it ended."""

    code: str
    """What the style sheet calls it."""
    name: str
    """The count of the insight row that it shows (metrics.md); a list of the same length stands behind it."""
    label: Promise
    count: int
    begin: int
    usage_pct: float | None
    """Usage up to the end of the bar; None where there is nothing to divide by."""
    points: float | None
    """How many points of per cent it adds. What all bars add is `usage_pct` of the row, to the tenth."""
    x: str
    """Where the bar begins, in per cent of the scale."""
    width: str

    @property
    def end(self) -> int:
        """How many active entitlements there are up to here."""
        return self.begin + self.count

    @property
    def is_cause(self) -> bool:
        """Whether it is one of the four causes, and neither the first bar nor the last."""
        return self.name not in (CURRENT, TOTAL)


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Adjusted usage, the causes that aren't 0, and the headline, on one scale."""

    steps: tuple[Step, ...]
    hundred: str | None
    """Where 100 % lies, in per cent of the scale; None where there is nothing to divide by."""


def waterfall(row: Mapping[str, Any]) -> Waterfall:
    """The bars of an insight row.

    Points are differences of the rounded percentages before and after a bar, so that they add up to the rounded headline.
    """
    whole, scale = row["measured_entitlements"], max(row["measured_entitlements"], row[TOTAL], 1)
    parts = [("current", CURRENT, _("Current entitlements"), row[CURRENT])]
    parts += [(cause.code, cause.count, cause.label, number) for cause, number in causes_of(row)]
    steps: list[Step] = []
    done = 0
    for code, name, label, number in parts:
        steps.append(_step((code, name, label, number), done, whole, scale))
        done += number
    steps.append(_step(("total", TOTAL, _("All active entitlements"), done), 0, whole, scale))
    return Waterfall(tuple(steps), _length(whole, scale) if whole else None)


def _step(part: tuple[str, str, Promise, int], begin: int, whole: int, scale: int) -> Step:
    code, name, label, number = part
    before, after = percentage(begin, whole), percentage(begin + number, whole)
    points = None if before is None or after is None else round(after - before, 1)
    return Step(code, name, label, number, begin, after, points, _length(begin, scale), _length(number, scale))


def _length(number: int, scale: int) -> str:
    """Per cent of the scale, the same in every language."""
    return f"{100 * number / scale:.2f}"
