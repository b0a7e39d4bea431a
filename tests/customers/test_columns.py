"""Columns of numbers, read from PostgreSQL and written to it by binary COPY."""

from datetime import date

import numpy as np
import pytest
from django.db import connection

from customers.columns import day_number, day_of, read_columns, write_columns

pytestmark = pytest.mark.django_db

TYPES = {"big": "int8", "whole": "int4", "small": "int2", "yes": "bool", "day": "date"}
EDGES = """
    SELECT * FROM (VALUES
        (-9223372036854775808, -2147483648, (-32768)::int2, false, DATE '0001-01-01'),
        (9223372036854775807, 2147483647, 32767::int2, true, DATE '9999-12-31'),
        (0, 0, 0::int2, false, DATE '2000-01-01')
    ) v
"""

EMPTY = f"{EDGES} LIMIT 0"


def table(rows: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE box (big int8, whole int4, small int2, yes bool, day date)")
        cursor.execute(f"INSERT INTO box {rows}")


def content(columns: dict[str, np.ndarray]) -> list[tuple]:
    return list(zip(*(column.tolist() for column in columns.values()), strict=True))


LOWEST = (-(2**63), -(2**31), -(2**15), False, day_number(date.min))
HIGHEST = (2**63 - 1, 2**31 - 1, 2**15 - 1, True, day_number(date.max))


def test_read_edges_of_every_type() -> None:
    table(EDGES)
    columns = read_columns("SELECT * FROM box ORDER BY whole", {}, TYPES)
    assert content(columns) == [LOWEST, (0, 0, 0, False, 0), HIGHEST]
    assert {name: column.dtype.name for name, column in columns.items()} == {
        "big": "int64",
        "whole": "int64",
        "small": "int64",
        "yes": "bool",
        "day": "int64",
    }


def test_read_as_wide_as_in_the_database() -> None:
    table(EDGES)
    columns = read_columns("SELECT * FROM box ORDER BY whole", {}, TYPES, narrow=True)
    assert content(columns) == [LOWEST, (0, 0, 0, False, 0), HIGHEST]
    assert [column.dtype.name for column in columns.values()] == ["int64", "int32", "int16", "bool", "int32"]


def test_read_nothing() -> None:
    columns = read_columns("SELECT 1 WHERE false", {}, {"one": "int4"})
    assert (columns["one"].tolist(), columns["one"].dtype.name) == ([], "int64")


def test_read_with_parameters_by_name_or_position() -> None:
    assert read_columns("SELECT %(n)s::int4", {"n": 7}, {"n": "int4"})["n"].tolist() == [7]
    assert read_columns("SELECT unnest(%s::int4[])", [[7, 8]], {"n": "int4"})["n"].tolist() == [7, 8]


def test_read_with_the_debug_cursor() -> None:
    connection.force_debug_cursor = True
    try:
        assert read_columns("SELECT %(n)s::int4", {"n": 7}, {"n": "int4"})["n"].tolist() == [7]
    finally:
        connection.force_debug_cursor = False


def test_read_infinity() -> None:
    assert read_columns("SELECT DATE 'infinity'", {}, {"day": "date"})["day"].tolist() == [2**31 - 1]


@pytest.mark.parametrize("number", [1, 3, 7, 14])
@pytest.mark.parametrize("kind", TYPES.values())
def test_read_refuses_nulls(kind: str, number: int) -> None:
    with pytest.raises(ValueError, match="null or of another type"):
        read_columns(f"SELECT NULL::{kind} FROM generate_series(1, {number})", {}, {"column": kind})


@pytest.mark.parametrize(
    ("stated", "value"), [("int4", "1::int8"), ("int8", "1::int4"), ("int2", "true"), ("date", "1::int2")]
)
def test_read_refuses_another_type(stated: str, value: str) -> None:
    with pytest.raises(ValueError, match="null or of another type"):
        read_columns(f"SELECT {value} FROM generate_series(1, 3)", {}, {"column": stated})


def test_written_is_read_again() -> None:
    table(EMPTY)
    rows = [LOWEST, HIGHEST, (0, 0, 0, False, 0)]
    columns = {name: np.array(values) for name, values in zip(TYPES, zip(*rows, strict=True), strict=True)}
    write_columns("box", columns, TYPES, {})
    write_columns("box", columns, TYPES, {})
    again = read_columns("SELECT * FROM box ORDER BY whole", {}, TYPES)
    assert content(again) == sorted([*rows, *rows])


def test_written_nulls_of_one_column() -> None:
    table(EMPTY)
    columns = {"whole": np.arange(5), "day": np.array([0, 2**31 - 1, 2, 2**31 - 1, 4])}
    nulls = {"day": columns["day"] == 2**31 - 1}
    write_columns("box", columns, {"whole": "int4", "day": "date"}, nulls)
    with connection.cursor() as cursor:
        cursor.execute("SELECT whole, day FROM box ORDER BY whole")
        assert cursor.fetchall() == [(0, day_of(0)), (1, None), (2, day_of(2)), (3, None), (4, day_of(4))]


def test_written_in_more_than_one_part() -> None:
    table(EMPTY)
    write_columns("box", {"whole": np.arange(100_001)}, {"whole": "int4"}, {})
    assert read_columns("SELECT count(*), sum(whole)::int8 FROM box", {}, {"n": "int8", "sum": "int8"}) == {
        "n": np.array([100_001]),
        "sum": np.array([5_000_050_000]),
    }


def test_written_nothing() -> None:
    table(EMPTY)
    write_columns("box", {"whole": np.arange(0)}, {"whole": "int4"}, {})
    assert read_columns("SELECT whole FROM box", {}, {"whole": "int4"})["whole"].tolist() == []


def test_written_nulls_of_two_columns_are_refused() -> None:
    table(EMPTY)
    columns = {"whole": np.arange(1), "small": np.arange(1)}
    nulls = dict.fromkeys(columns, np.array([True]))
    with pytest.raises(ValueError, match="Only one column may have nulls"):
        write_columns("box", columns, {"whole": "int4", "small": "int2"}, nulls)


@pytest.mark.parametrize("day", [date.min, date(1999, 12, 31), date(2000, 1, 1), date(2024, 2, 29), date.max])
def test_day_number_and_back(day: date) -> None:
    assert day_of(day_number(day)) == day
    assert day_number(day) == (day - date(2000, 1, 1)).days
