"""A feed's own files among the vendor's: recognised by their header, and passed through."""

import pytest

from customers.feed.files.order import FILES
from customers.imports.formats.feed_files import FEED_FILES
from tests.customers.imports.gathered import about, read

KINDS = {kind.name: kind for kind in FILES}


def test_files_are_those_of_a_feed() -> None:
    stated = {
        file.name: (set(file.needed) | set(file.partner), set(file.optional))
        for file in FEED_FILES
        if file.name in KINDS
    }
    assert stated == {
        name: (
            {column.name for column in kind.columns if not column.optional},
            {column.name for column in kind.columns if column.optional},
        )
        for name, kind in KINDS.items()
    }
    assert {file.name: set(file.partner) for file in FEED_FILES if file.partner} == {
        name: set(kind.partner_may_lack) for name, kind in KINDS.items() if kind.partner_may_lack
    }


@pytest.mark.parametrize("file", FEED_FILES, ids=lambda file: file.name)
def test_file_is_passed_through_with_the_columns_it_has(file) -> None:
    columns = (*file.needed, *file.optional[:1])
    header = ",".join(["Remarks", *(column.upper() for column in columns), "RETRACT"])
    values = [f"v{place}" for place in range(len(columns))]
    found = read(f"\ufeff{header}\r\nx,{','.join(values)} ,\r\n", about(customer=None, partner=None))
    assert found.code == "feed"
    assert found.lines == [" ".join([file.name, "2", *cells_of(columns, values), "retract="])]


def cells_of(columns, values):
    return [f"{column}={value}" for column, value in zip(columns, values, strict=True) if column != "customer_id"]


def test_column_twice_is_bad_as_a_whole() -> None:
    found = read("customer_id,service,day,Day\na,b,c,d\n")
    assert found.not_taken == "The header line names a column twice: day; expected each once."


def test_header_of_no_file_is_not_a_feeds() -> None:
    assert read("customer_id,day\na,b\n").code == ""
