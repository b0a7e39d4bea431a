"""What a vendor reported of a customer, beside our figure of the same thing as of the same day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from customers.models import Family, Reported, SeenList, Sku, Workload
from customers.selectors.customers import Reach
from insights.engine.rows import ALL
from insights.evidence import Cause, Compared, likely_causes
from insights.metrics import COUNTS, percentage, with_measured
from insights.selectors.figures import figures_of_sellers

KEPT_DAYS = 92
"""A percentage that is older than so many days as of the page's day is no evidence for it any more."""
MOST = 100


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reported percentage and what is known of the same here; `compared` None: nothing as of that day."""

    reported: Reported
    name: str
    """The SKU's or family's name here, else what the vendor calls it."""
    workload: str
    """The workload's name here, else the vendor's code; empty: none was named."""
    theirs_pct: float | None
    compared: Compared | None
    causes: list[Cause]


def evidence(*, user: Any, reach: Reach, day: date) -> list[Evidence]:
    """The latest percentage of each kind that the person's partner delivered, up to `day`; by name and workload.

    One query where there is none. Days that no confirmed relationship covers aren't compared.
    """
    latest = _latest(user, reach.customer.id, day)
    if not latest:
        return []
    words = _Words(latest)
    concealed = _conceals(user, reach.customer.id)
    rows = {
        on: _Rows(reach.customer.id, on, user.partner_id) for on in {each.day for each in latest} if reach.covers(on)
    }
    found = [_evidence(each, words, rows.get(each.day), concealed=concealed) for each in latest]
    return sorted(found, key=lambda each: (each.reported.metric, each.name.casefold(), each.workload.casefold()))


def _latest(user: Any, customer: int, day: date) -> list[Reported]:
    since = day - timedelta(days=KEPT_DAYS)
    known = Reported.objects.visible_to(user).filter(customer=customer, day__range=(since, day))
    key = ("metric", "service", "workload", "sku_id", "product_name", "channel")
    return list(known.order_by(*key, "-day").distinct(*key)[:MOST])


def _conceals(user: Any, customer: int) -> bool:
    return SeenList.objects.visible_to(user).filter(customer=customer, source="report_concealed").exists()


class _Words:
    """What the vendor's codes are here."""

    def __init__(self, reported: Iterable[Reported]) -> None:
        reported = list(reported)
        self.families = {family.key: family for family in Family.objects.all()}
        self.workloads = {workload.key: workload for workload in Workload.objects.all()}
        named = {each.sku_id for each in reported if each.sku_id}
        self.skus = {sku.sku_id: sku for sku in Sku.objects.filter(sku_id__in=named)}

    def row(self, each: Reported) -> tuple[int, int, int] | None:
        """Keys of the row that is about the same: family, SKU, workload; None: it isn't known here."""
        sku, family = self.skus.get(each.sku_id), self.families.get(each.service)
        workload = self.workloads.get(each.workload)
        if (each.sku_id and sku is None) or (sku is None and family is None) or (each.workload and workload is None):
            return None
        return sku.family_id if sku else family.pk, sku.pk if sku else ALL, workload.pk if workload else ALL

    def name(self, each: Reported) -> str:
        sku, family = self.skus.get(each.sku_id), self.families.get(each.service)
        return sku.name if sku else each.product_name or (family.name if family else each.service)

    def workload(self, each: Reported) -> str:
        known = self.workloads.get(each.workload)
        return known.name if known else each.workload


class _Rows:
    """Our rows of one day: of all sellers, and of the partner itself."""

    def __init__(self, customer: int, day: date, partner: int) -> None:
        self._partner = partner
        self._table = figures_of_sellers(customers=[customer], day=day, sellers=[ALL, partner])

    def counts(self, key: tuple[int, int, int], *, own: bool) -> dict[str, int] | None:
        wanted = (self._partner if own else ALL, *key)
        columns = zip(("seller", "family", "sku", "workload"), wanted, strict=True)
        places = np.flatnonzero(np.logical_and.reduce([self._table[name] == value for name, value in columns]))
        if not len(places):
            return None
        row = self._table[places[0]]
        covered_days = int(row["covered_days"])
        counts = with_measured({name: int(row[name]) for name in COUNTS}, covered_days=covered_days)
        return counts | {"covered_days": covered_days}


def _evidence(each: Reported, words: _Words, rows: _Rows | None, *, concealed: bool) -> Evidence:
    key = words.row(each)
    ours = rows.counts(key, own=False) if rows and key else None
    compared = None
    if rows and key and ours:
        compared = Compared(
            metric=each.metric,
            numerator=each.numerator,
            denominator=each.denominator,
            percent=None if each.percent is None else float(each.percent),
            channel=each.channel,
            ours=ours,
            own=rows.counts(key, own=True),
            concealed=concealed,
        )
    return Evidence(
        reported=each,
        name=words.name(each),
        workload=words.workload(each),
        theirs_pct=percentage(each.numerator, each.denominator),
        compared=compared,
        causes=likely_causes(compared) if compared else [],
    )
