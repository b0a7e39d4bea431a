"""Settles lines that contradict each other or what is stored (feed.md, "Loading": the later is bad). Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from customers.feed.faults import Fault

Objection = tuple[str, Fault]


@dataclass(frozen=True, slots=True)
class Line:
    """A good line of a group whose records can contradict each other. A retracting one has no content."""

    line: int
    key: Hashable
    content: Any


class Memory(Protocol):
    """What holds so far in a group."""

    def add(self, content: Any) -> None: ...

    def objection(self, content: Any) -> Objection | None:
        """What keeps `content` from holding too: the column and the fault."""


Replaces = Callable[[Line, Any], bool]
Stored = Sequence[tuple[Hashable, Any]]


def always(_line: Line, _content: Any) -> bool:
    """A line replaces whatever is stored for its key."""
    return True


def settle(
    lines: Sequence[Line], stored: Stored, new_memory: Callable[[], Memory], replaces: Replaces = always
) -> list[tuple[int, str, Fault]]:
    """The lines that are bad: (line, column, fault). `stored` are the keys and contents of what is stored.

    The lowest of the lines that contradict, be it an earlier line or a stored record that no good line replaces, is bad
    and counts as absent; repeated until nothing contradicts.
    """
    bad: dict[int, tuple[int, str, Fault]] = {}
    while True:
        good = sorted((line for line in lines if line.line not in bad), key=lambda line: line.line)
        effective = {line.key: line for line in good}
        replaceable = {key for key, _content in stored} | {line.key for line in good if effective[line.key] is not line}
        memory = new_memory()
        for key, content in stored:
            if key not in effective or not replaces(effective[key], content):
                memory.add(content)
        if not _lowest_bad(effective, memory, replaceable, bad):
            return list(bad.values())


def _lowest_bad(
    effective: Mapping[Hashable, Line],
    memory: Memory,
    replaceable: Collection[Hashable],
    bad: dict[int, tuple[int, str, Fault]],
) -> bool:
    """One pass; adds to `bad`. True when a line became bad whose place another line or record takes."""
    for line in sorted(effective.values(), key=lambda line: line.line):
        if line.content is None:
            continue
        objection = memory.objection(line.content)
        if objection is None:
            memory.add(line.content)
            continue
        bad[line.line] = (line.line, *objection)
        if line.key in replaceable:
            return True
    return False


@dataclass(frozen=True, slots=True)
class Span:
    """A period or relationship: first day, first day after (none: still); `foreign`: not the stater's to know."""

    first: date
    past: date | None
    foreign: bool = False


class Spans:
    """Spans of one key that must not overlap."""

    def __init__(self, *, column: str, known_as: Objection) -> None:
        self._starts: list[date] = []
        self._spans: list[Span] = []
        self._overlap = (column, Fault.OVERLAP)
        self._known_as = known_as

    def add(self, content: Span) -> None:
        place = bisect_left(self._starts, content.first)
        self._starts.insert(place, content.first)
        self._spans.insert(place, content)

    def objection(self, content: Span) -> Objection | None:
        overlapping = [span for span in self._neighbours(content) if _overlap(span, content)]
        if not overlapping:
            return None
        return self._known_as if any(span.foreign for span in overlapping) else self._overlap

    def _neighbours(self, content: Span) -> Iterable[Span]:
        place = bisect_left(self._starts, content.first)
        return self._spans[max(place - 1, 0) : place + 1]


def _overlap(one: Span, other: Span) -> bool:
    first, second = (one, other) if one.first <= other.first else (other, one)
    return first.past is None or first.past > second.first
