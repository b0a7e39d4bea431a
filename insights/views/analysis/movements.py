"""The analysis "Movements": customers, own subscriptions and licences that are new or gone, and why; and its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.selectors.own_versions import names_of
from insights.selectors.analysis.movements import (
    SPANS,
    Balance,
    Change,
    CustomerChange,
    What,
    balances,
    customer_changes,
    licence_changes,
    subscription_changes,
)
from insights.views.analysis import own_rows as rows
from insights.views.analysis.asking import Choice
from insights.views.analysis.headline import Headline
from insights.views.analysis.listing import Listing, Record
from insights.views.analysis.own_groups import COUNTRY, SEGMENT
from insights.views.analysis.own_pages import (
    REMEMBERED,
    OwnAnalysis,
    OwnAnalysisExport,
    OwnAnalysisPage,
    OwnPartExport,
    number,
)
from insights.views.analysis.own_words import MOVED, MOVEMENT_SPANS, WHAT, WHY
from partners.export.table import Column, Kind

DAYS = "30"
LISTS = {f"{what.value}_{'new' if new else 'gone'}": (what, new) for what in What for new in (True, False)}
"""The lists, as an address names them: what is counted, and whether new."""
LIST = "licences_gone"
DAY = Column("day", gettext_lazy("Day"), Kind.DAY)
SUBSCRIPTION_COLUMNS = (
    rows.CUSTOMER_ID,
    rows.CUSTOMER,
    DAY,
    rows.SKU,
    rows.PART_NUMBER,
    Column("why", gettext_lazy("What happened (code)")),
    Column("why_name", gettext_lazy("What happened")),
    number("licences_change", gettext_lazy("Change of licences")),
    number("licences", gettext_lazy("Licences since then")),
    rows.SUBSCRIPTION_ID,
)
CUSTOMER_COLUMNS = (rows.CUSTOMER_ID, rows.CUSTOMER, DAY, COUNTRY, SEGMENT)
BALANCE_COLUMNS = (
    Column("what_name", gettext_lazy("What is counted")),
    Column("what", gettext_lazy("What is counted (code)")),
    Column("within", gettext_lazy("Within")),
    number("days", gettext_lazy("Days")),
    number("begin", gettext_lazy("Before")),
    number("new", gettext_lazy("New")),
    number("gone", gettext_lazy("Gone")),
    number("end", gettext_lazy("Now")),
    Column("since", gettext_lazy("Since"), Kind.DAY),
)


class MovementsAnalysis(OwnAnalysis):
    """`days`: how far back (1, 30, 90); `list`: which list."""

    code: ClassVar[str] = "movements"
    parameters: ClassVar[tuple[str, ...]] = ("days", "list")
    parts: ClassVar[frozenset[str]] = frozenset({"trend", "figures"})
    trend_title: ClassVar[Promise] = gettext_lazy("Licences sold by you over time")
    lines: ClassVar[Mapping[str, Promise]] = {"active": gettext_lazy("Licences")}
    trend_columns: ClassVar[tuple[Column, ...]] = (DAY, number("active", gettext_lazy("Licences")))

    @cached_property
    def days(self) -> int:
        """How far back."""
        return int(rows.one_of(self.request, "days", [str(days) for days in SPANS], DAYS))

    @cached_property
    def listed(self) -> tuple[What, bool]:
        """Which list: what is counted, and whether new."""
        return LISTS[rows.one_of(self.request, "list", LISTS, LIST)]

    @cached_property
    def balances(self) -> dict[int, list[Balance]]:
        """What came and went, by how far back."""
        return {days: balances(self.own, days=days) for days in SPANS}

    @property
    def main(self) -> Listing:
        """The list, whole."""
        what, new = self.listed
        title = str(MOVED[self.listed])
        if what is What.CUSTOMERS:
            changes = customer_changes(self.own, days=self.days, new=new)
            return Listing(
                "list", title, CUSTOMER_COLUMNS, rows.Records(changes, _customers), frozenset({"customer_id"})
            )
        found = (licence_changes if what is What.LICENCES else subscription_changes)(self.own, days=self.days, new=new)
        hidden = frozenset({"customer_id", "part_number", "why"})
        return Listing("list", title, SUBSCRIPTION_COLUMNS, rows.Records(found, self._changes), hidden)

    def _changes(self, part: Sequence[Change]) -> list[Record]:
        ids = names_of([change.subscription for change in part])
        customers = {each.id: each for each in self.own.relationships}
        return [
            {
                **rows.of_customer(customers[change.customer]),
                **self.skus.named(change.sku),
                "day": change.day,
                "subscription_id": ids[change.subscription][1],
                "why": change.why.value,
                "why_name": str(WHY[change.why]),
                "licences_change": change.licences,
                "licences": change.quantity,
            }
            for change in part
        ]

    @property
    def choices(self) -> list[Choice]:
        """How far back, and which list."""
        spans = {str(days): word for days, word in MOVEMENT_SPANS.items()}
        lists = {code: MOVED[listed] for code, listed in LISTS.items()}
        return [
            rows.choice_of(self.request, "days", _("Within"), spans, DAYS),
            rows.choice_of(self.request, "list", _("List"), lists, LIST),
        ]

    @property
    def headlines(self) -> list[Headline]:
        """What there is, with its change."""
        return [
            Headline(each.what.value, WHAT[each.what], Kind.INTEGER, each.end, each.begin)
            for each in self.balances[self.days]
        ]

    @property
    def figures(self) -> Listing:
        """What came and went within each span."""
        records = [self._balance(each) for days in SPANS for each in self.balances[days]]
        return Listing("figures", _("New and gone"), BALANCE_COLUMNS, records, frozenset({"what", "days"}))

    def _balance(self, balance: Balance) -> Record:
        def list_of(way: str, rows_of_it: int) -> str:
            code = f"{balance.what.value}_{way}"
            return rows.address_with(self.request, days=str(balance.days), list=code) if rows_of_it else ""

        return {
            "what_name": str(WHAT[balance.what]),
            "what": balance.what.value,
            "within": str(MOVEMENT_SPANS[balance.days]),
            "days": balance.days,
            "since": self.scene.day - timedelta(days=balance.days),
            "begin": balance.begin,
            "new": balance.new,
            "gone": balance.gone,
            "end": balance.end,
            "links": {"new": list_of("new", balance.new), "gone": list_of("gone", balance.gone)},
        }

    @property
    def tables(self) -> list[Listing]:
        """The figures."""
        return [self.figures]

    @property
    def empty(self) -> dict[str, str]:
        """Nothing moved."""
        return {
            "title": _("Nothing moved"),
            "text": _("Nothing of this kind happened in this time. Look further back, or at another list."),
            "url": rows.address_with(self.request, days="90"),
            "action": _("Look 90 days back"),
        }

    @property
    def context(self) -> dict[str, Any]:
        """The figures stand above the list, and the list says what its rows add up to."""
        what, new = self.listed
        balance = next(each for each in self.balances[self.days] if each.what is what)
        return {
            "groups": [],
            "figures": self.with_file(self.figures),
            "before": self.scene.day - timedelta(days=self.days),
            "what": what.value,
            "total": balance.new if new else balance.gone,
            "within": MOVEMENT_SPANS[self.days],
        }


def _customers(part: Sequence[CustomerChange]) -> list[Record]:
    return [
        {
            **rows.of_customer(change.customer),
            "day": change.day,
            "country": change.customer.country,
            "segment": change.customer.segment,
        }
        for change in part
    ]


class MovementsPage(OwnAnalysisPage):
    """The page."""

    option: ClassVar[str] = "movements"
    of = MovementsAnalysis
    template = "insights/analysis/movements.html"
    remembers: ClassVar[tuple[str, ...]] = (*REMEMBERED, *MovementsAnalysis.parameters)


class MovementsExport(OwnAnalysisExport):
    """Its list."""

    of = MovementsAnalysis


class MovementsPart(OwnPartExport):
    """Its other tables."""

    of = MovementsAnalysis
