"""What each analysis of stored figures shows: which figures, lines, bands and columns."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from insights.bands import BANDS, BANDS_ABOVE, Band
from insights.terms import TERMS

LOWER = "customers_lower"
"""The measure that says of how many customers usage is a lower bound."""
CAUSES = ("active_former", "active_lapsed", "active_trial", "active_unlicensed")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a trend: a measure (insights.selectors.analysis.history), of a percentage above another one."""

    name: str
    label: Promise | str
    part: str
    whole: str = ""
    of_people: bool = False
    """Whether it counts people, which can't be counted without SKUs that are left out."""

    @property
    def measures(self) -> tuple[str, ...]:
        """What it is made of."""
        return (self.part, self.whole) if self.whole else (self.part,)


@dataclass(frozen=True, slots=True)
class FigureOption:
    """An analysis of stored figures."""

    code: str
    figures: tuple[str, ...]
    """The headline figures."""
    main: str
    """The figure that is compared with another day, customer by customer."""
    banded: str
    """The percentage by which customers fall into bands."""
    bands: tuple[Band, ...]
    trend_title: Promise
    lines: tuple[Line, ...]
    columns: tuple[str, ...]
    """Of a customer, that are shown at first."""
    more_columns: tuple[str, ...]
    """That can be shown as well."""
    group_columns: tuple[str, ...]
    """Of an SKU, workload, country or segment."""
    order: str = "-at_stake"
    above_only: bool = False
    """Whether it is about customers alone whose usage passes 100 %."""

    @property
    def measures(self) -> tuple[str, ...]:
        """What its lines are made of."""
        found = dict.fromkeys(name for line in self.lines for name in line.measures)
        return (*found, LOWER) if self.is_of_use else tuple(found)

    @property
    def is_of_use(self) -> bool:
        """Whether a line is a percentage of what was used, and so a lower bound where days aren't covered."""
        return any(line.whole.startswith("measured") for line in self.lines)

    @property
    def in_percent(self) -> bool:
        """Whether its lines are percentages."""
        return bool(self.lines[0].whole)


def _line(name: str, part: str, whole: str = "", *, of_people: bool = False) -> Line:
    return Line(name, TERMS[name].title, part, whole, of_people)


_EVERY = (
    *("at_stake", "beyond", "sold", "entitlements", "assigned", "deployment_pct", "unassigned", "overassigned"),
    *("measured_entitlements", "active", "usage_pct", "active_current", "adjusted_usage_pct"),
    *("active_users", "measured_users", "user_usage_pct", "idle", *CAUSES, "covered_days"),
)
"""The figures of a customer, in the order of their columns."""

DEPLOYMENT = FigureOption(
    code="deployment",
    figures=("deployment_pct", "assigned", "sold", "unassigned", "overassigned"),
    main="deployment_pct",
    banded="deployment_pct",
    bands=BANDS,
    trend_title=_("Deployment over time"),
    lines=(_line("deployment_pct", "assigned", "sold"),),
    columns=("at_stake", "sold", "assigned", "deployment_pct", "unassigned"),
    more_columns=_EVERY,
    group_columns=("customers", "sold", "assigned", "deployment_pct", "unassigned", "overassigned"),
)
USAGE = FigureOption(
    code="usage",
    figures=("usage_pct", "adjusted_usage_pct", "user_usage_pct", "active", "idle"),
    main="usage_pct",
    banded="usage_pct",
    bands=BANDS,
    trend_title=_("Usage over time"),
    lines=(
        _line("usage_pct", "active", "measured_entitlements"),
        _line("adjusted_usage_pct", "active_current", "measured_entitlements"),
        _line("user_usage_pct", "active_users", "measured_users", of_people=True),
    ),
    columns=("at_stake", "measured_entitlements", "active", "usage_pct", "adjusted_usage_pct", "user_usage_pct"),
    more_columns=_EVERY,
    group_columns=(
        *("customers_measured", "measured_entitlements", "active", "usage_pct"),
        *("adjusted_usage_pct", "user_usage_pct"),
    ),
)
IDLE = FigureOption(
    code="idle",
    figures=("at_stake", "idle", "unassigned", "adjusted_usage_pct", "assigned"),
    main="at_stake",
    banded="adjusted_usage_pct",
    bands=BANDS,
    trend_title=_("Idle and unassigned licences over time"),
    lines=(_line("idle", "idle"), _line("unassigned", "unassigned")),
    columns=("at_stake", "idle", "unassigned", "assigned", "active_current", "adjusted_usage_pct"),
    more_columns=_EVERY,
    group_columns=("customers", "at_stake", "idle", "unassigned", "assigned", "active_current", "adjusted_usage_pct"),
)
ABOVE = FigureOption(
    code="above-100",
    figures=("customers", "usage_pct", "beyond", *CAUSES),
    main="usage_pct",
    banded="usage_pct",
    bands=BANDS_ABOVE,
    trend_title=_("Customers above 100 %, and why"),
    lines=(
        Line("customers_above", _("Customers above 100 %"), "customers_above"),
        *(Line(f"{name}_above", TERMS[name].title, f"{name}_above") for name in CAUSES),
    ),
    columns=("beyond", "active", "usage_pct", *CAUSES),
    more_columns=_EVERY,
    group_columns=("customers_measured", "measured_entitlements", "active", "usage_pct", *CAUSES),
    order="-beyond",
    above_only=True,
)
FIGURE_OPTIONS = {option.code: option for option in (DEPLOYMENT, USAGE, IDLE, ABOVE)}
EVERY_COLUMN = _EVERY
