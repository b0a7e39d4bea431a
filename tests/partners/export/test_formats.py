"""One table in every format: the same rows, numbers as numbers, text as text, and a manifest that anybody can check."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import openpyxl
import pytest
from django.core.exceptions import BadRequest
from hypothesis import given
from hypothesis import strategies as st

from partners.export.formats import Form, Writing
from partners.export.manifest import Order
from partners.export.table import Column, Kind, Row, Table

COLUMNS = (
    Column("name", "Name"),
    Column("sold", "Sold", Kind.INTEGER),
    Column("usage_pct", "Usage", Kind.PERCENT),
    Column("unit_price", "Unit price", Kind.DECIMAL),
    Column("day", "Day", Kind.DAY),
    Column("at", "At", Kind.MOMENT),
    Column("auto_renew", "Renews", Kind.FLAG),
)
AT = datetime(2026, 3, 31, 10, 30, tzinfo=timezone(timedelta(hours=2)))
ROWS: list[Row] = [
    ("=cmd()", -5, 62.5, "12.50", date(2026, 3, 31), AT, True),
    ('Åse, "x" <&>', 0, None, None, "2025-01-01", None, None),
    ("+1;=2\x01", 1_234_567, 0.0, "0.00", None, AT, False),
]
ORDER = Order("ann@north.example", "North", {"country": "SE", "page": "2", "sort": "-sold", "family": ""})


def table(rows: list[Row] | Iterator[Row] = ROWS, *, size: int | None = None) -> Table:
    return Table("sold-2026", "Sold", COLUMNS, rows, size, {"as_of": "2026-03-31", "seller": "all"})


def written(form: Form, rows: list[Row] | Iterator[Row] = ROWS) -> bytes:
    return b"".join(Writing(table(rows), form, ORDER).chunks())


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def digest(rows: list[list[object]]) -> str:
    """The SHA-256 as the decision describes it, taken anew."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return hashlib.sha256(out.getvalue().encode()).hexdigest()


SEALED = [
    ["name", "sold", "usage_pct", "unit_price", "day", "at", "auto_renew"],
    ["=cmd()", "-5", "62.5", "12.50", "2026-03-31", "2026-03-31T08:30:00+00:00", "true"],
    ['Åse, "x" <&>', "0", "", "", "2025-01-01", "", ""],
    ["+1;=2\x01", "1234567", "0.0", "0.00", "", "2026-03-31T08:30:00+00:00", "false"],
]


def test_csv_has_the_exact_names_and_neutralises_formulas() -> None:
    content = written(Form.CSV)
    assert content.startswith(b"\xef\xbb\xbfname,sold,")
    assert read_csv(content) == [
        SEALED[0],
        ["'=cmd()", *SEALED[1][1:]],
        SEALED[2],
        ["'+1;'=2\x01", *SEALED[3][1:]],
    ]


def test_json_has_the_types_and_the_manifest() -> None:
    told = json.loads(written(Form.JSON))
    assert told["rows"] == [
        {
            "name": "=cmd()",
            "sold": -5,
            "usage_pct": 62.5,
            "unit_price": "12.50",
            "day": "2026-03-31",
            "at": "2026-03-31T08:30:00+00:00",
            "auto_renew": True,
        },
        {
            "name": 'Åse, "x" <&>',
            "sold": 0,
            "usage_pct": None,
            "unit_price": None,
            "day": "2025-01-01",
            "at": None,
            "auto_renew": None,
        },
        {
            "name": "+1;=2\x01",
            "sold": 1_234_567,
            "usage_pct": 0.0,
            "unit_price": "0.00",
            "day": None,
            "at": "2026-03-31T08:30:00+00:00",
            "auto_renew": False,
        },
    ]
    said = told["manifest"]
    assert datetime.now(UTC) - datetime.fromisoformat(said.pop("made_at")) < timedelta(minutes=5)
    assert said.pop("columns")[2] == {"name": "usage_pct", "heading": "Usage", "type": "percent"}
    assert said == {
        "what": "Sold",
        "made_for": "ann@north.example",
        "partner": "North",
        "as_of": "2026-03-31",
        "seller": "all",
        "filters": {"country": "SE"},
        "sort": "-sold",
        "rows": 3,
        "sha256": digest(SEALED),
    }


def test_workbook_has_numbers_days_and_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(Form.XLSX)))
    assert book.sheetnames == ["Sold", "About"]
    rows = list(book["Sold"].iter_rows())
    assert [cell.value for cell in rows[0]] == ["Name", "Sold", "Usage", "Unit price", "Day", "At", "Renews"]
    assert [cell.value for cell in rows[1]] == [
        *("=cmd()", -5, 62.5, 12.5),
        *(datetime(2026, 3, 31), datetime(2026, 3, 31, 8, 30), True),  # noqa: DTZ001  Excel knows no zones
    ]
    assert [cell.data_type for cell in rows[1]] == ["s", "n", "n", "n", "d", "d", "b"]
    assert [cell.value for cell in rows[2]][:4] == ['Åse, "x" <&>', 0, None, None]
    assert rows[3][0].value == "+1;=2\ufffd"
    about = dict(book["About"].iter_rows(values_only=True))
    assert (about["rows"], about["sha256"], about["as_of"]) == (3, digest(SEALED), "2026-03-31")
    assert (about["filter: country"], about["column: Usage"]) == ("SE", "usage_pct")


def test_zip_has_the_csv_and_its_manifest() -> None:
    with zipfile.ZipFile(io.BytesIO(written(Form.ZIP))) as packed:
        assert packed.namelist() == ["sold-2026.csv", "manifest.json"]
        assert packed.read("sold-2026.csv") == written(Form.CSV)
        assert json.loads(packed.read("manifest.json"))["sha256"] == digest(SEALED)


@pytest.mark.parametrize("form", list(Form))
def test_first_bytes_come_before_the_second_part_of_the_rows_is_read(form: Form) -> None:
    read: list[int] = []

    def rows() -> Iterator[Row]:
        for number in range(2_000):
            read.append(number)
            yield ("x" * 50, number, None, None, None, None, None)

    chunks = Writing(table(rows()), form, ORDER).chunks()
    assert len(next(chunks)) > 0
    assert len(read) <= 200
    assert len(b"".join(chunks)) > 0
    assert len(read) == 2_000


@pytest.mark.parametrize("form", list(Form))
def test_table_without_rows_is_a_file(form: Form) -> None:
    assert len(written(form, [])) > 0
    if form is Form.JSON:
        assert json.loads(written(form, []))["rows"] == []
    if form is Form.XLSX:
        assert openpyxl.load_workbook(io.BytesIO(written(form, [])))["Sold"].max_row == 1


def test_more_rows_than_a_sheet_holds_are_refused() -> None:
    with pytest.raises(BadRequest, match="1048576 rows"):
        Writing(table(size=1_048_576), Form.XLSX, ORDER)


@given(st.lists(st.tuples(st.text(max_size=20), st.integers(-(2**40), 2**40), st.floats(0, 500)), max_size=20))
def test_every_format_seals_the_same_rows(found: list[tuple[str, int, float]]) -> None:
    rows = [(text, number, round(pct, 1), None, None, None, None) for text, number, pct in found]
    sealed = [SEALED[0], *[[str(v) if v is not None else "" for v in row] for row in rows]]
    told = json.loads(written(Form.JSON, rows))
    book = openpyxl.load_workbook(io.BytesIO(written(Form.XLSX, rows)))
    assert told["manifest"]["sha256"] == digest(sealed)
    assert dict(book["About"].iter_rows(values_only=True))["sha256"] == digest(sealed)
    assert [list(row.values())[:3] for row in told["rows"]] == [list(row[:3]) for row in rows]
    shown = list(book["Sold"].iter_rows(min_row=2, max_col=3, values_only=True)) if rows else []
    assert [row[1:] for row in shown] == [row[1:3] for row in rows]
