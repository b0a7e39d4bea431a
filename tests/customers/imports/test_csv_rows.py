"""Rows of a vendor's CSV file, by their header."""

import io
import tracemalloc

import pytest

from customers.imports.csv_rows import LINE_LIMIT, CsvRows, header_in, plain
from customers.imports.reading import FileNotTakenError
from tests.customers.imports.gathered import Gathered


def rows_of(content: str | bytes) -> tuple[CsvRows, list[tuple[int, list[str]]], Gathered]:
    sink = Gathered()
    data = content if isinstance(content, bytes) else content.encode()
    rows = CsvRows(io.BytesIO(data))
    return rows, list(rows.whole(sink)), sink


def test_rows_know_the_line_on_which_they_begin():
    rows, found, sink = rows_of('\ufeffName,Note\r\n\r\nann,"two\r\nlines"\r\n   \r\nbob,x\r\n')
    assert rows.header == ["Name", "Note"]
    assert found == [(3, ["ann", "two\r\nlines"]), (6, ["bob", "x"])]
    assert (sink.refused, rows.broken) == ([], 0)


def test_columns_are_found_by_their_plain_names():
    rows, _found, _sink = rows_of("Is  Deleted,User Principal Name,isDeleted\n")
    assert rows.names == ["isdeleted", "userprincipalname", "isdeleted"]
    assert rows.place("isdeleted") == 0
    assert rows.place("upn", "userprincipalname") == 1
    assert rows.place("shoesize") is None


def test_rows_of_another_width_are_refused_and_counted():
    rows, found, sink = rows_of("A,B\n1,2\n1\n1,2,3\n1,2,,\n")
    assert found == [(2, ["1", "2"]), (5, ["1", "2"])]
    assert rows.broken == 2
    assert sink.refused == [
        (3, "", "", "The line has 1 cells; expected 2, as many as the header."),
        (4, "", "", "The line has 3 cells; expected 2, as many as the header."),
    ]


def test_row_with_wrong_quotes_is_refused_and_the_next_is_read():
    rows, found, sink = rows_of('A,B\n"x"y,1\nz,2\n')
    assert found == [(3, ["z", "2"])]
    assert rows.broken == 1
    assert sink.refused == [(2, "", "", "The line isn't CSV: ',' expected after '\"'. Expected pairs of quotes.")]


def test_quote_that_is_never_closed_is_refused():
    rows, found, sink = rows_of('A,B\nz,2\n"x,1\n' + "y,2\n" * 10)
    assert found == [(2, ["z", "2"])]
    assert rows.broken == 1
    assert [place for place, *_rest in sink.refused] == [3]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_is_that_of_the_header(delimiter: str):
    rows, found, _sink = rows_of(f"sep={delimiter}\nA{delimiter}B\n1{delimiter}2\n")
    assert rows.header == ["A", "B"]
    assert found == [(3, ["1", "2"])]


@pytest.mark.parametrize("content", ["", "\n  \n", "\ufeff", ",,,\n1,2,3,4\n"])
def test_file_without_a_header_is_not_taken(content: str):
    with pytest.raises(FileNotTakenError, match=r"^The file has no header line; expected the names of its columns"):
        rows_of(content)


def test_line_without_end_is_not_taken():
    with pytest.raises(FileNotTakenError, match=r"^Line 2 has a million characters or more; expected shorter lines"):
        rows_of("A,B\n" + "x" * LINE_LIMIT)


def test_bytes_that_are_no_utf8_are_not_taken():
    with pytest.raises(FileNotTakenError, match=r"^Line 1, or one soon after it, isn't UTF-8; expected text in UTF-8"):
        rows_of(b"A,B\nM\xfcller,1\n")


def test_header_in_the_beginning_of_a_text():
    assert header_in('\ufeff\n"Report Refresh Date","Is Deleted"\r\n2024') == ["reportrefreshdate", "isdeleted"]
    assert header_in("") == []
    assert header_in("sep=;\nA;B") == ["a", "b"]


def test_plain_names_are_letters_and_digits():
    assert plain(" Used  Chrome OS") == "usedchromeos"
    assert plain("Audio/Video (Windows)") == plain("audioVideoWindows") == "audiovideowindows"


def test_memory_stays_flat():
    tracemalloc.start()
    rows = CsvRows(io.BufferedReader(Endless(b"A,B\n", b"some,row\n", 200_000)))
    assert sum(1 for _row in rows.whole(Gathered())) == 200_000
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


class Endless(io.RawIOBase):
    """A head, and one piece many times, without holding them."""

    def __init__(self, head: bytes, piece: bytes, times: int, end: bytes = b"") -> None:
        super().__init__()
        self._rest = head
        self._piece = piece
        self._times = times
        self._end = end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:
        while len(self._rest) < len(buffer) and self._times:
            many = min(self._times, 1000)
            self._rest += self._piece * many
            self._times -= many
            if not self._times:
                self._rest += self._end
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size
