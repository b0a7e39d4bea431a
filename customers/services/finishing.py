"""What follows from the facts once a load is through, such as places of licences; an undo does it again for replayed loads."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from customers.services.allotment import allot_anew
from customers.services.lock import hold_loading
from partners.tenancy import operating

FINISH = "finish"
"""What the step is called in which it is done."""


@dataclass(frozen=True)
class Finishing:
    """A load that is through: its key, its today, and the customers (keys) whose facts it changed."""

    load: int
    today: date
    customers: Collection[int]


Finisher = Callable[[Finishing], None]


def _allot(finishing: Finishing) -> None:
    allot_anew(finishing.customers)


FINISHERS: tuple[Finisher, ...] = (_allot,)
"""All of them, in their order. Each marks the days that it makes stale, and does nothing where nothing is to be done."""

_TOUCHED = """
    SELECT DISTINCT j.customer_id
    FROM customers_loadstep s
    JOIN customers_journalentry j ON j.step = s.id
    WHERE s.load_id = %s
    ORDER BY 1
"""

# Also where nothing changed: once an earlier load is undone, the same lines may change something.
_OPEN = """
    INSERT INTO customers_loadstep (load_id, name, today, header, staged, reaches_all, alone)
    SELECT %(load)s, %(name)s, %(today)s, '{}', '{}', true, false
    WHERE EXISTS (SELECT FROM customers_loadstep WHERE load_id = %(load)s)
    RETURNING id
"""


def finish(*, load: int, today: date) -> None:
    """Do what follows from what the load (key) changed, as a step of it. Within its transaction, or in one of its own."""
    if not FINISHERS:
        return
    with operating(), transaction.atomic():
        hold_loading()
        _finish(Finishing(load, today, touched_by(load)))


def touched_by(load: int) -> list[int]:
    """The customers (keys) of whose facts the load changed anything but activity and coverage."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, [load])
        return [customer for (customer,) in cursor.fetchall()]


def _finish(finishing: Finishing) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"load": finishing.load, "name": FINISH, "today": finishing.today})
        opened = cursor.fetchone()
    if opened is not None:
        book_on(str(opened[0]))
        run_finishers(finishing)
        book_on("")


def book_on(step: str) -> None:
    """Have the journal book what follows on this step, until the transaction ends (customers/journalling.py)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.step', %s, true)", [step])


def run_finishers(finishing: Finishing) -> None:
    """Do what follows from the load, on whatever step is open."""
    if finishing.customers:
        for finisher in FINISHERS:
            finisher(finishing)
