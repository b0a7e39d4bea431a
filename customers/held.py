"""Which of several statements on who holds a licence of an SKU holds on which day. Pure: columns of numbers, no ORM.

Statements are single ones with their days (holdings.csv), or come from series of lists: a source as one stater saw it
again and again. Of the lists of all staters the latest one holds, until there is a later one: the same list delivered by
two partners counts once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

import numpy as np

FOR_EVER = 2**31 - 1
"""The first day after what has no end; as PostgreSQL's `infinity` reads among day numbers."""


class Source(StrEnum):
    """How it is known who holds what."""

    STATED = "stated"
    """With its days."""
    DIRECTORY = "directory"
    """A list of the tenant's users and their licences."""
    REPORT = "report"
    """A list in a usage report, with real names."""
    REPORT_CONCEALED = "report_concealed"
    """The same with pseudonyms in place of names."""


SOURCES = tuple(Source)
OPERATOR = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """A list: its day (a number), where it is from, who delivered it (0: the operator), and of whom it is (None: all)."""

    day: int
    source: Source
    stater: int
    person: int | None = None


EVERYBODY = -1


class Lists(NamedTuple):
    """Lists as arrays of equal length: what `Seen` has, `source` as place in SOURCES, `person` of a whole list EVERYBODY."""

    day: np.ndarray
    source: np.ndarray
    stater: np.ndarray
    person: np.ndarray

    def where(self, chosen: np.ndarray | slice) -> Lists:
        """The chosen ones (a mask, or indices)."""
        return Lists(*(column[chosen] for column in self))

    def seen(self) -> list[Seen]:
        """The same one by one."""
        rows = zip(*(column.tolist() for column in self), strict=True)
        return [
            Seen(day, SOURCES[source], stater, None if person == EVERYBODY else person)
            for day, source, stater, person in rows
        ]


class Run(NamedTuple):
    """From `first` on and before `past` the lists of this series hold."""

    source: Source
    stater: int
    first: int
    past: int


class Held(NamedTuple):
    """Who holds which SKU from when to when: arrays of equal length. No two of a person and SKU overlap.

    `source` (place in SOURCES) and `stater` say which statement it was.
    """

    sku: np.ndarray
    person: np.ndarray
    state: np.ndarray
    source: np.ndarray
    stater: np.ndarray
    first: np.ndarray
    past: np.ndarray

    def where(self, chosen: np.ndarray | slice) -> Held:
        """The chosen ones (a mask, indices, or a slice)."""
        return Held(*(column[chosen] for column in self))


def runs(lists: Iterable[Seen]) -> list[Run]:
    """Which series holds when, for somebody of whom these are the lists: those of everybody, and his or her own.

    While the customer's reports conceal names the concealed ones hold: only with them can usage be told. Otherwise the
    directory, and reports only as long as there is no directory.
    """
    latest: dict[Source, int] = {}
    concealed = False
    found: list[tuple[int, Source, int]] = []
    for day, group in groupby(sorted(lists, key=_weight), key=lambda seen: seen.day):
        seen_today = list(group)
        for seen in seen_today:
            latest[seen.source] = seen.stater
        reports = {seen.source for seen in seen_today} - {Source.DIRECTORY}
        concealed = Source.REPORT_CONCEALED in reports if reports else concealed
        source = _holding_source(latest, concealed=concealed)
        if not found or found[-1][1:] != (source, latest[source]):
            found.append((day, source, latest[source]))
    ends = [*(day for day, _source, _stater in found[1:]), FOR_EVER]
    return [Run(source, stater, day, past) for (day, source, stater), past in zip(found, ends, strict=False)]


def _weight(seen: Seen) -> tuple[int, bool, bool, int]:
    """By day; of one day a list of one's own comes last and so holds, before it the operator's, then the older partner's."""
    return (seen.day, seen.person is not None, seen.stater == OPERATOR, -seen.stater)


def _holding_source(latest: dict[Source, int], *, concealed: bool) -> Source:
    if concealed:
        return Source.REPORT_CONCEALED
    return Source.DIRECTORY if Source.DIRECTORY in latest else Source.REPORT


def held(said: Held, lists: Lists) -> Held:
    """What holds of all that was said about one customer, by SKU, person and first day.

    `said` may overlap between sources and staters. A single statement holds before any list, the operator's before a
    partner's.
    """
    common = lists.where(lists.person == EVERYBODY).seen()
    single = said.source == SOURCES.index(Source.STATED)
    parts = [_chosen(said, single)]
    for own, of_group in _by_own_lists(_chosen(said, ~single), lists.where(lists.person != EVERYBODY)):
        parts += _clipped(of_group, runs([*common, *own.seen()]))
    filled = [part for part in parts if len(part.sku)] or parts[:1]
    del parts
    if len(filled) == 1:
        return _apart(filled.pop())
    return _apart(Held(*(np.concatenate(columns) for columns in zip(*filled, strict=True))))


def _chosen(said: Held, mask: np.ndarray) -> Held:
    """The chosen ones; of all of them there is no copy, because they may be a million."""
    return said if mask.all() else said.where(mask)


def _by_own_lists(said: Held, own: Lists) -> Iterator[tuple[Lists, Held]]:
    """What is said of people who have the same lists of their own, with these lists of one of them. Mostly they have none."""
    if not len(own.person):
        yield own, said
        return
    own = own.where(np.lexsort((own.stater, own.source, own.day, own.person)))
    of_person = np.zeros(int(max(said.person.max(initial=0), own.person.max(initial=0))) + 1, dtype=np.int64)
    alike: dict[bytes, int] = {}
    examples = [own.where(slice(0, 0))]
    about = np.stack(own[:3], axis=1).astype(np.int64)
    starts = np.flatnonzero(np.diff(own.person, prepend=EVERYBODY)).tolist()
    for first, past in zip(starts, [*starts[1:], len(own.person)], strict=False):
        pattern = about[first:past].tobytes()
        if pattern not in alike:
            alike[pattern] = len(examples)
            examples.append(own.where(slice(first, past)))
        of_person[own.person[first]] = alike[pattern]
    group = of_person[said.person]
    order = np.argsort(group, kind="stable")
    ends = np.searchsorted(group[order], np.arange(len(examples) + 1))
    for index, example in enumerate(examples):
        yield example, said.where(order[ends[index] : ends[index + 1]])


def _clipped(said: Held, holding: Sequence[Run]) -> Iterator[Held]:
    """What the series say while they hold."""
    for run in holding:
        chosen = _chosen(said, (said.source == SOURCES.index(run.source)) & (said.stater == run.stater))
        within = chosen._replace(first=np.maximum(chosen.first, run.first), past=np.minimum(chosen.past, run.past))
        yield _chosen(within, within.first < within.past)


def _apart(said: Held) -> Held:
    """The same, in order, without overlaps: of two that overlap the weightier holds."""
    ordered = said.where(np.lexsort((said.first, said.person, said.sku)))
    same = (ordered.sku[1:] == ordered.sku[:-1]) & (ordered.person[1:] == ordered.person[:-1])
    clash = same & (ordered.first[1:] < ordered.past[:-1])
    if not clash.any():
        return ordered
    pairs = ordered.sku.astype(np.int64) << 32 | ordered.person
    contested = np.isin(pairs, pairs[1:][clash])
    rows = [
        row
        for _pair, group in groupby(_rows(ordered.where(contested)), key=lambda row: row[:2])
        for row in _layered(group)
    ]
    columns = [
        np.concatenate([column[~contested], more]) for column, more in zip(ordered, np.array(rows).T, strict=True)
    ]
    settled = Held(*columns)
    return settled.where(np.lexsort((settled.first, settled.person, settled.sku)))


def _rows(said: Held) -> Iterator[tuple[int, ...]]:
    return zip(*(column.tolist() for column in said), strict=True)


def _layered(group: Iterable[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    """Statements on one person and SKU, each cut to the days that no weightier one has."""
    taken: list[tuple[int, int]] = []
    for row in sorted(group, key=lambda row: (SOURCES[row[3]] is not Source.STATED, row[4], row[5])):
        free = _without((row[5], row[6]), taken)
        taken += free
        for first, past in free:
            yield (*row[:5], first, past)


def _without(span: tuple[int, int], taken: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of a span of days."""
    first, past = span
    left = []
    for begin, end in sorted(taken):
        if end <= first or begin >= past:
            continue
        if begin > first:
            left.append((first, begin))
        first = max(first, end)
    return [*left, (first, past)] if first < past else left
