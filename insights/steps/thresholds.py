"""From where on a rule of the next steps speaks: the defaults, which a partner may change. Pure, no ORM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Percentages, numbers of licences and cases, and days; each a whole number."""

    licences: int = 10
    """`low_adoption`: of so many licences (`sold`) or more."""
    low_deployment: int = 70
    """`low_adoption`: deployment below so many percent."""
    low_usage: int = 50
    """`low_adoption`: usage below so many percent."""
    case_rate: int = 5
    """`many_questions`: so many how-to cases or more for 100 active people."""
    cases: int = 5
    """`many_questions`: so many how-to cases or more."""
    renew_days: int = 30
    """`renew`: the term ends within so many days."""
    renew_usage: int = 50
    """`renew`: usage above so many percent of the licences of what ends."""
    trial_share: int = 50
    """`convert_trial`: so many percent of the trial's users or more were active."""
    trial_days: int = 10
    """`convert_trial`: or it ends within so many days, and anybody was."""
    full_deployment: int = 95
    """`sell_more`: deployment of so many percent or more."""
    full_usage: int = 80
    """`sell_more`: and adjusted usage of so many percent or more."""
    beyond: int = 10
    """`sell_more`: or use beyond the licence by so many percent or more of `entitlements`."""
    idle_share: int = 20
    """`right_size`: so many percent or more of the licences."""
    idle_licences: int = 5
    """`right_size`: and so many licences or more."""
    right_size_days: int = 60
    """`right_size`: a date within so many days."""
    inflated_usage: int = 100
    """`explain_inflation`: usage above so many percent."""


DEFAULTS = Thresholds()
NAMES = tuple(field.name for field in fields(Thresholds))
MOST = 1_000_000


def thresholds_from(changed: Mapping[str, int]) -> Thresholds:
    """The defaults with what a partner has changed; names that are no thresholds any more are passed over."""
    return replace(DEFAULTS, **{name: number for name, number in changed.items() if name in NAMES})
