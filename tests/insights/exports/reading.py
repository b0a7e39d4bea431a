"""Reads files of every format back into rows of text, so that they can be compared."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from typing import Any

import openpyxl
from django.test import Client

Rows = list[dict[str, str]]


def fetched(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def csv_rows(content: bytes) -> Rows:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def json_rows(content: bytes) -> Rows:
    return [{name: plain(value) for name, value in row.items()} for row in json.loads(content)["rows"]]


def xlsx_rows(content: bytes) -> Rows:
    """By the exact names, which the second sheet has beside the headings."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    about = list(book["About"].iter_rows(values_only=True))
    names = [name for said, name in about if str(said).startswith("column: ")]
    sheet = book.worksheets[0].iter_rows(min_row=2, values_only=True)
    return [dict(zip(names, map(plain, row), strict=True)) for row in sheet]


def seals(csv_zip: dict[str, Any], json_file: bytes, xlsx_file: bytes) -> set[tuple[int, str]]:
    """Number of rows and SHA-256, as each file has them."""
    book = dict(openpyxl.load_workbook(io.BytesIO(xlsx_file))["About"].iter_rows(values_only=True))
    return {(said["rows"], said["sha256"]) for said in (csv_zip, json.loads(json_file)["manifest"], book)}


def plain(value: object) -> str:
    """As the CSV file writes it, but for what is neutralised."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return f"{value:.1f}"
    return str(value)
