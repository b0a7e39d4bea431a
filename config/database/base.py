"""Django's PostgreSQL backend with cursors that work within a scope (partners/tenancy.py)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from config.database.scopes import forget, scoped


class Scoped:
    """Mixed into a cursor: each statement runs in the scope of whoever calls it."""

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        with scoped(self.connection):
            result = super().execute(query, *args, **kwargs)
        if isinstance(query, str) and query.lstrip()[:8].upper() == "ROLLBACK":
            forget(self.connection)
        return result

    def executemany(self, *args: Any, **kwargs: Any) -> None:
        with scoped(self.connection):
            super().executemany(*args, **kwargs)

    @contextmanager
    def copy(self, *args: Any, **kwargs: Any) -> Iterator[psycopg.Copy]:
        with scoped(self.connection), super().copy(*args, **kwargs) as copy:
            yield copy


class ScopedCursor(Scoped, base.Cursor):
    """Django's own."""


class ScopedServerSideCursor(Scoped, base.ServerSideCursor):
    """For results that are fetched in parts."""


class ScopedBinaryCursor(Scoped, psycopg.Cursor):
    """For results in PostgreSQL's binary form."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection of the application's role."""

    def get_connection_params(self) -> dict[str, Any]:
        """Django's, with our cursor."""
        return super().get_connection_params() | {"cursor_factory": ScopedCursor}

    def create_cursor(self, name: str | None = None) -> psycopg.Cursor:
        """Django's cursor; with a name one that lives in the server, beyond its transaction where that is of its own."""
        if name is None:
            return super().create_cursor()
        return ScopedServerSideCursor(self.connection, name=name, scrollable=False, withhold=self.connection.autocommit)

    def binary_cursor(self) -> ScopedBinaryCursor:
        """A cursor of the driver's own, without Django's wrapping; `execute` takes `binary=True`."""
        self.ensure_connection()
        return ScopedBinaryCursor(self.connection)
