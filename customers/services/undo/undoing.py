"""Undoes one load: afterwards the facts are as if it had never been, and all other loads as they were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.bits.undo import ACTIVITY, COVERAGE, Stating, take_back
from customers.models import Load, LoadStep
from customers.references import CHECK_CUSTOMERS
from customers.services.finishing import book_on
from customers.services.lock import hold_loading
from customers.services.stale import mark_stale_from
from customers.services.undo.changes import compare, remember
from customers.services.undo.reach import reach
from customers.services.undo.refusal import UndoRefusedError
from customers.services.undo.replaying import Replaying, replay
from customers.services.undo.rewinding import rewind
from customers.services.undo.vanishing import vanish
from partners.models import AuditEntry, Staff, operates
from partners.permissions import Action
from partners.services.audit import record
from partners.tenancy import operating

KEPT_DAYS = 90
"""For so many days what an undo needs is kept."""
UNDOABLE = frozenset({Load.Kind.FEED, Load.Kind.IMPORT})
"""The kinds of loads that can be undone; a correction is undone by its entry in the audit log."""

Progress = Callable[[str, int], None]

_LATER = """
    SELECT load_id, coalesce(l.stated_by_id, 0)
    FROM customers_loadstep s
    JOIN customers_load l ON l.id = s.load_id
    WHERE s.name = %(name)s AND s.load_id <> %(load)s
    GROUP BY load_id, l.stated_by_id
    HAVING min(s.id) > %(first)s
    ORDER BY min(s.id)
"""


@dataclass(frozen=True)
class UndoReport:
    """What an undo did: of how many customers the facts were looked at, how many are unknown again, loads replayed."""

    customers: int
    vanished: int
    replayed: int


def may_undo(*, actor: Staff, load: Load) -> bool:
    """Whether this person could undo the load: by rights, and because it is of a kind and an age that can be undone."""
    return _has_right(actor, load) and objection(load) is None


def undo(*, actor: Staff | None, load: Load, reason: str = "", progress: Progress | None = None) -> UndoReport:
    """Undo the load within 90 days, as a whole or not at all; `actor` None: a command of the operator.

    `progress` hears what each later load that is replayed may be called to `actor`, and how many they are so far. Raises PermissionDenied,
    and UndoRefusedError where it can't be undone, such as because a later load rests on it.
    """
    if actor is not None and not _has_right(actor, load):
        raise PermissionDenied(_("Only those who may import data for the partner can undo its loads."))
    with operating(), transaction.atomic():
        hold_loading()
        locked = Load.objects.select_for_update(of=("self",)).get(pk=load.pk)
        refusal = objection(locked)
        if refusal is not None:
            raise UndoRefusedError(refusal)
        with connection.cursor() as cursor:
            book_on("off")
            report = _undo(cursor, actor, locked, progress or (lambda _name, _count: None))
            book_on("")
        locked.undone_at, locked.undone_by = timezone.now(), actor
        locked.save(update_fields=["undone_at", "undone_by"])
        _write_down(actor, locked, reason, report)
    load.undone_at, load.undone_by = locked.undone_at, actor
    return report


def _has_right(actor: Staff, load: Load) -> bool:
    if operates(actor):
        return True
    return actor.may(Action.CORRECT_FACTS) and actor.partner_id is not None and load.stated_by_id == actor.partner_id


def objection(load: Load) -> str | None:
    """Why this load can't be undone, whatever others did since; None: nothing is in the way. Only as the operator."""
    if load.undone_at is not None:
        return _("This load has been undone already.")
    if load.kind not in UNDOABLE:
        return _("Only feeds and imports can be undone; a correction is undone in the audit log.")
    if load.started_at < timezone.now() - timedelta(days=KEPT_DAYS):
        return _("This load is older than %(days)d days; what its undoing needs isn't kept any longer.") % {
            "days": KEPT_DAYS
        }
    if not LoadStep.objects.filter(load=load).exists():
        return _("This load brought in nothing that can be undone.")
    return None


def _undo(cursor: CursorWrapper, actor: Staff | None, load: Load, progress: Progress) -> UndoReport:
    steps = sorted(LoadStep.objects.filter(load=load).values_list("pk", flat=True))
    customers = reach(cursor, steps=steps)
    remember(cursor)
    _take_back_days(cursor, load)
    rewind(cursor, first=steps[0])
    replayed = replay(Replaying(cursor, actor, load.pk, steps[0], customers, progress))
    compare(cursor)
    LoadStep.objects.filter(load=load).delete()
    vanished = vanish(cursor)
    cursor.execute(CHECK_CUSTOMERS, {"customers": customers})
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    known = "SELECT s.* FROM undo_stale s WHERE s.customer_id IN (SELECT id FROM customers_customer)"
    mark_stale_from(cursor, known)
    return UndoReport(len(customers), vanished, replayed)


def _take_back_days(cursor: CursorWrapper, load: Load) -> None:
    undone = Stating(load.pk, load.stated_by_id or 0)
    for name, days in (("activity.csv", ACTIVITY), ("coverage.csv", COVERAGE)):
        steps = LoadStep.objects.filter(load=load, name=name).order_by("pk").values_list("pk", flat=True)
        if steps:
            cursor.execute(_LATER, {"name": name, "load": load.pk, "first": steps[0]})
            take_back(cursor, days, undone=undone, later=[Stating(*row) for row in cursor.fetchall()])


def _write_down(actor: Staff | None, load: Load, reason: str, report: UndoReport) -> None:
    """To a partner the counts would tell of others: whether they know a customer, too, and whether an id is theirs as well."""
    counted = {"customers": report.customers, "vanished": report.vanished}
    record(
        actor=actor,
        partner=load.stated_by,
        kind=AuditEntry.Kind.CUSTOMER,
        action="load.undo",
        object_type="load",
        object_id=load.pk,
        reason=reason.strip(),
        before={"source": load.source, "started_at": load.started_at.isoformat()},
        after=counted if load.stated_by_id is None else None,
    )
