"""Counts what is sent to the database, the driver's own cursors included, which Django doesn't log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import psycopg


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements of this block, in order; transactions and what a transaction is told about its scope left out."""
    sent: list[str] = []
    execute = psycopg.Cursor.execute

    def counted(cursor: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        text = query if isinstance(query, str) else query.as_string(cursor)
        if not text.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "SET ")):
            sent.append(text)
        return execute(cursor, query, *args, **kwargs)

    with mock.patch.object(psycopg.Cursor, "execute", counted):
        yield sent
