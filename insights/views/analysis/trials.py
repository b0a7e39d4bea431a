"""The analysis "Trials": own trials, when they end, how much they are used, which to convert; and its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.words import STATUS_NAMES
from insights.selectors.analysis.told import told_of
from insights.selectors.analysis.trials import SORTS, State, TrialRow, Trials, trials
from insights.steps.rules import Rule
from insights.views.analysis import own_rows as rows
from insights.views.analysis.asking import Choice
from insights.views.analysis.headline import Headline
from insights.views.analysis.listing import Listing, Order, Record, order_of
from insights.views.analysis.own_groups import Listed, groups_of
from insights.views.analysis.own_pages import (
    REMEMBERED,
    OwnAnalysis,
    OwnAnalysisExport,
    OwnAnalysisPage,
    OwnPartExport,
    number,
)
from insights.views.analysis.own_words import TRIAL_STATES, WITHIN
from partners.export.table import Column, Kind

RULES = (Rule.CONVERT_TRIAL,)
SOON = "30"
COLUMNS = (
    rows.CUSTOMER_ID,
    rows.CUSTOMER,
    rows.SKU,
    rows.PART_NUMBER,
    rows.STATUS,
    rows.STATUS_NAME,
    Column("started", gettext_lazy("Started"), Kind.DAY),
    Column("ends", gettext_lazy("Ends"), Kind.DAY),
    rows.DAYS_LEFT,
    Column("auto_renew", gettext_lazy("Renews by itself"), Kind.FLAG),
    rows.LICENCES,
    number("people_with_a_licence", gettext_lazy("People with a licence")),
    rows.IN_USE,
    Column("in_use_pct", gettext_lazy("Share in use"), Kind.PERCENT),
    rows.COVERED_DAYS,
    rows.TOGETHER,
    rows.NEXT_STEP,
    rows.SUBSCRIPTION_ID,
)
HIDDEN = frozenset({"customer_id", "part_number", "status", "covered_days", "in_use_of_subscriptions", "auto_renew"})
TILES = (
    ("running", gettext_lazy("Running"), State.RUNNING),
    ("ending", gettext_lazy("Ending soon"), State.ENDING),
    ("used", gettext_lazy("In use"), State.USED),
    ("lapsed", gettext_lazy("In grace or disabled"), State.LAPSED),
)


class TrialsAnalysis(OwnAnalysis):
    """`state`: which list; `within`: how many days ahead is soon; `sort`."""

    code: ClassVar[str] = "trials"
    parameters: ClassVar[tuple[str, ...]] = ("state", "within")
    trend_title: ClassVar[Promise] = gettext_lazy("Licences of trials over time")
    lines: ClassVar[Mapping[str, Promise]] = {
        "trial": gettext_lazy("Running"),
        "trial_lapsed": gettext_lazy("In grace or disabled"),
    }
    trend_columns: ClassVar[tuple[Column, ...]] = (
        Column("day", gettext_lazy("Day"), Kind.DAY),
        number("trial", gettext_lazy("Running")),
        number("trial_lapsed", gettext_lazy("In grace or disabled")),
    )

    @cached_property
    def state(self) -> State:
        """Which list."""
        return State(rows.one_of(self.request, "state", State, State.OPEN))

    @cached_property
    def order(self) -> Order:
        """By which column."""
        return order_of(self.request, known=SORTS, default="days_left")

    @cached_property
    def within(self) -> int:
        """How many days ahead is soon."""
        return int(rows.one_of(self.request, "within", WITHIN, SOON))

    @cached_property
    def found(self) -> Trials:
        """The list."""
        order, names = self.order, self.skus.names
        return trials(
            self.own, self.state, self.within, sku_names=names, sort=order.column, descending=order.descending
        )

    @property
    def main(self) -> Listing:
        """The list, whole."""
        return Listing(
            part="subscriptions",
            title=str(TRIAL_STATES[self.state]),
            columns=COLUMNS,
            rows=rows.Records(self.found, self._records),
            hidden=HIDDEN,
            sorts=frozenset(SORTS),
            order=self.order.text,
        )

    def _records(self, part: Sequence[TrialRow]) -> list[Record]:
        told = told_of(self.scene.question.partner, [row.subscription for row in part], RULES)
        return [
            {
                **rows.of_customer(row.customer),
                **self.skus.named(row.sku),
                "subscription_id": told[row.subscription].subscription_id,
                "status": row.status.value,
                "status_name": str(STATUS_NAMES[row.status]),
                "started": row.started,
                "ends": row.ends,
                "days_left": row.days_left,
                "auto_renew": row.auto_renew,
                "licences": row.licences,
                "people_with_a_licence": row.users,
                **rows.of_use(row),
                "in_use_pct": row.in_use_pct,
                **rows.of_step(told[row.subscription]),
            }
            for row in part
        ]

    @property
    def choices(self) -> list[Choice]:
        """Which list, and how many days ahead is soon."""
        return [
            rows.choice_of(self.request, "state", _("Show"), TRIAL_STATES, State.OPEN),
            rows.choice_of(self.request, "within", _("Soon is within"), WITHIN, SOON),
        ]

    @property
    def headlines(self) -> list[Headline]:
        """Trials in each state, each with its licences and how many of them are in use; and who holds them."""
        every = self.found.sum_of(State.OPEN, self.within)
        holders = Headline(
            "holders", _("People with a licence"), Kind.INTEGER, every.users, None, note=_("of all these trials")
        )
        return [*(self._tile(name, title, state) for name, title, state in TILES), holders]

    def _tile(self, name: str, title: Promise, state: State) -> Headline:
        found = self.found.sum_of(state, self.within)
        note = rows.licences_note(found.licences, found.in_use)
        url = rows.address_with(self.request, state=state.value)
        return Headline(name, title, Kind.INTEGER, found.trials, None, note=note, url=url)

    @property
    def tables(self) -> list[Listing]:
        """The list by SKU, country and segment."""
        found = self.found
        return groups_of(Listed(self.own, found.pieces, found.used, found.rows, found.customers), self.skus)

    @property
    def empty(self) -> dict[str, str]:
        """No trials."""
        return {
            "title": _("No trials"),
            "text": _("None of your customers tries a subscription of yours that could still be converted."),
            "url": reverse("insights:analysis_lifecycle"),
            "action": _("Show what ends soon"),
        }

    @property
    def context(self) -> dict[str, Any]:
        """What the page says besides."""
        return {"on_the_spot": self.found.used.on_the_spot, "shared": bool((self.found.used.together > 1).any())}


class TrialsPage(OwnAnalysisPage):
    """The page."""

    option: ClassVar[str] = "trials"
    of = TrialsAnalysis
    template = "insights/analysis/trials.html"
    remembers: ClassVar[tuple[str, ...]] = (*REMEMBERED, *TrialsAnalysis.parameters)


class TrialsExport(OwnAnalysisExport):
    """Its list."""

    of = TrialsAnalysis


class TrialsPart(OwnPartExport):
    """Its other tables."""

    of = TrialsAnalysis
