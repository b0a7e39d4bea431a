"""The analysis "Lifecycle": own subscriptions that have lapsed or end soon, and what happens when; and its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.words import STATUS_NAMES
from insights.selectors.analysis.lifecycle import SORTS, Lifecycle, LifecycleRow, State, lifecycle
from insights.selectors.analysis.told import told_of
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
from insights.views.analysis.own_words import LIFECYCLE_STATES, NEXT, WITHIN
from partners.export.table import Column, Kind

RULES = (Rule.RENEW, Rule.RIGHT_SIZE)
LONGEST = "90"
COLUMNS = (
    rows.CUSTOMER_ID,
    rows.CUSTOMER,
    rows.SKU,
    rows.PART_NUMBER,
    rows.STATUS,
    rows.STATUS_NAME,
    rows.LICENCES,
    rows.IN_USE,
    rows.COVERED_DAYS,
    rows.TOGETHER,
    Column("next", gettext_lazy("What happens next (code)")),
    Column("next_name", gettext_lazy("What happens next")),
    Column("next_day", gettext_lazy("On"), Kind.DAY),
    rows.DAYS_LEFT,
    Column("term_end", gettext_lazy("Term end"), Kind.DAY),
    Column("cancel_until", gettext_lazy("Can be cancelled until"), Kind.DAY),
    Column("auto_renew", gettext_lazy("Renews by itself"), Kind.FLAG),
    rows.NEXT_STEP,
    rows.SUBSCRIPTION_ID,
)
HIDDEN = frozenset(
    {"customer_id", "part_number", "status", "covered_days", "in_use_of_subscriptions", "next"}
    | {"term_end", "cancel_until", "auto_renew"}
)
TILES = (
    ("ending_30", gettext_lazy("Ending within 30 days"), State.ENDING, 30),
    ("ending_60", gettext_lazy("Ending within 60 days"), State.ENDING, 60),
    ("ending_90", gettext_lazy("Ending within 90 days"), State.ENDING, 90),
    ("decide", gettext_lazy("Renewing or to decide within 90 days"), State.DECIDE, 90),
    ("grace", gettext_lazy("In grace"), State.GRACE, 90),
    ("disabled", gettext_lazy("Disabled"), State.DISABLED, 90),
    ("deprovisioned", gettext_lazy("Deprovisioned"), State.DEPROVISIONED, 90),
)


class LifecycleAnalysis(OwnAnalysis):
    """`state`: which list; `within`: how many days ahead is soon; `sort`."""

    code: ClassVar[str] = "lifecycle"
    parameters: ClassVar[tuple[str, ...]] = ("state", "within")
    trend_title: ClassVar[Promise] = gettext_lazy("Licences in grace and disabled over time")
    lines: ClassVar[Mapping[str, Promise]] = {
        "grace": gettext_lazy("In grace"),
        "disabled": gettext_lazy("Disabled"),
    }
    trend_columns: ClassVar[tuple[Column, ...]] = (
        Column("day", gettext_lazy("Day"), Kind.DAY),
        number("active", gettext_lazy("Active")),
        number("grace", gettext_lazy("In grace")),
        number("disabled", gettext_lazy("Disabled")),
        number("deprovisioned", gettext_lazy("Deprovisioned")),
    )

    @cached_property
    def state(self) -> State:
        """Which list."""
        return State(rows.one_of(self.request, "state", State, State.AT_STAKE))

    @cached_property
    def order(self) -> Order:
        """By which column."""
        return order_of(self.request, known=SORTS, default="days_left")

    @cached_property
    def found(self) -> Lifecycle:
        """The list."""
        within = int(rows.one_of(self.request, "within", WITHIN, LONGEST))
        order = self.order
        return lifecycle(
            self.own, self.state, within, sku_names=self.skus.names, sort=order.column, descending=order.descending
        )

    @property
    def main(self) -> Listing:
        """The list, whole."""
        return Listing(
            part="subscriptions",
            title=str(LIFECYCLE_STATES[self.state]),
            columns=COLUMNS,
            rows=rows.Records(self.found, self._records),
            hidden=HIDDEN,
            sorts=frozenset(SORTS),
            order=self.order.text,
        )

    def _records(self, part: Sequence[LifecycleRow]) -> list[Record]:
        told = told_of(self.scene.question.partner, [row.subscription for row in part], RULES)
        return [
            {
                **rows.of_customer(row.customer),
                **self.skus.named(row.sku),
                "subscription_id": told[row.subscription].subscription_id,
                "status": row.status.value,
                "status_name": str(STATUS_NAMES[row.status]),
                "licences": row.licences,
                **rows.of_use(row),
                "next": row.next.value,
                "next_name": str(NEXT[row.next]),
                "next_day": row.next_day,
                "days_left": row.days_left,
                "term_end": row.term_end,
                "cancel_until": row.cancel_until,
                "auto_renew": row.auto_renew,
                **rows.of_step(told[row.subscription]),
            }
            for row in part
        ]

    @property
    def choices(self) -> list[Choice]:
        """Which list, and how many days ahead is soon."""
        return [
            rows.choice_of(self.request, "state", _("Show"), LIFECYCLE_STATES, State.AT_STAKE),
            rows.choice_of(self.request, "within", _("Soon is within"), WITHIN, LONGEST),
        ]

    @property
    def headlines(self) -> list[Headline]:
        """Subscriptions in each state, each with its licences and how many of them are in use."""
        return [self._tile(name, title, state, within) for name, title, state, within in TILES]

    def _tile(self, name: str, title: Promise, state: State, within: int) -> Headline:
        found = self.found.sum_of(state, within)
        return Headline(
            name=name,
            title=title,
            kind=Kind.INTEGER,
            value=found.subscriptions,
            before=None,
            note=rows.licences_note(found.licences, found.in_use),
            url=rows.address_with(
                self.request, state=state.value, within="" if str(within) == LONGEST else str(within)
            ),
        )

    @property
    def tables(self) -> list[Listing]:
        """The list by SKU, country and segment."""
        found = self.found
        return groups_of(Listed(self.own, found.pieces, found.used, found.rows, found.customers), self.skus)

    @property
    def empty(self) -> dict[str, str]:
        """Nothing is at stake."""
        return {
            "title": _("Nothing is at stake"),
            "text": _("None of your subscriptions has lapsed, and none ends or renews within these days."),
            "url": rows.address_with(self.request, state=State.DEPROVISIONED.value),
            "action": _("Show deprovisioned subscriptions"),
        }

    @property
    def context(self) -> dict[str, Any]:
        """What the page says besides."""
        return {"on_the_spot": self.found.used.on_the_spot, "shared": bool((self.found.used.together > 1).any())}


class LifecyclePage(OwnAnalysisPage):
    """The page."""

    option: ClassVar[str] = "lifecycle"
    of = LifecycleAnalysis
    template = "insights/analysis/lifecycle.html"
    remembers: ClassVar[tuple[str, ...]] = (*REMEMBERED, *LifecycleAnalysis.parameters)


class LifecycleExport(OwnAnalysisExport):
    """Its list."""

    of = LifecycleAnalysis


class LifecyclePart(OwnPartExport):
    """Its other tables."""

    of = LifecycleAnalysis
