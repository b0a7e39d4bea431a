"""Base counts and the figures that follow from them (metrics.md, "Base counts", "Figures"). Pure, no ORM."""

from __future__ import annotations

from collections.abc import Mapping

COUNTS = (
    "sold",
    "blocked",
    "entitlements",
    "assigned",
    "active_current",
    "active_former",
    "active_lapsed",
    "active_trial",
    "active_unlicensed",
    "users",
    "active_users",
    "unassigned",
    "overassigned",
)
"""The counts of a row that are kept; all others follow from them and `covered_days`."""

ACTIVE = ("active_current", "active_former", "active_lapsed", "active_trial", "active_unlicensed")

PERCENTAGES = {
    "deployment_pct": ("assigned", "sold"),
    "usage_pct": ("active", "measured_entitlements"),
    "adjusted_usage_pct": ("active_current", "measured_entitlements"),
    "user_usage_pct": ("active_users", "measured_users"),
}
"""Each percentage's numerator and denominator."""


def with_measured(counts: Mapping[str, int], *, covered_days: int) -> dict[str, int]:
    """The counts of one customer's row and those that depend on whether it is measured; these add up over customers."""
    measured = covered_days > 0
    return {
        **counts,
        "active": sum(counts[name] for name in ACTIVE),
        "measured_entitlements": counts["entitlements"] if measured else 0,
        "measured_users": counts["users"] if measured else 0,
        "idle": counts["assigned"] - counts["active_current"] if measured else 0,
    }


def percentages(counts: Mapping[str, int]) -> dict[str, float | None]:
    """The four percentages of a row (or sum of rows), with one decimal; None where there is nothing to divide by."""
    return {name: percentage(counts[part], counts[whole]) for name, (part, whole) in PERCENTAGES.items()}


def percentage(part: int, whole: int) -> float | None:
    """`100 * part / whole` with one decimal, half up; exact whatever the size. None if `whole` is 0."""
    if whole == 0:
        return None
    return (2000 * part + whole) // (2 * whole) / 10
