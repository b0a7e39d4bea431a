"""The product as the generated tests drive it: feeds in, insight rows out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path

from django.db import connection, transaction

from customers.feed.files.order import IMPORT_FILES
from customers.feed.source import Source
from customers.models import CatalogueEpoch, Family, Load, Workload
from customers.services.feed import FeedReport, Loading, load_feed, load_file
from customers.services.finishing import finish
from insights.selectors.insight_rows import By, InsightRow, Question, Seller, insight_rows, portfolio_rows
from partners.models import Partner
from tests.naive.strategies import Switches


@contextmanager
def rolled_back() -> Iterator[None]:
    """An example of its own: whatever it writes is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def load(
    feed: Mapping[str, str | bytes], *, today: date, partner: Partner | None = None, skip_bad: bool = False
) -> FeedReport:
    """Load a feed given as file name -> content."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "feed"
        folder.mkdir()
        for file, content in feed.items():
            (folder / file).write_bytes(content.encode() if isinstance(content, str) else content)
        return load_feed(source=folder, stated_by=partner, skip_bad=skip_bad, rejected=Path(name), today=today)


def bring_in(files: Mapping[str, str], *, today: date, partner: Partner | None = None) -> dict[str, set[int]]:
    """Load files as one import, good lines of the others too; of each file that was loaded the bad lines."""
    made = Load.objects.create(kind=Load.Kind.IMPORT, stated_by=partner, source="import")
    bad: dict[str, set[int]] = {}
    for kind in IMPORT_FILES:
        if kind.name in files:
            refused: set[int] = set()
            loading = Loading(
                source=Source({kind.name: partial(BytesIO, files[kind.name].encode())}, ()),
                load=made,
                stated_by=partner,
                today=today,
                rejected=None,
                progress=lambda _name, _lines: None,
                take_bad=lambda record, refused=refused: refused.add(record.line),
            )
            if load_file(loading, kind).loaded:
                bad[kind.name] = refused
    finish(load=made.pk, today=today)
    return bad


def set_switches(switches: Switches) -> None:
    """Families on and workloads flagged, as the admin site would set them."""
    for family in Family.objects.all():
        family.in_insights = family.key in switches.families_on
        family.save()
    flagged = {code.casefold(): family for code, family in switches.flagged}
    for workload in Workload.objects.all():
        workload.unlicensed_family = Family.objects.filter(key=flagged.get(workload.key)).first()
        workload.save()
    epoch = CatalogueEpoch.objects.get()
    epoch.number += 1
    epoch.save()


def rows(partner_id: str, day: date, by: str, seller: str) -> list[InsightRow]:
    """The product's insight rows of a partner."""
    return insight_rows(Question(_partner(partner_id), day, By(by), Seller(seller)))


def totals(partner_id: str, day: date, by: str, seller: str) -> list[InsightRow]:
    """The product's portfolio rows of a partner."""
    return portfolio_rows(Question(_partner(partner_id), day, By(by), Seller(seller)))


def _partner(partner_id: str) -> Partner:
    return Partner.objects.get(partner_id=partner_id)


def check_constraints() -> None:
    """Deferred constraints, which a rolled back transaction would never check."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
