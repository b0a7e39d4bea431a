"""Query results as columns of numbers, and columns of numbers as rows: in PostgreSQL's binary forms, without a detour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from django.db import connection

_EPOCH = date(2000, 1, 1).toordinal()
_HEADER_BYTES = 20  # of an array of one dimension
_WIDTHS = {"int8": 8, "int4": 4, "int2": 2, "bool": 1, "date": 4}
_DTYPES = {"int8": ">i8", "int4": ">i4", "int2": ">i2", "bool": "u1", "date": ">i4"}

Columns = dict[str, np.ndarray]


def day_number(day: date) -> int:
    """A day as PostgreSQL counts it: days since 2000-01-01."""
    return day.toordinal() - _EPOCH


def day_of(number: int) -> date:
    """The day that `day_number` gave this number."""
    return date.fromordinal(number + _EPOCH)


def array_literal(keys: Sequence[int]) -> str:
    """Keys as a parameter of `= ANY(...)`: for thousands of them the driver's own way takes as long as the query."""
    return f"{{{','.join(map(str, keys))}}}"


def read_columns(
    query: str, params: Sequence[Any] | Mapping[str, Any], types: Mapping[str, str], *, narrow: bool = False
) -> Columns:
    """The rows of `query` as one array a column.

    `types` names each column of the query in order, with its PostgreSQL type (int8, int4, int2, bool or date); none may
    be null. Numbers come as int64, or `narrow` as wide as in the database; bool as bool, a date as `day_number` (infinity:
    2**31 - 1).

    Each column comes as one array value in PostgreSQL's binary form: a row at a time, the driver would take as long as
    the whole computation.
    """
    names = [f'"{name}"' for name in types]
    arrays = ", ".join(f"array_agg({name})" for name in names)
    statement = f"SELECT {arrays} FROM ({query}) AS t ({', '.join(names)})"  # noqa: S608  the caller's own constants
    with connection.binary_cursor() as cursor, connection.wrap_database_errors:
        cursor.execute(statement, params, binary=True)
        result = cursor.pgresult
        values = [result.get_value(0, place) for place in range(len(types))] if result else []
    decoded = zip(types.items(), values, strict=True)
    return {name: _decode(name, kind, value, narrow=narrow) for (name, kind), value in decoded}


def _decode(name: str, kind: str, value: bytes | None, *, narrow: bool) -> np.ndarray:
    """An array value: its header (dimensions, whether any is null, ...), then each element behind its length."""
    wide = np.dtype(bool if kind == "bool" else np.int64)
    wanted = np.dtype(_DTYPES[kind]).newbyteorder("=") if narrow and kind != "bool" else wide
    if value is None:
        return np.zeros(0, dtype=wanted)
    _dimensions, has_null, _type, rows, _first = np.frombuffer(value, dtype=">i4", count=5)
    layout = np.dtype([("length", ">i4"), ("value", _DTYPES[kind])])
    if has_null or len(value) != _HEADER_BYTES + rows * layout.itemsize:
        raise ValueError(f"Column {name} is null or of another type than {kind}.")
    return np.frombuffer(value, dtype=layout, offset=_HEADER_BYTES)["value"].astype(wanted)


def write_columns(table: str, columns: Columns, types: Mapping[str, str], nulls: Mapping[str, np.ndarray]) -> None:
    """Append rows to `table`, a temporary one, by binary COPY, which row-level security keeps out of all others.

    `nulls` says for a column in which rows it is null. Names of table and columns are the caller's own constants.
    """
    rows = len(next(iter(columns.values())))
    names = ", ".join(types)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        for first in range(0, rows, 50_000):
            part = slice(first, first + 50_000)
            copy.write(_encode({name: columns[name][part] for name in types}, types, _part(nulls, part)))
        copy.write(b"\xff\xff")


def _part(nulls: Mapping[str, np.ndarray], part: slice) -> dict[str, np.ndarray]:
    return {name: mask[part] for name, mask in nulls.items()}


def _encode(columns: Columns, types: Mapping[str, str], nulls: Mapping[str, np.ndarray]) -> bytes:
    if len(nulls) > 1:
        raise ValueError("Only one column may have nulls.")
    rows = len(next(iter(columns.values())))
    empty = next(iter(nulls.values()), np.zeros(rows, dtype=bool))
    whole = _encode_rows(columns, types, ~empty, None)
    return whole + _encode_rows(columns, types, empty, next(iter(nulls), None))


def _encode_rows(columns: Columns, types: Mapping[str, str], chosen: np.ndarray, null: str | None) -> bytes:
    fields: list[tuple[str, str]] = [("_fields", ">i2")]
    for name, kind in types.items():
        fields.append((f"_length_{name}", ">i4"))
        if name != null:
            fields.append((name, _DTYPES[kind]))
    table = np.empty(int(chosen.sum()), dtype=np.dtype(fields))
    table["_fields"] = len(types)
    for name, kind in types.items():
        table[f"_length_{name}"] = -1 if name == null else _WIDTHS[kind]
        if name != null:
            table[name] = columns[name][chosen]
    return table.tobytes()
