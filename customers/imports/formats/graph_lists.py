"""Who was listed with licences: at the end either a list of everybody, or, where somebody may be missing, one of each person."""

from __future__ import annotations

import json
import tempfile
from types import TracebackType

from customers.imports.reading import Sink

# What is kept of a file in memory; the rest of it on disk.
_IN_MEMORY = 1 << 20
_AT_ONCE = 4096
_quoted = json.JSONEncoder().encode


class Lists:
    """The people of one file's lists.

    Whether the file is whole shows at its end only (a page may name the next one there, a line may be broken). A list of everybody
    with a gap would take licences away, one line for each person in a list of thousands would be a burden: so people are kept aside.
    """

    def __init__(self, sink: Sink, customer: str) -> None:
        self._sink = sink
        self._customer = customer
        self._days: dict[tuple[str, str], int] = {}
        self._waiting: list[str] = []
        self._aside = tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="ascii")  # noqa: SIM115 - closed by __exit__

    def __enter__(self) -> Lists:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._aside.close()

    def add(self, origin: int, day: str, source: str, user: str) -> None:
        """The file says what this person holds on this day."""
        if (day, source) not in self._days:
            self._days[day, source] = origin
        self._waiting.append(f"{origin} {day} {source} {_quoted(user)}\n")
        if len(self._waiting) >= _AT_ONCE:
            self._put_aside()

    def _put_aside(self) -> None:
        self._aside.write("".join(self._waiting))
        self._waiting.clear()

    def state(self, *, is_whole: bool) -> None:
        """Say whose licences the file lists. `is_whole`: everybody's, so that whoever isn't in it holds nothing."""
        if is_whole:
            for (day, source), origin in self._days.items():
                self._line(origin, day, source, "")
            return
        self._put_aside()
        self._aside.seek(0)
        for line in self._aside:
            origin, day, source, user = line.split(" ", 3)
            self._line(int(origin), day, source, json.loads(user))

    def _line(self, origin: int, day: str, source: str, user: str) -> None:
        cells = {"customer_id": self._customer, "day": day, "source": source, "user_id": user}
        self._sink.add("lists.csv", origin, **cells)
