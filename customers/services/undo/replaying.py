"""Brings in again, in their order, what came after a load that is undone: lines of loads, and changes by hand.

Works on what `reach` and `rewind` leave, only for the customers in `undo_customer`. Each change is booked on the step on which it
was, so that the next undo finds the journal as if the undone load had never been.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.backends.utils import CursorWrapper

from customers.feed.context import FileContext
from customers.feed.files.customers import CUSTOMERS
from customers.feed.files.order import FILES, IMPORT_FILES
from customers.feed.kind import FileKind
from customers.feed.lookup import first_kept_day
from customers.feed.spec import Header
from customers.feed.staging import begin, end
from customers.models import LoadStep
from customers.services.finishing import FINISH, Finishing, book_on, run_finishers, touched_by
from customers.services.undo.by_hand import repeat
from customers.services.undo.days import bring_back_people, show
from customers.services.undo.kept_lines import first_fault, stage_kept
from customers.services.undo.refusal import name_of, rests_on_it
from partners.models import Staff

KINDS = {kind.name: kind for kind in (*FILES, *IMPORT_FILES)}

_STEPS = """
    SELECT s.id
    FROM customers_loadstep s
    WHERE s.id > %(first)s AND s.load_id <> %(load)s AND (
        s.name = %(finish)s
        OR EXISTS (
            SELECT FROM customers_loadlines l
            WHERE l.step_id = s.id
              AND (l.customer_id IS NULL OR l.customer_id IN (SELECT customer_id FROM undo_customer))
        )
        OR s.name = 'activity.csv' AND EXISTS (
            SELECT FROM customers_activitystatement a
            WHERE a.load_id = s.load_id AND a.customer_id IN (SELECT customer_id FROM undo_customer)
        )
        OR s.name = 'coverage.csv' AND EXISTS (
            SELECT FROM customers_coveragestatement a
            WHERE a.load_id = s.load_id AND a.customer_id IN (SELECT customer_id FROM undo_customer)
        )
    )
"""

_CREATED = """
    SELECT customer_id
    FROM undo_hidden
    WHERE customer_id IN (SELECT customer_id FROM customers_loadlines WHERE step_id = %(step)s)
    ORDER BY 1
"""


@dataclass(frozen=True)
class Replaying:
    """An undo that replays: for whom (None: a command), which load it takes away, from which step on, for which customers."""

    cursor: CursorWrapper
    actor: Staff | None
    load: int
    first: int
    customers: Sequence[int]
    progress: Callable[[str, int], None]


def replay(replaying: Replaying) -> int:
    """Bring in again what came after the load; of how many loads. Raises UndoRefusedError where something rests on it."""
    cursor = replaying.cursor
    cursor.execute(_STEPS, {"first": replaying.first, "load": replaying.load, "finish": FINISH})
    steps = LoadStep.objects.select_related("load__stated_by").in_bulk([step for (step,) in cursor.fetchall()])
    cursor.execute("SELECT DISTINCT step FROM undo_outside")
    by_hand = {step for (step,) in cursor.fetchall()}
    loads = set()
    for number in sorted({*steps, *by_hand}):
        if number in by_hand:
            repeat(cursor, actor=replaying.actor, step=number)
            continue
        step = steps[number]
        if step.load_id not in loads:
            loads.add(step.load_id)
            replaying.progress(name_of(step.load, replaying.actor), len(loads))
        _replay_step(replaying, step)
    book_on("off")
    return len(loads)


def _replay_step(replaying: Replaying, step: LoadStep) -> None:
    book_on(str(step.pk))
    if step.name == FINISH:
        touched = set(touched_by(step.load_id)).intersection(replaying.customers)
        run_finishers(Finishing(step.load_id, step.today, sorted(touched)))
        return
    kind = KINDS[step.name]
    context = _context(replaying.cursor, step, kind)
    begin(context)
    if kind.held is None:
        bring_back_people(context, actor=replaying.actor, step=step)
    else:
        _bring_in(context, kind, step, replaying.actor)
    end(context)


def _context(cursor: CursorWrapper, step: LoadStep, kind: FileKind) -> FileContext:
    partner = step.load.stated_by
    return FileContext(
        cursor=cursor,
        load=step.load_id,
        partner=None if partner is None else partner.pk,
        partner_guid=None if partner is None else str(partner.partner_id),
        today=step.today,
        limit=first_kept_day(step.today, settings.SEATWISE_RETENTION_MONTHS),
        header=Header(tuple(step.header), {name: place for place, name in enumerate(step.header)}, ()),
        progress=lambda _lines: None,
        retractable=kind.retractable,
        reaches_all=step.reaches_all,
        step=step.pk,
        alone=step.alone,
        replays=True,
    )


def _bring_in(context: FileContext, kind: FileKind, step: LoadStep, actor: Staff | None) -> None:
    if kind is CUSTOMERS:
        for (customer,) in context.rows(_CREATED, {"step": step.pk}):
            show(context, customer)
    if not stage_kept(context, kind, step):
        return
    kind.find(context)
    fault = first_fault(context, kind)
    if fault is not None:
        raise rests_on_it(actor, step.load, fault)
    kind.merge(context)
