"""Reads pages and files as a person would: tables as rows of text, files as rows of cells."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

from django.http import HttpResponse, StreamingHttpResponse

_ROW = re.compile(r"<tr[^>]*>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def tables(response: HttpResponse) -> list[list[list[str]]]:
    """Each table of the page: its rows, the header first, as the text of their cells."""
    page = response.content.decode()
    found = re.findall(r"<table[^>]*>(.*?)</table>", page, re.DOTALL)
    return [[[text(cell) for cell in _CELL.findall(row)] for row in _ROW.findall(table)] for table in found]


def text(html: str) -> str:
    """What stands there, without tags, on one line."""
    return " ".join(unescape(_TAG.sub(" ", html)).split())


def lines(response: StreamingHttpResponse) -> list[dict[str, str]]:
    """The rows of a file, by its header."""
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))
