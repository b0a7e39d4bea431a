"""Excel workbooks: what their cells mean, and which aren't taken."""

from pathlib import Path

import pytest

from customers.imports.reading import FileNotTakenError
from customers.imports.unpack import members
from tests.customers.imports.gathered import SAMPLES
from tests.customers.imports.workbooks import MAIN, packed, text_row, workbook


def texts_of(content: bytes, folder: Path) -> dict[str, str]:
    """The text of each sheet by its name; what isn't taken: the sentence."""
    path = folder / "book.xlsx"
    path.write_bytes(content)
    found = {}
    for member in members(path):
        try:
            with member.open() as stream:
                found[member.name] = stream.read().decode()
        except FileNotTakenError as error:
            found[member.name] = str(error)
    return found


def text_of(content: bytes, folder: Path) -> str:
    (text,) = texts_of(content, folder).values()
    return text


def cell(value: str, kind: str = "n", style: int = 0, place: str = "A1") -> str:
    return f'<row r="1"><c r="{place}" t="{kind}" s="{style}"><v>{value}</v></c></row>'


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (cell("46053", style=1), "2026-01-31"),
        (cell("46053.5", style=2), "2026-01-31T12:00:00"),
        (cell("59", style=1), "1900-02-28"),
        (cell("61", style=1), "1900-03-01"),
        (cell("46053", style=3), "46053"),
        (cell("46053", style=99), "46053"),
        (cell("9999999", style=1), "9999999"),
        (cell("12.0"), "12"),
        (cell("0.30000000000000004"), "0.30000000000000004"),
        (cell("1E+3"), "1000"),
        (cell("nan"), "nan"),
        (cell("1", kind="b"), "true"),
        (cell("0", kind="b"), "false"),
        (cell("#N/A", kind="e"), "#N/A"),
        (cell("2026-01-31T00:00:00", kind="d"), "2026-01-31T00:00:00"),
        (cell("1", kind="s"), "second part"),
        (cell("7", kind="s"), ""),
        (cell("=cmd|'/c calc'!A1", kind="str"), "=cmd|'/c calc'!A1"),
        (text_row(1, "a\n b\t&amp;c"), "a b &c"),
        ('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>', "2"),
    ],
)
def test_cell_shows_its_value(written: str, shown: str, tmp_path: Path) -> None:
    second = "<si><r><t>second </t></r><r><t>part</t></r><rPh><t>aloud</t></rPh></si>"
    content = workbook(
        text_row(1, "x") if not written else written + text_row(2, "end"), shared=f"<si><t>first</t></si>{second}"
    )
    assert text_of(content, tmp_path).splitlines()[0].strip('"') == shown


def test_day_counts_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    assert text_of(workbook(cell("44591", style=1), properties='date1904="1"'), tmp_path) == "2026-01-31\n"


def test_line_of_a_row_is_its_number(tmp_path: Path) -> None:
    rows = (
        text_row(1, "a", "b", "c") + text_row(2, "", "") + '<row r="5"><c r="B5"><v>7</v></c></row>' + text_row(6, "d")
    )
    assert text_of(workbook(rows), tmp_path) == "a,b,c\n\n\n\n,7,\nd,,\n"


def test_sheets_that_are_shown_and_hold_something_are_texts(tmp_path: Path) -> None:
    content = workbook(text_row(1, "a"), text_row(1, "b"), "", text_row(1, "c"), states={2: "hidden"})
    assert texts_of(content, tmp_path) == {"book.xlsx: Sheet 1": "a\n", "book.xlsx: Sheet 4": "c\n"}


def test_workbook_of_one_filled_sheet_has_its_own_name(tmp_path: Path) -> None:
    assert texts_of(workbook(text_row(1, "a"), ""), tmp_path) == {"book.xlsx": "a\n"}


def test_workbook_in_a_zip_is_read(tmp_path: Path) -> None:
    content = packed({"in/one.xlsx": workbook(text_row(1, "a")), "in/two.csv": b"b\n"})
    assert texts_of(content, tmp_path) == {"in/one.xlsx": "a\n", "in/two.csv": "b\n"}


@pytest.mark.parametrize("name", ["openpyxl.xlsx", "xlsxwriter.xlsx"])
def test_workbook_that_a_program_wrote_is_read(name: str) -> None:
    found = {}
    for member in members(SAMPLES / "workbooks" / name):
        with member.open() as stream:
            found[member.name] = stream.read().decode()
    assert found == {
        name: "User,Day,Seats,Active\ndana@x.example,2026-03-01,5,true\n\n=1+1,2026-02-28T12:30:00,0.25,false\n"
    }


DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
ENTITIES = "The workbook's XML declares a document type, as attacks by entities do; expected a plain workbook."
SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>%s</sheetData></worksheet>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (workbook(text_row(1, "a"), sheet1=DOCTYPE + SHEET % text_row(1, "&b;")), ENTITIES),
        (workbook(text_row(1, "a"), sharedStrings=DOCTYPE + "<sst/>"), ENTITIES),
        (workbook(text_row(1, "a"), workbook='<!DOCTYPE x SYSTEM "file:///etc/passwd"><workbook/>'), ENTITIES),
        (workbook(text_row(1, "a"), sheet1="<sheet><row></sheet>"), "The workbook's XML is damaged: mismatched tag."),
        (workbook(text_row(1, "a"), sheet1=SHEET % ("<a>" * 70)), "The workbook's XML is nested too deeply."),
        (workbook(text_row(1, "a") + '<row r="3"><c r="ALM3"><v>1</v></c></row>'), "The sheet has more than 1000 columns; expected fewer."),
        (workbook(text_row(1, "x" * 32_768)), "A cell of the workbook has more than 32767 characters; expected shorter ones."),
        (workbook(text_row(5, "a") + text_row(5, "b")), "The sheet's rows aren't in their order, or are more than a workbook has."),
        (workbook(text_row(1_048_577, "a")), "The sheet's rows aren't in their order, or are more than a workbook has."),
        (
            workbook('<row r="1"><c r="C1"><f>HYPERLINK(1)</f></c></row>'),
            "Cell C1 holds a formula without its result; open the workbook in its program and save it, or save as CSV.",
        ),
        (workbook(""), "The file is empty; expected a header line and lines below it, or JSON."),
        (workbook("", ""), "The workbook has no sheet that holds anything."),
        (workbook(text_row(1, "a"), workbook=""), "This is no Excel workbook (.xlsx); expected one, a CSV, a JSON or a zip of such."),
        (packed({"[Content_Types].xml": b"<Types/>"}), "The workbook lacks its part _rels/.rels."),
    ],
)  # fmt: skip
def test_workbook_that_is_hostile_or_damaged_is_not_taken(content: bytes, said: str, tmp_path: Path) -> None:
    assert text_of(content, tmp_path) == said
