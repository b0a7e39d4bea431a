"""Uploads made to exhaust memory: each is read, or refused, within 300 MB."""

import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

from tests.customers.imports.workbooks import MAIN, text_row, workbook

MOST_MEGABYTES = 300
PIECE = 1_000_000
ALONE = "import django; django.setup(); from tests.customers.imports.reading_alone import main; main()"


def plain(path: Path, pieces: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(pieces)


def long_line(path: Path) -> None:
    plain(path, [b"a,b\n", *[b"x" * PIECE] * 80])


def open_quote(path: Path) -> None:
    plain(path, [b'Login,Licence\n"', b"x\n" * (PIECE // 5)])


def quotes(path: Path) -> None:
    plain(path, [b"Login,Licence\n", *[b'"\n' * (PIECE // 2)] * 4])


def many_columns(path: Path) -> None:
    header = ",".join(f"c{number}" for number in range(1000)).encode()
    plain(path, [header, b"\n", *[(b"," * 999 + b"\n") * 1000] * 10])


def utf16(path: Path) -> None:
    plain(path, ["\ufeffLogin,Licence\n".encode("utf-16-le"), *["日本,x\n".encode("utf-16-le") * 50_000] * 4])


def long_text_in_json(path: Path) -> None:
    plain(path, [b'{"items": [{"companyProfile": {}, "id": "', *[b"x" * PIECE] * 80, b'"}]}'])


def deep_json(path: Path) -> None:
    plain(path, [b'{"items": [{"companyProfile": ', *[b'{"a":' * (PIECE // 5)] * 40])


def many_items(path: Path) -> None:
    plain(path, [b'{"items": [{"companyProfile": {}}', *[b",1" * (PIECE // 10)], b"]}"])


def feed_lines(path: Path) -> None:
    plain(
        path, [b"customer_id,service,day\n", *[b"c0000000-0000-4000-8000-000000000001,EXO,2024-01-01\n" * 20_000] * 5]
    )


def packed_in(path: Path, name: str, pieces: Iterable[bytes], **others: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, content in others.items():
            archive.writestr(other.replace("__", "/"), content)
        with archive.open(name, "w") as file:
            for piece in pieces:
                file.write(piece)


def book_with(path: Path, part: str, pieces: Iterable[bytes]) -> None:
    """A workbook in which one part is these pieces."""
    path.write_bytes(workbook(text_row(1, "Login", "Licence")))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != part}
    packed_in(path, part, pieces, **parts)


def shared_texts(path: Path) -> None:
    texts = ("".join(f"<si><t>{first * 50_000 + n}</t></si>" for n in range(50_000)).encode() for first in range(30))
    book_with(path, "xl/sharedStrings.xml", [f'<sst xmlns="{MAIN}">'.encode(), *texts, b"</sst>"])


def long_cell(path: Path) -> None:
    begin = f'<worksheet xmlns="{MAIN}"><sheetData><row><c t="inlineStr"><is><t>'.encode()
    book_with(path, "xl/worksheets/sheet1.xml", [begin, *[b"x" * PIECE] * 45])


def long_tag(path: Path) -> None:
    book_with(path, "xl/worksheets/sheet1.xml", [b'<worksheet a="', *[b"x" * PIECE] * 45])


def deep_xml(path: Path) -> None:
    book_with(path, "xl/worksheets/sheet1.xml", [b"<a>" * (PIECE // 3)] * 45)


def many_styles(path: Path) -> None:
    pieces = [b"<styleSheet><cellXfs>", *[b'<xf numFmtId="14"/>' * 50_000] * 10]
    book_with(path, "xl/styles.xml", pieces)


def many_rows(path: Path) -> None:
    begin = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()
    rows = (b"<row><c><v>1</v></c><c><v>2</v></c></row>" * 10_000 for _ in range(5))
    book_with(path, "xl/worksheets/sheet1.xml", [begin, *rows, b"</sheetData></worksheet>"])


def bomb(path: Path) -> None:
    packed_in(path, "a.csv", [b"0" * PIECE] * 100)


UPLOADS = (
    (long_line, "Line 2 has a million bytes or more; expected shorter lines."),
    (open_quote, "0 added, "),
    (quotes, "0 added, "),
    (many_columns, "0 added, 10000 refused."),
    (utf16, "0 added, 200000 refused."),
    (long_text_in_json, "The file isn't valid JSON: "),
    (deep_json, "The file isn't valid JSON: "),
    (many_items, "0 added, "),
    (feed_lines, "100000 added, 0 refused."),
    (shared_texts, "The workbook holds more text than can be taken; save it as CSV."),
    (long_cell, "A cell of the workbook has more than 32767 characters; expected shorter ones."),
    (long_tag, "The workbook's XML has a tag of several megabytes."),
    (deep_xml, "The workbook's XML is nested too deeply."),
    (many_styles, "The workbook's XML is damaged: "),
    (many_rows, "0 added, 49999 refused."),
    (bomb, "The zip unpacks to more than 250 times its size, which no honest file does."),
)


def test_hostile_uploads_are_read_or_refused_in_little_memory(tmp_path: Path) -> None:
    paths = [str(tmp_path / build.__name__) for build, _said in UPLOADS]
    for (build, _said), path in zip(UPLOADS, paths, strict=True):
        build(Path(path))
    run = subprocess.run([sys.executable, "-c", ALONE, *paths], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    found = [line.partition(" ")[::2] for line in run.stdout.splitlines()]
    assert [said[: len(expected)] for (_megabytes, said), (_build, expected) in zip(found, UPLOADS, strict=True)] == [
        expected for _build, expected in UPLOADS
    ]
    assert int(found[-1][0]) < MOST_MEGABYTES
