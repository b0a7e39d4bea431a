"""Loads files that only importers write, in one transaction and as one load, as an import does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from io import BytesIO

from django.db import transaction

from customers.feed.files.order import IMPORT_FILES
from customers.feed.report import FileReport
from customers.feed.source import Source
from customers.models import Load
from customers.services.feed import Loading, load_file
from customers.services.finishing import finish
from partners.models import Partner
from tests.customers.feed.conftest import TODAY


def import_files(files: Mapping[str, str], *, partner: str | None = None, today: date = TODAY) -> dict[str, FileReport]:
    """What came of each file."""
    stated_by = None if partner is None else Partner.objects.get(slug=partner)
    load = Load.objects.create(kind=Load.Kind.IMPORT, stated_by=stated_by, source="import")
    openers = {name: partial(BytesIO, text.encode()) for name, text in files.items()}
    loading = Loading(
        source=Source(openers, ()),
        load=load,
        stated_by=stated_by,
        today=today,
        rejected=None,
        progress=lambda _name, _lines: None,
    )
    with transaction.atomic():
        reports = {kind.name: load_file(loading, kind) for kind in IMPORT_FILES if kind.name in files}
        finish(load=load.pk, today=today)
    assert set(reports) == set(files)
    return reports


def imported(files: Mapping[str, str], **options: object) -> dict[str, tuple[int, int, int, int, int]]:
    """How many records of each file were new, changed, unchanged, retracted and refused; all of them load."""
    reports = import_files(files, **options)
    for report in reports.values():
        assert report.loaded, [report.refusal, *map(str, report.bad)]
    counts = {name: report.counts for name, report in reports.items()}
    return {name: (c.new, c.changed, c.unchanged, c.retracted, c.refused) for name, c in counts.items()}


def faults(name: str, text: str, **options: object) -> list[str]:
    """The sentences on the bad lines of one file."""
    return [str(record) for record in import_files({name: text}, **options)[name].bad]
