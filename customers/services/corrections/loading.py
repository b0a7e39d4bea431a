"""States and retracts single records as a feed would: the same rules, the same lock, the same days made stale."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.clock import today
from customers.feed.context import FileContext
from customers.feed.faults import SENTENCES
from customers.feed.kind import FileKind
from customers.feed.lookup import first_kept_day
from customers.feed.reader import CsvFile
from customers.feed.rejected import bad_records
from customers.feed.report import shortened
from customers.feed.spec import RETRACT, read_header
from customers.feed.staging import begin, end
from customers.feed.steps import close_step, keep_lines, open_step
from customers.models import Load
from customers.services.finishing import finish
from customers.services.lock import hold_loading
from customers.services.stale import mark_stale_from
from partners.models import Partner, Staff, operates
from partners.services.corrections import Cells, CorrectionError, Fact, stater

Line = Mapping[str, str]


def new_load(*, actor: Staff, stated_by: Partner | None) -> Load:
    """The load that a correction counts as."""
    return Load.objects.create(
        kind=Load.Kind.CORRECTION,
        stated_by=stated_by,
        source=f"correction by staff {actor.pk}",
        finished_at=timezone.now(),
    )


@contextmanager
def alone() -> Iterator[None]:
    """No load runs meanwhile, nor until the transaction ends."""
    hold_loading()
    yield


class LoadedFact(Fact):
    """A record of one of the feed's files, as one source states it."""

    file: FileKind

    def alone(self):  # noqa: ANN201 - the base class says it
        """Waits for the load that is running."""
        return alone()

    def lines(self, cells: Cells) -> list[dict[str, str]]:
        """The lines of the file that say so."""
        return [{column.name: str(cells[column.name]) for column in self.file.columns}]

    def write(self, *, actor: Staff, before: Cells | None, after: Cells | None) -> None:
        """Retract what is no more, state what is."""
        retracted, stated = [], []
        if before is not None and (after is None or self.identity(before) != self.identity(after)):
            retracted = [line | {RETRACT: "true"} for line in self.lines(before)]
        if after is not None:
            stated = [line | {RETRACT: ""} for line in self.lines(after)]
        self.check(before=before, after=after)
        state(actor=actor, file=self.file, lines=retracted + stated, stated_by=stater(after or before or {}))

    def check(self, *, before: Cells | None, after: Cells | None) -> None:
        """What a correction may not do, over and above a load. Raises CorrectionError."""


def state(*, actor: Staff, file: FileKind, lines: Sequence[Line], stated_by: Partner | None) -> None:
    """Load these lines as what `stated_by` (nobody: the operator) says; the operator reaches every customer in doing so.

    Raises CorrectionError for the first bad line. The caller holds the lock of loading.
    """
    text = _as_file(file, lines)
    load = new_load(actor=actor, stated_by=stated_by)
    with closing(CsvFile(io.BytesIO(text))) as csv_file, connection.cursor() as cursor:
        context = FileContext(
            cursor=cursor,
            load=load.pk,
            partner=None if stated_by is None else stated_by.pk,
            partner_guid=None if stated_by is None else str(stated_by.partner_id),
            today=today(),
            limit=first_kept_day(today(), settings.SEATWISE_RETENTION_MONTHS),
            header=read_header(csv_file, file.columns, may_lack=frozenset()),
            progress=lambda _lines: None,
            retractable=file.retractable,
            reaches_all=operates(actor),
        )
        _bring_in(context, file, csv_file, text)
    finish(load=load.pk, today=today())


def _bring_in(context: FileContext, file: FileKind, csv_file: CsvFile, text: bytes) -> None:
    begin(context)
    open_step(context, file.name)
    file.stage(context, csv_file, file.columns)
    file.find(context)
    _refuse_bad(context, file, text)
    file.merge(context)
    if file.held is not None:
        keep_lines(context, file.held)
    context.run("SET CONSTRAINTS ALL IMMEDIATE")
    context.run("SET CONSTRAINTS ALL DEFERRED")
    mark_stale_from(context.cursor, "SELECT customer_id, first, past FROM feed_stale")
    close_step(context)
    end(context)


def _refuse_bad(context: FileContext, file: FileKind, text: bytes) -> None:
    if context.counts.skipped:
        raise CorrectionError(_("Days from before %(day)s aren't kept any more.") % {"day": context.limit})
    bad = context.rows("SELECT line, bad_column, fault FROM feed_bad ORDER BY line LIMIT 1")
    for record, _fields in bad_records(file.name, io.BytesIO(text), bad, {}):
        sentence = str(SENTENCES[record.fault]) % {"value": shortened(record.value), "expected": record.expected}
        raise CorrectionError(sentence[0].upper() + sentence[1:], record.column)


def _as_file(file: FileKind, lines: Sequence[Line]) -> bytes:
    text = io.StringIO()
    names = [column.name for column in file.columns] + ([RETRACT] if file.retractable else [])
    writer = csv.DictWriter(text, names, extrasaction="ignore", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode()
