"""Captured HTTP: the body of an answer, taken out of its status line and headers; a refusal is told in its own words."""

from __future__ import annotations

import json
import re
from contextlib import suppress

from django.utils.translation import gettext as _

from customers.imports.reading import FileNotTakenError
from customers.imports.streams import Chunks

_STATUS = re.compile(rb"HTTP/[0-9.]+ +([0-9]{3})([^\r\n]*)\r?\n")
_REQUEST = re.compile(rb"(GET|POST|PUT|PATCH|DELETE|HEAD) \S+ HTTP/[0-9.]+\s*\r?\n")
_HEADER = re.compile(rb"[A-Za-z0-9-]+:[^\r\n]*(\r?\n|$)|[ \t]*(\r?\n|$)")
_MOST_HEAD = 1 << 16
_MOST_SAID = 300
# What the vendor's services call the sentence of a refusal.
_SAID = ("message", "description", "error_description", "error")


def unwrapped(chunks: Chunks) -> Chunks:
    """The file, or the body of the answer that it is. Raises FileNotTakenError: a request, or an answer other than 2xx."""
    head = b""
    for piece in chunks:
        head += piece
        if len(head) >= _MOST_HEAD or not _may_be_http(head):
            break
    yield _body(head)
    yield from chunks


def _may_be_http(head: bytes) -> bool:
    return head.startswith(b"HTTP/"[: len(head)]) or _REQUEST.match(head) is not None


def _body(head: bytes) -> bytes:
    """What follows the headers. Raises FileNotTakenError where that is no answer to take."""
    if _REQUEST.match(head):
        raise FileNotTakenError(_("The file is a request to a service; expected an answer of one, or a report."))
    status = _STATUS.match(head)
    if status is None:
        return head
    body = _behind_headers(head, status.end())
    code = int(status[1])
    if not 200 <= code < 300:
        raise FileNotTakenError(_refused(code, status[2].decode(errors="replace").strip(), body))
    return body


def _behind_headers(head: bytes, place: int) -> bytes:
    # Some captures have empty lines between the headers: the body begins with what is neither.
    while place < len(head) and (header := _HEADER.match(head, place)):
        place = header.end()
    return head[place:].removeprefix(b"\xef\xbb\xbf")


def _refused(code: int, phrase: str, body: bytes) -> str:
    said = sentence_in(body)
    answer = f"{code} {phrase}".strip()
    if not said:
        return _("The file is the service's answer %(answer)s, which carries no data.") % {"answer": answer}
    return _("The file is the service's answer %(answer)s, which carries no data. It says: %(said)s") % {
        "answer": answer,
        "said": said,
    }


def sentence_in(body: bytes) -> str:
    """What the JSON of an error says in words; nothing where it says nothing."""
    with suppress(ValueError, RecursionError):
        return sentence_of(json.loads(body))
    return ""


def sentence_of(said: object) -> str:
    """What an error says in words, be it the sentence or an object around it."""
    if isinstance(said, str):
        return said[:_MOST_SAID]
    if isinstance(said, dict):
        words = (sentence_of(said[name]) for name in _SAID if name in said)
        return next((word for word in words if word), "")
    return ""
