"""What a pull has fetched so far, kept in the database until it is imported: a worker that dies loses the page it was at."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone

from customers.connections.client import Link
from customers.connections.due import keep_claim
from customers.connections.failures import Problem, PullError
from customers.models.connection import Connection, Pull, PulledPart

PIECE = 2**20
HISTORY = timedelta(days=90)
MOST_PAGES = 20_000
MOST_LEFT_OUT = 100


class Round:
    """The running pull of a claimed connection. Every write holds the claim on, or finds that it is lost."""

    def __init__(self, claimed: Connection, pull: Pull) -> None:
        self.claimed = claimed
        self.pull = pull

    @classmethod
    def go_on(cls, claimed: Connection, today: date) -> Round:
        """Today's, where one was begun; an older one is given up: lists must be of one day."""
        with transaction.atomic():
            keep_claim(claimed)
            older = Pull.objects.filter(connection=claimed, outcome=Pull.Outcome.RUNNING).exclude(day=today)
            PulledPart.objects.filter(pull__in=older).delete()
            older.update(outcome=Pull.Outcome.GIVEN_UP, finished_at=timezone.now())
            Pull.objects.filter(connection=claimed, day__lt=today - HISTORY).delete()
            pull, _new = Pull.objects.get_or_create(
                connection=claimed, outcome=Pull.Outcome.RUNNING, defaults={"day": today}
            )
        return cls(claimed, pull)

    def plan(self, files: int) -> None:
        """Say how many files there will be."""
        self.pull.planned = files
        self.pull.save(update_fields=["planned"])

    def has(self, file: str) -> bool:
        """Whether a file is here in full, or was left out."""
        return file in self.pull.fetched

    def is_here(self, file: str) -> bool:
        """Whether there is anything of it to hand over."""
        return self._parts(file).exists()

    def links_of(self, file: str) -> list[str]:
        """Where the pages after those that are here stand, as kept; the last is the next one to fetch."""
        return list(self._parts(file).values_list("link", flat=True))

    def keep_page(self, file: str, page: dict[str, Any], following: Link | None) -> None:
        """Keep the next page of a list; without a following one the file is complete."""
        with transaction.atomic():
            keep_claim(self.claimed)
            number = self._parts(file).count()
            if number >= MOST_PAGES:
                raise PullError(Problem.TOO_LARGE)
            self._keep(file, number, json.dumps(page).encode(), kept(following))
            if following is None:
                self._complete(file)

    def keep_report(self, file: str, stream: BinaryIO) -> None:
        """Keep a report as it came."""
        with transaction.atomic():
            keep_claim(self.claimed)
            self._parts(file).delete()
            stream.seek(0)
            for number, piece in enumerate(iter(lambda: stream.read(PIECE), b"")):
                self._keep(file, number, piece, "")
            self._complete(file)

    def leave_out(self, file: str, why: str) -> None:
        """The vendor doesn't give this file; the others go on."""
        with transaction.atomic():
            keep_claim(self.claimed)
            self._parts(file).delete()
            self.pull.left_out = [*self.pull.left_out, f"{file}: {why}"[:512]][:MOST_LEFT_OUT]
            self._complete(file)

    def pages(self, file: str) -> Iterator[dict[str, Any]]:
        """The pages of a list, in order."""
        for piece in self.pieces(file):
            yield json.loads(piece)

    def pieces(self, file: str) -> Iterator[bytes]:
        """What was kept of a file, in order, one piece in memory at a time."""
        for number in range(self._parts(file).count()):
            yield zlib.decompress(self._parts(file).values_list("content", flat=True).get(number=number))

    def hold(self, longer: timedelta) -> None:
        """Hold the claim on while something long is done."""
        keep_claim(self.claimed, longer=longer)

    def end(self, *, left_out: list[str]) -> None:
        """It is imported: what was kept of it goes."""
        self.pull.left_out = [*self.pull.left_out, *(line[:512] for line in left_out)][:MOST_LEFT_OUT]
        self.pull.outcome, self.pull.finished_at = Pull.Outcome.DONE, timezone.now()
        self.pull.save(update_fields=["outcome", "finished_at", "left_out"])
        self.pull.parts.all().delete()

    def _parts(self, file: str) -> Any:
        return PulledPart.objects.filter(pull=self.pull, file=file).order_by("number")

    def _keep(self, file: str, number: int, content: bytes, link: str) -> None:
        PulledPart.objects.create(pull=self.pull, file=file, number=number, content=zlib.compress(content), link=link)

    def _complete(self, file: str) -> None:
        self.pull.fetched = [*self.pull.fetched, file]
        self.pull.save(update_fields=["fetched", "left_out"])


def kept(link: Link | None) -> str:
    """A link as it is kept; empty for none."""
    return "" if link is None else json.dumps([link.url, dict(link.headers)])


def link_of(text: str) -> Link:
    """A link that was kept."""
    url, headers = json.loads(text)
    return Link(url, headers)


def give_up(claimed: Connection) -> None:
    """Nothing comes of the running pull: the next one begins anew."""
    with transaction.atomic():
        running = Pull.objects.filter(connection=claimed, outcome=Pull.Outcome.RUNNING)
        PulledPart.objects.filter(pull__in=running).delete()
        running.update(outcome=Pull.Outcome.GIVEN_UP, finished_at=timezone.now())
