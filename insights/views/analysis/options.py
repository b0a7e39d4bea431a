"""The portfolio's analyses: what they are called, and where they are."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KEPT = ("date", "seller", "left_out", "family", "sku", "workload", "country", "segment", "owner", "tag")
"""The parameters that go along from one analysis to the next."""
OWN_KEPT = tuple(name for name in KEPT if name not in ("seller", "workload"))
"""The same of analyses of own subscriptions."""


@dataclass(frozen=True, slots=True)
class Option:
    """One analysis: the name of its address, what it is called, and what it answers."""

    code: str
    address: str
    title: Promise
    lead: Promise
    kept: tuple[str, ...] = KEPT
    """The parameters that it knows, of those that go along."""


@dataclass(frozen=True, slots=True)
class Tab:
    """An analysis as a link on the page of one of them."""

    url: str
    title: Promise
    current: bool


OPTIONS = {
    option.code: option
    for option in (
        Option(
            "deployment",
            "insights:analysis_deployment",
            _("Deployment"),
            _("How much of what was sold has been handed out, and where it has not."),
        ),
        Option(
            "usage",
            "insights:analysis_usage",
            _("Usage"),
            _("How much of what could be used was used, and who makes little of it."),
        ),
        Option(
            "idle",
            "insights:analysis_idle",
            _("Idle licences"),
            _("Licences that are paid for and that nobody uses: handed out and unused, or never handed out."),
        ),
        Option(
            "above-100",
            "insights:analysis_above",
            _("Above 100 %"),
            _("Customers who use more than they are entitled to, and why."),
        ),
        Option(
            "lifecycle",
            "insights:analysis_lifecycle",
            _("Lifecycle"),
            _("Your own subscriptions that have lapsed or end soon: what is at stake, and what happens when."),
            OWN_KEPT,
        ),
        Option(
            "trials",
            "insights:analysis_trials",
            _("Trials"),
            _("Your own trials: when they end, how much they are used, and which to convert."),
            OWN_KEPT,
        ),
        Option(
            "movements",
            "insights:analysis_movements",
            _("Movements"),
            _("Customers, your own subscriptions and their licences that are new or gone, and why."),
            OWN_KEPT,
        ),
    )
}
"""By code, in the order of the tabs."""


def tabs(code: str, query: QueryDict) -> list[Tab]:
    """The analyses as links that keep the filters of this address."""
    return [Tab(_kept(option, query), option.title, option.code == code) for option in OPTIONS.values()]


def _kept(option: Option, query: QueryDict) -> str:
    kept = QueryDict(mutable=True)
    for name in option.kept:
        if query.get(name):
            kept[name] = query[name]
    url = reverse(option.address)
    return f"{url}?{kept.urlencode()}" if kept else url
