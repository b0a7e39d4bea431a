"""Loads a feed (feed.md): its files in their order, each in one transaction, as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.feed.claims import waiting_claims
from customers.feed.context import FileContext
from customers.feed.faults import Fault
from customers.feed.files.order import FILES
from customers.feed.kind import FileKind
from customers.feed.lookup import first_kept_day
from customers.feed.reader import CsvFile, FileRefusedError
from customers.feed.rejected import bad_records, write_rejected
from customers.feed.report import MOST_BAD_LINES, BadRecord, FeedReport, FileReport
from customers.feed.source import Source, open_source
from customers.feed.spec import read_header, shown
from customers.feed.staging import begin, end
from customers.feed.statistics import tell_of_file
from customers.feed.steps import close_step, keep_lines, open_step
from customers.models import Load, LoadedFile, Workload
from customers.services.finishing import finish
from customers.services.lock import hold_loading
from customers.services.stale import mark_stale_from
from partners.models import Partner

Progress = Callable[[str, int], None]
TakeBad = Callable[[BadRecord], None]
MOST_SERVICES = 20


class BadLinesError(Exception):
    """The file has bad lines, and nobody asked to skip them."""


@dataclass(frozen=True)
class Loading:
    """One call of `load_feed`."""

    source: Source
    load: Load
    stated_by: Partner | None
    today: date
    rejected: Path | None
    progress: Progress
    take_bad: TakeBad | None = None
    """Where bad lines go instead of a file of rejected ones, if they are skipped: each with its record."""
    stays: bool = True
    """Nothing is kept for an undo of what doesn't stay."""


def load_feed(
    *,
    source: Path,
    stated_by: Partner | None,
    skip_bad: bool = False,
    rejected: Path | None = None,
    today: date | None = None,
    progress: Progress | None = None,
) -> FeedReport:
    """Load the feed at `source`, a folder or a zip of one, with the rights of `stated_by` (nobody: the operator).

    With `skip_bad` good lines load, and bad ones are written to the folder `rejected` (default: the current one).
    `today` is today in UTC unless said otherwise; `progress` hears a file's name and the number of its lines read so
    far. Raises FeedError where there is no feed at `source`.
    """
    with open_source(source, {kind.name for kind in FILES}) as files:
        name = source.resolve().name.encode(errors="replace").decode()
        load = Load.objects.create(kind=Load.Kind.FEED, stated_by=stated_by, source=name)
        loading = Loading(
            source=files,
            load=load,
            stated_by=stated_by,
            today=today or datetime.now(tz=UTC).date(),
            rejected=(rejected or Path()) if skip_bad else None,
            progress=progress or (lambda _name, _lines: None),
        )
        report = _load_files(loading)
        finish(load=load.pk, today=loading.today)
        if stated_by is None:
            report.claims_waiting = waiting_claims(loading.today)
        Load.objects.filter(pk=load.pk).update(finished_at=timezone.now())
        return report


def _load_files(loading: Loading) -> FeedReport:
    kinds = [kind for kind in FILES if kind.name in loading.source.files]
    report = FeedReport(
        unknown_files=[shown([name]) for name in loading.source.others], names=tuple(kind.name for kind in FILES)
    )
    for place, kind in enumerate(kinds):
        file = load_file(loading, kind)
        report.files.append(file)
        if not file.loaded:
            report.not_reached = [kind.name for kind in kinds[place + 1 :]]
            break
    return report


def load_file(loading: Loading, kind: FileKind) -> FileReport:
    """Load one file, as a whole or not at all: in a transaction of its own, or within the caller's."""
    report = FileReport(kind.name)
    try:
        _check_rights(loading, kind)
        with transaction.atomic():
            _bring_in(loading, kind, report)
            report.loaded = True
            _keep_outcome(loading, report)
    except (FileRefusedError, BadLinesError) as error:
        report.loaded = False
        report.refusal = "" if isinstance(error, BadLinesError) else str(error)
        _keep_outcome(loading, report)
    return report


def _check_rights(loading: Loading, kind: FileKind) -> None:
    if kind.operator_only and loading.stated_by is not None:
        raise FileRefusedError(_("This file needs the operator's rights."))


def _keep_outcome(loading: Loading, report: FileReport) -> None:
    outcome = LoadedFile.Outcome.LOADED if report.loaded else LoadedFile.Outcome.REFUSED
    LoadedFile.objects.create(load=loading.load, name=report.name, outcome=outcome, **asdict(report.counts))


def _bring_in(loading: Loading, kind: FileKind, report: FileReport) -> None:
    with closing(CsvFile(loading.source.open(kind.name))) as file, connection.cursor() as cursor:
        context = _context(loading, kind, file, cursor)
        report.unknown_columns = tuple(shown([name]) for name in context.header.unknown)
        hold_loading()
        begin(context)
        open_step(context, kind.name)
        kind.stage(context, file, kind.columns)
        kind.find(context)
        report.counts = context.counts
        _take_bad_lines(loading, context, report)
        kind.merge(context)
        tell_of_file(context, kind.name)
        if kind.held is not None and loading.stays:
            keep_lines(context, kind.held)
        report.claims_waiting = context.claims_waiting
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        mark_stale_from(cursor, "SELECT customer_id, first, past FROM feed_stale")
        close_step(context)
        end(context)


def _context(loading: Loading, kind: FileKind, file: CsvFile, cursor: Any) -> FileContext:
    partner = loading.stated_by
    may_lack = kind.partner_may_lack if partner is not None else frozenset()
    return FileContext(
        cursor=cursor,
        load=loading.load.pk,
        partner=None if partner is None else partner.pk,
        partner_guid=None if partner is None else str(partner.partner_id),
        today=loading.today,
        limit=first_kept_day(loading.today, settings.SEATWISE_RETENTION_MONTHS),
        header=read_header(file, kind.columns, may_lack=may_lack),
        progress=lambda lines: loading.progress(kind.name, lines),
        retractable=kind.retractable,
    )


def _take_bad_lines(loading: Loading, context: FileContext, report: FileReport) -> None:
    """Report the bad lines; write them out if they are to be skipped, refuse the file if not."""
    report.counts.refused = context.value("SELECT count(*) FROM feed_bad")
    if not report.counts.refused:
        return
    expected = {Fault.UNKNOWN_SERVICE: _known_services()}
    if loading.take_bad is not None:
        with _bad_lines(None) as bad, loading.source.open(report.name) as stream:
            for record, _fields in bad_records(report.name, stream, bad, expected):
                loading.take_bad(record)
        return
    with _bad_lines(MOST_BAD_LINES) as bad, loading.source.open(report.name) as stream:
        report.bad = [record for record, _fields in bad_records(report.name, stream, bad, expected)]
    if loading.rejected is None:
        raise BadLinesError
    with _bad_lines(None) as bad, loading.source.open(report.name) as stream, loading.source.open(report.name) as again:
        path = write_rejected(loading.rejected, report.name, again, bad_records(report.name, stream, bad, expected))
    report.rejected = str(path).encode(errors="replace").decode()


def _known_services() -> str:
    codes = Workload.objects.order_by("code").values_list("code", flat=True)
    return ", ".join(codes[:MOST_SERVICES]) + (", …" if len(codes) > MOST_SERVICES else "")


@contextmanager
def _bad_lines(most: int | None) -> Iterator[Any]:
    with connection.chunked_cursor() as cursor:
        cursor.execute("SELECT line, bad_column, fault FROM feed_bad ORDER BY line LIMIT %s", [most])
        yield cursor
