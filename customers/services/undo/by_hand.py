"""Does again what was changed otherwise than by a load's lines, from how the rows were afterwards."""

from __future__ import annotations

import json
from itertools import zip_longest
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from psycopg import sql

from customers.services.finishing import book_on
from customers.services.undo.reach import Journalled, journalled_tables
from customers.services.undo.refusal import rests_on_it
from partners.models import Staff

_ENTRIES = "SELECT relation, before, after FROM undo_outside WHERE step = %s ORDER BY id"

_FIND = """
    SELECT t.id FROM {table} t CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, %s::jsonb) b
    WHERE ({now}) IS NOT DISTINCT FROM ({then})
"""
_REMOVE = "DELETE FROM {table} WHERE id = %s"
_CHANGE = """
    UPDATE {table} t SET ({columns}) = (SELECT {values} FROM jsonb_populate_record(NULL::{table}, %s::jsonb) b)
    WHERE t.id = %s
"""
_ADD = "INSERT INTO {table} ({columns}) SELECT {values} FROM jsonb_populate_record(NULL::{table}, %s::jsonb) b"

Row = dict[str, Any]


def repeat(cursor: CursorWrapper, *, actor: Staff | None, step: int) -> None:
    """Do again what was changed on a step outside loads. Raises UndoRefusedError where the row isn't there any more."""
    tables = {table.table: table for table in journalled_tables(cursor)}
    book_on(f"outside:{step}")
    cursor.execute(_ENTRIES, [step])
    for relation, before, after in cursor.fetchall():
        for was, became in zip_longest(_rows(before), _rows(after)):
            _repeat_row(cursor, tables[relation], was, became, actor)


def _rows(value: Any) -> list[Row]:
    return [] if value is None else json.loads(value) if isinstance(value, str) else value


def _repeat_row(
    cursor: CursorWrapper, table: Journalled, was: Row | None, became: Row | None, actor: Staff | None
) -> None:
    stored = _find(cursor, table, was or became or {})
    if became is None:
        if stored is not None:
            cursor.execute(_sql(_REMOVE, table, []), [stored])
    elif stored is not None:
        cursor.execute(_sql(_CHANGE, table, _columns(became)), [json.dumps(became), stored])
    elif was is None:
        cursor.execute(_sql(_ADD, table, _columns(became)), [json.dumps(became)])
    else:
        raise rests_on_it(actor, None, _("what it changed would not be there."))


def _columns(row: Row) -> list[str]:
    return [column for column in row if column != "id"]


def _find(cursor: CursorWrapper, table: Journalled, row: Row) -> int | None:
    cursor.execute(_sql(_FIND, table, []), [json.dumps(row)])
    found = cursor.fetchone()
    return None if found is None else int(found[0])


def _sql(text: str, table: Journalled, columns: list[str]) -> sql.Composable:
    comma = sql.SQL(", ")
    return sql.SQL(text).format(
        table=sql.Identifier(table.table),
        columns=comma.join(sql.Identifier(column) for column in columns),
        values=comma.join(sql.Identifier("b", column) for column in columns),
        now=comma.join(sql.Identifier("t", column) for column in table.key),
        then=comma.join(sql.Identifier("b", column) for column in table.key),
    )
