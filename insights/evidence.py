"""Why a vendor's percentage differs from ours: rules that name likely causes (docs/decisions/0015). Pure, no ORM."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from insights.metrics import percentage
from insights.window import WINDOW_DAYS

Counts = Mapping[str, int]


class Cause(StrEnum):
    """A likely cause. None is certain: the vendor defines its percentages nowhere."""

    CHANNEL = "channel"
    PEOPLE = "people"
    CURRENT = "current"
    BLOCKED = "blocked"
    GRACE = "grace"
    TRIAL = "trial"
    CONCEALED = "concealed"
    COVERAGE = "coverage"
    PRORATED = "prorated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Compared:
    """A reported percentage, and our row of the same SKU or family and workload as of the same day."""

    metric: str
    """deployment or usage"""
    numerator: int
    denominator: int
    percent: float | None
    """As reported; a share or of a hundred, nobody knows."""
    channel: str
    ours: Counts
    """All counts of our row, of all sellers, with `measured_` ones and covered_days."""
    own: Counts | None
    """Those of what the partner sold itself; None: nothing."""
    concealed: bool
    """Whether the customer's reports conceal names."""

    @property
    def ours_part(self) -> int:
        """The count above our line."""
        return _parts(self, self.ours)[0]

    @property
    def ours_whole(self) -> int:
        """The count below our line."""
        return _parts(self, self.ours)[1]

    @property
    def theirs_pct(self) -> float | None:
        """Their percentage, from its two numbers."""
        return percentage(self.numerator, self.denominator)

    @property
    def ours_pct(self) -> float | None:
        """Our `deployment_pct` or `usage_pct`."""
        return percentage(self.ours_part, self.ours_whole)

    @property
    def difference(self) -> float | None:
        """Theirs less ours, in points; None where either is no number."""
        theirs, ours = self.theirs_pct, self.ours_pct
        return None if theirs is None or ours is None else round(theirs - ours, 1)


def likely_causes(compared: Compared) -> list[Cause]:
    """What may be behind the difference, the most telling first; nothing where the two numbers are ours."""
    prorated = [Cause.PRORATED] if is_prorated(compared) else []
    if (compared.numerator, compared.denominator) == _parts(compared, compared.ours):
        return prorated
    found = [cause for cause, fits in RULES.items() if fits(compared)] + prorated
    return found or [Cause.UNKNOWN]


def is_prorated(compared: Compared) -> bool:
    """The percentage isn't that of its two numbers, in whatever unit."""
    if compared.percent is None or compared.denominator == 0:
        return False
    share = compared.numerator / compared.denominator
    return all(abs(compared.percent - share * unit) > 0.01 * unit for unit in (1, 100))


def _parts(compared: Compared, counts: Counts) -> tuple[int, int]:
    names = ("assigned", "sold") if compared.metric == "deployment" else ("active", "measured_entitlements")
    return counts[names[0]], counts[names[1]]


def _is_usage(compared: Compared) -> bool:
    return compared.metric == "usage"


def _is_of_own_channel(compared: Compared) -> bool:
    """Their total is what the partner sold, or nearer to it than to everybody's."""
    own = 0 if compared.own is None else _whole(compared, compared.own)
    every = _whole(compared, compared.ours)
    return (
        bool(compared.channel) and own != every and abs(compared.denominator - own) < abs(compared.denominator - every)
    )


def _whole(compared: Compared, counts: Counts) -> int:
    return counts["entitlements"] if _is_usage(compared) else counts["sold"]


def _counts_people(compared: Compared) -> bool:
    theirs = (compared.numerator, compared.denominator)
    return _is_usage(compared) and theirs == (compared.ours["active_users"], compared.ours["measured_users"])


def _counts_current_only(compared: Compared) -> bool:
    ours = compared.ours
    return _is_usage(compared) and compared.numerator == ours["active_current"] < ours["active"]


def _counts_blocked(compared: Compared) -> bool:
    ours = compared.ours
    return (
        _is_usage(compared) and ours["blocked"] > 0 and compared.denominator == ours["entitlements"] + ours["blocked"]
    )


def _has_more_than(compared: Compared, name: str) -> bool:
    """More is in their total, and there is such use here."""
    return compared.denominator > _whole(compared, compared.ours) and compared.ours[name] > 0


def _is_lower_bound(compared: Compared) -> bool:
    ours = compared.ours
    return _is_usage(compared) and ours["covered_days"] < WINDOW_DAYS and compared.numerator > ours["active"]


def _is_concealed(compared: Compared) -> bool:
    return _is_usage(compared) and compared.concealed


RULES: dict[Cause, Callable[[Compared], bool]] = {
    Cause.PEOPLE: _counts_people,
    Cause.CURRENT: _counts_current_only,
    Cause.BLOCKED: _counts_blocked,
    Cause.CHANNEL: _is_of_own_channel,
    Cause.GRACE: lambda compared: _has_more_than(compared, "active_lapsed"),
    Cause.TRIAL: lambda compared: _has_more_than(compared, "active_trial"),
    Cause.CONCEALED: _is_concealed,
    Cause.COVERAGE: _is_lower_bound,
}
"""In the order in which causes are told: what fits exactly first."""
