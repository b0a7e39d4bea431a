"""What an upload holds: encodings, zips, captured answers; hostile ones get a sentence."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from customers.imports.archive import Limits
from customers.imports.reading import FileNotTakenError
from customers.imports.unpack import members
from tests.customers.imports.workbooks import packed, text_row, workbook

SMALL = Limits(total=1000, ratio=10, members=3)
UTF8 = (
    "which isn't UTF-8; expected the file in UTF-8 (Excel: save as “CSV UTF-8”), or in UTF-16 with a byte-order mark."
)
ARCHIVE = "This is an archive, or within one; expected files, or one zip of files."


def upload(folder: Path, content: bytes, name: str = "upload.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def texts(path: Path, limits: Limits | None = None) -> dict[str, str]:
    """Each member's text, or why it isn't taken."""
    found = {}
    for member in members(path, limits or Limits()):
        try:
            with member.open() as stream:
                found[member.name] = stream.read().decode()
        except FileNotTakenError as error:
            found[member.name] = str(error)
    return found


def refusal(path: Path, limits: Limits | None = None) -> str:
    """Why the upload as a whole isn't taken."""
    with pytest.raises(FileNotTakenError) as raised:
        texts(path, limits)
    return str(raised.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_with_its_byte_order_mark_is_utf8(encoding: str, tmp_path: Path) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    path = upload(tmp_path, mark + "Käufer,日本\r\n1,2\r\n".encode(encoding))
    assert texts(path) == {"upload.csv": "Käufer,日本\r\n1,2\r\n"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty; expected a header line and lines below it, or JSON."),
        (b"\xef\xbb\xbf", "The file is empty; expected a header line and lines below it, or JSON."),
        (b" \r\n\t\n", "The file is empty; expected a header line and lines below it, or JSON."),
        (b"a,b\nM\xfcller,1\n", f"Line 2 holds the byte 0xFC, {UTF8}"),
        (b"a,b\n" * 100_000 + b"\x80\n", f"Line 100001 holds the byte 0x80, {UTF8}"),
        (b"a,b\n1,\xc3", "The file ends within a character; expected text in UTF-8 to its end."),
        (b"a,b\n1,\0\n", "Line 2 holds a NUL character; expected text in UTF-8, or in UTF-16 with a byte-order mark."),
        ("a,b\n".encode("utf-16-le"), "Line 1 holds a NUL character; expected text in UTF-8, or in UTF-16 with a byte-order mark."),
        (b"\xff\xfea\x00\x00\xd8b\x00", "The file begins as UTF-16 and isn't that to its end; expected text in UTF-8."),
        ("a,b\n".encode("utf-32"), "The file is in UTF-32; expected text in UTF-8."),
        (",".join(map(str, range(10_000))).encode(), "The header line has 10000 columns or more; expected at most 1000."),
        (b"a,b\n" + b"x" * 1_000_001, "Line 2 has a million bytes or more; expected shorter lines."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "This is an Excel workbook of the old kind (.xls), or one with a password; save it as .xlsx or CSV."),
        (b"%PDF-1.7\n", "This is a PDF; expected CSV, JSON or an Excel workbook."),
        (b"\x1f\x8b\x08\x00", ARCHIVE),
        (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
        (b"Rar!\x1a\x07", ARCHIVE),
    ],
)  # fmt: skip
def test_file_that_is_no_text_is_not_taken(content: bytes, said: str, tmp_path: Path) -> None:
    assert texts(upload(tmp_path, content)) == {"upload.csv": said}


def test_json_in_one_long_line_is_taken(tmp_path: Path) -> None:
    content = b'[{"a": "' + b"x," * 1_000_000 + b'"}]'
    assert len(texts(upload(tmp_path, content))["upload.csv"]) == len(content)


def test_member_opens_any_number_of_times(tmp_path: Path) -> None:
    (member,) = members(upload(tmp_path, packed({"a.csv": b"a,b\n1,2\n"})))
    assert [member.open().read() for _ in range(2)] == [b"a,b\n1,2\n"] * 2


def test_sample_is_the_beginning(tmp_path: Path) -> None:
    (member,) = members(upload(tmp_path, "ä,b\n1,2\n".encode()), name="shown.csv")
    assert (member.sample().text, member.sample().is_whole, member.name) == ("ä,b\n1,2\n", True, "shown.csv")
    assert (member.sample(1).text, member.sample(1).is_whole) == ("", False)


def test_zip_of_files_is_each_file_and_nothing_beside(tmp_path: Path) -> None:
    content = packed(
        {
            "a/": b"",
            "a/one.csv": b"1\n",
            "a\\two.json": b"{}",
            "__MACOSX/a/._one.csv": b"\0",
            "a/.DS_Store": b"\0",
            "Thumbs.db": b"\0",
        }
    )
    assert texts(upload(tmp_path, content)) == {"a/one.csv": "1\n", "a/two.json": "{}"}


def test_stored_members_are_read(tmp_path: Path) -> None:
    content = packed({"one.csv": b"1\n", "two.csv": b"2\n"}, zipfile.ZIP_STORED)
    assert texts(upload(tmp_path, content)) == {"one.csv": "1\n", "two.csv": "2\n"}


def test_archive_in_a_zip_is_refused_where_it_stands(tmp_path: Path) -> None:
    content = packed({"in.zip": packed({"a.csv": b"1\n"}), "b.csv": b"2\n"})
    assert texts(upload(tmp_path, content)) == {"in.zip": ARCHIVE, "b.csv": "2\n"}


def patched(content: bytes, signature: bytes, place: int, replacement: bytes) -> bytes:
    """A zip in which some bytes of each header of one kind are others."""
    at = content.find(signature)
    changed = bytearray(content)
    while at >= 0:
        changed[at + place : at + place + len(replacement)] = replacement
        at = content.find(signature, at + 4)
    return bytes(changed)


LISTED, LOCAL = b"PK\x01\x02", b"PK\x03\x04"
ONE = packed({"a.csv": b"a,b\n" + b"1,2\n" * 1000})


def linked() -> bytes:
    written = io.BytesIO()
    info = zipfile.ZipInfo("link.csv")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (patched(ONE, LISTED, 8, b"\x01\x00"), "The zip is encrypted; expected one that opens without a password."),
        (packed({"../a.csv": b"1"}), "The zip names a file outside of its folder: ../a.csv; expected plain names."),
        (packed({"/a.csv": b"1"}), "The zip names a file outside of its folder: /a.csv; expected plain names."),
        (packed({"C:\\a.csv": b"1"}), "The zip names a file outside of its folder: C:\\a.csv; expected plain names."),
        (packed({"a\\..\\..\\b.csv": b"1"}), "The zip names a file outside of its folder: a\\..\\..\\b.csv; expected plain names."),
        (packed({"a\n.csv": b"1"}), "The zip names a file outside of its folder: a?.csv; expected plain names."),
        (packed({"a.csv": b"1", "A.CSV": b"2"}), "The zip holds a.csv twice; expected each file once."),
        (linked(), "The zip holds a link: link.csv; expected files."),
        (packed({"a.csv": b"1"}, zipfile.ZIP_LZMA), "a.csv is packed by a method that isn't known here; expected a zip with deflate, the usual one."),
        (packed({"a.csv": b"1"}, zipfile.ZIP_BZIP2), "a.csv is packed by a method that isn't known here; expected a zip with deflate, the usual one."),
        (packed({"a/": b""}), "The zip holds no files."),
        (packed({}), "The zip holds no files."),
        (ONE[:-30], "The zip is damaged: its list of files can't be read."),
        (ONE[:20], "The zip is damaged: its list of files can't be read."),
        (packed({str(number) * 3: b"1" for number in range(20_001)}, zipfile.ZIP_STORED), "The zip holds 20001 files; expected at most 20000."),
        (packed({f"{number:060000}": b"" for number in range(80)}, zipfile.ZIP_STORED), "The zip lists more files than can be taken; expected a smaller one."),
        (packed({"a.csv": b"0" * 60_000_000}), "The zip unpacks to more than 250 times its size, which no honest file does."),
        (patched(ONE, LISTED, 24, struct.pack("<L", 900_000_000)), "The zip unpacks to 900 megabytes; expected at most 800."),
    ],
)  # fmt: skip
def test_hostile_zip_is_not_taken(content: bytes, said: str, tmp_path: Path) -> None:
    assert refusal(upload(tmp_path, content)) == said


@pytest.mark.parametrize(
    "content",
    [
        patched(ONE, LISTED, 24, struct.pack("<L", 10)),
        patched(ONE, LISTED, 24, struct.pack("<L", 5000)),
        patched(ONE, LISTED, 16, b"\0\0\0\0"),
        patched(ONE, LOCAL, 40, b"\xff\xff\xff\xff"),
        patched(ONE, LISTED, 42, struct.pack("<L", len(ONE) - 10)),
    ],
    ids=["less", "more", "checksum", "bytes", "place"],
)
def test_member_that_is_not_what_the_list_says_is_refused(content: bytes, tmp_path: Path) -> None:
    said = "a.csv can't be unpacked: it is damaged, or isn't what the zip's list says."
    assert texts(upload(tmp_path, content)) == {"a.csv": said}


def test_limits_hold_for_plain_files_zips_and_workbooks(tmp_path: Path) -> None:
    assert refusal(upload(tmp_path, b"x" * 1001), SMALL) == "The file has 0 megabytes; expected at most 0."
    assert refusal(upload(tmp_path, packed({"a": b"x" * 600, "b": b"x" * 600})), SMALL).startswith("The zip unpacks to")
    assert (
        refusal(upload(tmp_path, packed(dict.fromkeys("abcd", b"x"))), SMALL)
        == "The zip holds 4 files; expected at most 3."
    )
    book = packed({"in.xlsx": workbook(text_row(1, *["x" * 100] * 20))})
    (said,) = texts(upload(tmp_path, book), Limits(total=2500)).values()
    assert said.startswith("The zip unpacks to")


def test_file_of_a_gigabyte_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(1_000_000_000)
    assert refusal(path) == "The file has 1000 megabytes; expected at most 800."


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\n\xef\xbb\xbfa,b\r\n1,2\r\n", "a,b\r\n1,2\r\n"),
        (b"HTTP/2 200\ncontent-type: application/json\n\n\n{}", "{}"),
        (
            b"HTTP/1.1 404 Not Found\n\nnothing",
            "The file is the service's answer 404 Not Found, which carries no data.",
        ),
        (
            b'HTTP/1.1 403 Forbidden\n\n{"error": {"code": "x", "message": "No rights."}}',
            "The file is the service's answer 403 Forbidden, which carries no data. It says: No rights.",
        ),
        (
            b"HTTP/1.1 302 Found\r\nLocation: https://x\r\n\r\n",
            "The file is the service's answer 302 Found, which carries no data.",
        ),
        (b"HTTP/1.1 200 OK\r\n\r\n", "The file is empty; expected a header line and lines below it, or JSON."),
        (
            b"GET /v1/customers HTTP/1.1\r\nHost: x\r\n\r\n",
            "The file is a request to a service; expected an answer of one, or a report.",
        ),
        (b"HTTP answers\n1\n", "HTTP answers\n1\n"),
    ],
)
def test_captured_answer_is_its_body(content: bytes, text: str, tmp_path: Path) -> None:
    assert texts(upload(tmp_path, content, "capture.http")) == {"capture.http": text}
