"""Goes through doors, and listens to everything that is said thereby: answer, log, mail, keys of the cache."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core import mail
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from tests import cache_keys
from tests.doors.world import Viewer

RELATIONSHIPS = "/admin/customers/relationship/"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
_RANDOM = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|"[A-Za-z0-9]{64}"|[0-9a-f]{16}|\d\d:\d\d(:\d\d)?|X-CSRFToken[^}]*'
)


@dataclass
class Answer:
    """What came back."""

    path: str
    status: int
    headers: dict[str, str]
    body: str

    @property
    def everything(self) -> str:
        """All of it, folded, in which to look for what mustn't be there."""
        return f"{self.headers}\n{self.body}".casefold()

    def difference(self, other: Answer) -> str:
        """Where the two part, apart from the addresses that were asked; empty where they don't."""
        return parting(self.bare, other.bare)

    @property
    def bare(self) -> tuple[int, str, str]:
        """What can be compared with another answer: without the address that was asked, and what is random."""
        place, text = self.headers.get("Location", ""), _RANDOM.sub("", self.body)
        return self.status, place.replace(self.path, "HERE"), text.replace(self.path, "HERE")


def parting(one: tuple[int, str, str], other: tuple[int, str, str]) -> str:
    """Where two answers part; empty where they don't."""
    a, b = str(one), str(other)
    place = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return "" if a == b else f"{a[max(0, place - 40) : place + 40]!r} / {b[max(0, place - 40) : place + 40]!r}"


class Ears(logging.Handler):
    """Hears all log records, and what the cache is asked for."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(f"{record.getMessage()} {record.__dict__.get('fields', '')} {record.exc_info or ''}")

    def told(self) -> str:
        """All that was heard, mails included."""
        mails = [f"{message.to} {message.subject} {message.body}" for message in mail.outbox]
        return "\n".join([*self.heard, *mails]).casefold()

    def forget(self) -> None:
        """Begin anew."""
        self.heard.clear()
        mail.outbox.clear()


@contextmanager
def listening() -> Iterator[Ears]:
    """Ears at the root of all loggers, and at the keys of the cache."""
    ears, make_key = Ears(), cache_keys.make_key
    logging.getLogger().addHandler(ears)

    def heard(key: str, key_prefix: str, version: int) -> str:
        ears.heard.append(f"cache {key}")
        return make_key(key, key_prefix, version)

    from django.core.cache import cache

    cache.key_func = heard
    try:
        yield ears
    finally:
        cache.key_func = make_key
        logging.getLogger().removeHandler(ears)


@dataclass
class Visitor:
    """Somebody at the doors. Whatever is done there is undone."""

    viewer: Viewer
    ears: Ears
    faults: list[str] = field(default_factory=list)
    program: bool = False
    requests: int = 0

    def __post_init__(self) -> None:
        self.client: Client = self.viewer.program() if self.program else self.viewer.client()
        self.cookies = {name: morsel.value for name, morsel in self.client.cookies.items()}

    def ask(self, method: str, path: str, data: dict[str, Any] | None = None, **headers: str) -> Answer:
        """One request; leaks and crashes are noted as faults."""
        self.ears.forget()
        self.client.cookies.clear()
        self.client.cookies.load(self.cookies)
        self.requests += 1
        with transaction.atomic():
            answer = read(path.partition("?")[0], self._send(method, path, data, headers))
            transaction.set_rollback(True)
        self._judge(f"{method} {path} {data or ''} {headers or ''}".strip(), answer)
        return answer

    def _send(self, method: str, path: str, data: dict[str, Any] | None, headers: dict[str, str]) -> HttpResponseBase:
        if method == "POST":
            return self.client.post(path, data or {}, headers=headers)
        return self.client.generic(method, path, headers=headers)

    def _judge(self, asked: str, answer: Answer) -> None:
        if answer.status >= 500:
            self.note(asked, f"crashed: {answer.status}")
        told = self.ears.told()
        once_known = self.viewer.once_known if answer.path.startswith(RELATIONSHIPS) else frozenset()
        for word in (word for word in self.viewer.forbidden - once_known if word not in asked):
            if word in answer.everything:
                place = answer.everything.index(word)
                self.note(asked, f"tells {word}: …{answer.everything[max(0, place - 60) : place + 40]!r}")
            if word in told:
                self.note(asked, f"{word} in a log line, mail or key of the cache")

    def note(self, asked: str, fault: str) -> None:
        """Something is wrong at a door."""
        self.faults.append(f"{self.viewer.name}: {asked}: {fault}")

    def expect(self, asked: str, answer: Answer, *statuses: int) -> None:
        """The answer has one of these statuses."""
        if answer.status not in statuses:
            self.note(
                asked,
                f"{answer.status} instead of {' or '.join(map(str, statuses))} {answer.headers.get('Location', '')}",
            )


def read(path: str, response: HttpResponseBase) -> Answer:
    """The whole answer, streamed ones included, and what is packed into a ZIP file or workbook."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist())
    return Answer(path, response.status_code, dict(response.headers), body.decode("utf-8", "replace"))
