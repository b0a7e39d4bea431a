"""What came of a suggestion: the change of a customer's figures, beside that of others who did nothing. Pure, no ORM."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from insights.steps.figures import Counts

AFTER_DAYS = (28, 56)
FEWEST_COMPARED = 5
"""With fewer customers there is no comparison (guidance.md)."""


def _deployment(counts: Counts) -> Fraction | None:
    return Fraction(100 * counts.assigned, counts.sold) if counts.sold else None


def _usage(counts: Counts) -> Fraction | None:
    known = counts.is_whole and counts.entitlements
    return Fraction(100 * counts.active, counts.entitlements) if known else None


def _adjusted(counts: Counts) -> Fraction | None:
    known = counts.is_whole and counts.entitlements
    return Fraction(100 * counts.active_current, counts.entitlements) if known else None


def _at_stake(counts: Counts) -> Fraction | None:
    return Fraction(counts.at_stake) if counts.is_whole else None


FIGURES: Mapping[str, Callable[[Counts], Fraction | None]] = MappingProxyType(
    {"deployment_pct": _deployment, "usage_pct": _usage, "adjusted_usage_pct": _adjusted, "at_stake": _at_stake}
)
"""The figures that are followed; None where there is none, and for use that isn't covered on all 28 days."""

Pair = tuple[Counts | None, Counts | None]
"""A customer's counts on the day of the deed, and later."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one figure."""

    name: str
    before: float | None
    after: float | None
    change: float | None
    """In percentage points, or licences; None where a figure is missing."""
    mean: float | None
    """The mean change of those compared; None: too few."""
    compared: int
    """How many customers without action have the figure on both days."""

    @property
    def is_percentage(self) -> bool:
        """Whether it is one, and its change in percentage points."""
        return self.name.endswith("_pct")


def changes(own: Pair, others: Sequence[Pair]) -> list[Change]:
    """Of each figure its change, and the mean change of the others that have it on both days."""
    return [_change(name, figure, own, others) for name, figure in FIGURES.items()]


def _change(name: str, figure: Callable[[Counts], Fraction | None], own: Pair, others: Sequence[Pair]) -> Change:
    before, after = (None if counts is None else figure(counts) for counts in own)
    known = [each for pair in others if (each := _difference(figure, pair)) is not None]
    mean = sum(known, Fraction(0)) / len(known) if len(known) >= FEWEST_COMPARED else None
    return Change(name, _shown(before), _shown(after), _shown(_difference(figure, own)), _shown(mean), len(known))


def _difference(figure: Callable[[Counts], Fraction | None], pair: Pair) -> Fraction | None:
    before, after = (None if counts is None else figure(counts) for counts in pair)
    return None if before is None or after is None else after - before


def _shown(value: Fraction | None) -> float | None:
    """With one decimal, half away from zero."""
    if value is None:
        return None
    tenths = int(abs(value) * 10 + Fraction(1, 2))
    return tenths / 10 if value >= 0 else -tenths / 10
