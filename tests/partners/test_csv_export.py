"""CSV files: harmless in a spreadsheet, and with the numbers that the screen shows."""

from __future__ import annotations

from datetime import date

import pytest

from partners.csv_export import cell, streamed_csv


def body(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_text_that_begins_like_a_formula_is_neutralised(begin: str) -> None:
    assert cell(f"{begin}1+1") == f"'{begin}1+1"


@pytest.mark.parametrize("between", [";", "; ", ';"', "\n", "\r\n", "x;\t"])
def test_formula_behind_what_parts_cells_elsewhere_is_neutralised(between: str) -> None:
    assert cell(f"a{between}=1+1") == f"a{between}'=1+1"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a=1", "a=1"),
        ("a; b, c - d", "a; b, c - d"),
        ("", ""),
        (-5, -5),
        (12.3, 12.3),
        (None, None),
        (date(2026, 3, 31), "2026-03-31"),
    ],
)
def test_other_values_stay_as_they_are(value: object, written: object) -> None:
    assert cell(value) == written


def test_file_has_byte_order_mark_header_and_rows() -> None:
    response = streamed_csv("a b.csv", ["name", "number"], [['Åse, "x"', -1], ["=cmd()", None]])
    assert body(response).decode("utf-8") == '\ufeffname,number\r\n"Åse, ""x""",-1\r\n\'=cmd(),\r\n'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="a b.csv"'
    assert response["Cache-Control"] == "private, no-store"


def test_rows_are_read_while_the_file_is_sent() -> None:
    read = []

    def rows():
        read.append(1)
        yield ["x"]

    response = streamed_csv("a.csv", ["name"], rows())
    assert read == []
    assert body(response) == "\ufeffname\r\nx\r\n".encode()
