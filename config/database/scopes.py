"""Says to PostgreSQL for whom a transaction works, before its first statement and whenever that changes inside it.

Transaction-local settings, so that nothing leaks to whoever gets the connection next, through a pooler neither. A
statement outside every transaction gets one of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import ClientCursor, Connection
from psycopg.pq import TransactionStatus

from partners.tenancy import NOBODY, Scope, current_scope

IN_TRANSACTION = (TransactionStatus.INTRANS, TransactionStatus.INERROR)
WORDS = ("everything", "signing_in", "all_sellers")


def settings_of(scope: Scope) -> str:
    """The statements that make `scope` hold until the transaction ends.

    SET and no query: it takes no snapshot, so that the transaction can still choose its isolation level.
    """
    partner = "" if scope.partner is None else str(int(scope.partner))
    words = ",".join(word for word in WORDS if getattr(scope, word))
    return f"SET LOCAL app.partner_id = '{partner}'; SET LOCAL app.scope = '{words}'"


@contextmanager
def scoped(connection: Connection[Any]) -> Iterator[None]:
    """The present scope holds for the statement inside."""
    own = _enter(connection)
    try:
        yield
    except BaseException:
        if own and connection.pgconn.transaction_status in IN_TRANSACTION:
            connection.rollback()
        raise
    if own:
        connection.commit()


def forget(connection: Connection[Any]) -> None:
    """What the transaction was told may not hold any more: a savepoint was rolled back."""
    connection.told_scope = None  # type: ignore[attr-defined]


def _enter(connection: Connection[Any]) -> bool:
    """Tell the transaction the scope, unless it knows; whether a transaction was begun for one statement only."""
    scope, status = current_scope(), connection.pgconn.transaction_status
    if status == TransactionStatus.IDLE:
        connection.told_scope = NOBODY  # type: ignore[attr-defined]
    elif status != TransactionStatus.INTRANS:
        return False
    if getattr(connection, "told_scope", None) == scope:
        return False
    own = connection.autocommit and status == TransactionStatus.IDLE
    ClientCursor(connection).execute(("BEGIN; " if own else "") + settings_of(scope))
    connection.told_scope = scope  # type: ignore[attr-defined]
    return own
