"""The outer form of a feed file: bytes to text, text to records with their physical line."""

import csv
import io
from collections.abc import Iterator


def decode(content: str | bytes) -> str:
    """feed.md, head and Form: UTF-8, with or without a byte-order mark. UnicodeDecodeError otherwise."""
    text = content.decode("utf-8") if isinstance(content, bytes) else content
    return text.removeprefix("\ufeff")


def records(text: str) -> Iterator[tuple[int, list[str]]]:
    """feed.md, Form and Loading: (physical line on which the record begins, fields).

    Quoted line breaks and CRLF are fine. A record of nothing but white space is skipped; `,,` and `""` are not such.
    """
    taken: list[str] = []

    def physical_lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    reader = csv.reader(physical_lines())
    first_line = 1
    for fields in reader:
        raw = "".join(taken)
        taken.clear()
        if raw.strip():
            yield first_line, fields
        first_line = reader.line_num + 1
