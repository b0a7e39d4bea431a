"""An import from end to end: files are read, then loaded in one transaction, which a preview takes back."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction

from customers.imports.folder import FeedFolder, RefusedRecords
from customers.imports.reading import About
from customers.imports.report import MOST_CUSTOMERS, MOST_REFUSED, Figures, FiguresChange, ImportReport
from customers.models import Load
from customers.selectors.touched import NamedCustomer, named_for, note_state, touched_customers
from customers.selectors.vendor_names import StoredCatalogue
from customers.services.imports.delivery import Delivery
from customers.services.imports.loading import FolderLoading
from customers.services.imports.reading import read_files
from customers.services.imports.storage import working
from partners.models import AuditEntry, Staff
from partners.services.audit import record
from partners.tenancy import operating

COLLECTED = 100_000
"""So many objects more than before are there when the garbage collector looks for some that refer to each other."""

Measure = Callable[[Sequence[int], date], Mapping[int, Figures]]
"""The headline of customers (keys) as of a day, computed from the facts as the present transaction has them."""


class _TakenBackError(Exception):
    """What was loaded isn't to stay."""


def apply(*, actor: Staff | None, delivery: Delivery) -> ImportReport:
    """Bring a delivery in, all of it or nothing, as one load; with `skip_bad` all that is good. Written to the audit log.

    Whoever calls has judged that `actor` (None: a command or a connection) may import for `delivery.stated_by`.
    """
    with _read(delivery) as (folder, report), _loaded(delivery, folder, report) as load:
        taken = report.has_records and (report.faultless or delivery.skip_bad)
        if not taken:
            raise _TakenBackError
        report.applied, report.load = True, load.pk
        _record(actor, delivery, load, report)
    return report


def preview(*, delivery: Delivery, measure: Measure) -> ImportReport:
    """What would come of the delivery if its good records were brought in, and what the figures would become.

    Everything is done, and taken back.
    """
    customers: list[NamedCustomer] = []
    after: Mapping[int, Figures] = {}
    with operating(), _read(delivery) as (folder, report):
        day = _day_of(folder, delivery)
        with _loaded(delivery, folder, report, stays=False):
            customers = named_for(partner=delivery.stated_by, customers=touched_customers(), day=day)
            after = measure([customer.id for customer in customers], day)
            raise _TakenBackError
        before = measure([customer.id for customer in customers], day)
        report.day = day.isoformat()
        report.figures = _changes(customers, before, after)
    return report


@contextmanager
def _read(delivery: Delivery) -> Iterator[tuple[FeedFolder, ImportReport]]:
    """The delivery as a folder of a feed's files, for as long as the block goes on."""
    with TemporaryDirectory(dir=working()) as temporary, operating(), _collecting_seldom():
        path = Path(temporary)
        refused = RefusedRecords(delivery.rejected or path / "refused.csv", MOST_REFUSED)
        folder = FeedFolder(path, delivery.today, refused)
        report = ImportReport()
        report.files = read_files(delivery, _about(delivery), folder)
        yield folder, report


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Lines are many objects that refer to nobody in a circle: to look among them for such ones takes a fifth of the reading."""
    thresholds = gc.get_threshold()
    gc.set_threshold(COLLECTED, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


def _about(delivery: Delivery) -> About:
    return About(
        customer=delivery.customer,
        day=delivery.day or delivery.today,
        partner=None if delivery.stated_by is None else delivery.stated_by.partner_id,
        catalogue=StoredCatalogue(delivery.stated_by),
        country=delivery.country,
    )


@contextmanager
def _loaded(delivery: Delivery, folder: FeedFolder, report: ImportReport, *, stays: bool = True) -> Iterator[Load]:
    """Within a transaction in which the folder has been loaded; _TakenBackError in the block takes it back."""
    try:
        with operating(), transaction.atomic():
            note_state()
            load = Load.objects.create(
                kind=Load.Kind.IMPORT, stated_by=delivery.stated_by, source=_text(delivery.called)
            )
            FolderLoading(load, delivery, folder, report, stays).run()
            folder.refused.close()
            report.refused, report.first = folder.refused.count, folder.refused.first
            report.customers = len(touched_customers())
            for place, count in folder.refused.of_file.items():
                report.files[place].refused = count
            yield load
    except _TakenBackError:
        return


def _text(name: str) -> str:
    """A name that the database can store: bytes that are no text, and NUL, are replaced."""
    return name.encode(errors="replace").decode().replace("\0", "?")


def _day_of(folder: FeedFolder, delivery: Delivery) -> date:
    """As of when figures are shown: the latest day that the files tell of."""
    return date.fromisoformat(folder.latest) if folder.latest else delivery.today


def _changes(
    customers: Sequence[NamedCustomer], before: Mapping[int, Figures], after: Mapping[int, Figures]
) -> list[FiguresChange]:
    """What changes, the most first."""
    nothing = Figures()
    changes = [
        FiguresChange(each.customer_id, each.name, before.get(each.id, nothing), after.get(each.id, nothing))
        for each in customers
    ]
    return sorted(changes, key=lambda change: (-change.weight, change.name.casefold(), change.customer_id))[
        :MOST_CUSTOMERS
    ]


def _record(actor: Staff | None, delivery: Delivery, load: Load, report: ImportReport) -> None:
    record(
        actor=actor,
        partner=delivery.stated_by,
        kind=AuditEntry.Kind.CUSTOMER,
        action="import.apply",
        object_type="load",
        object_id=load.pk,
        after={
            "source": load.source,
            "customers": report.customers,
            **{count: report.total(count) for count in ("new", "changed", "retracted")},
            "refused": report.refused,
        },
    )
