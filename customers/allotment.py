"""Which subscription a licence is of, where only the SKU is known: holdings are allotted. Pure: days and people are numbers.

The rule (docs/decisions/0013). A holding goes to the customer's subscriptions of its SKU with room on that day: qualifying
ones first, then in grace, disabled, trials, each by first day, then id; what fits nowhere goes to the first of them. It
keeps its place until the subscription ends or has another SKU; where one shrinks, those beyond its quantity move, the last
placed first. Without any subscription it waits. Who has a licence of the SKU by a direct statement needs no place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from customers.held import FOR_EVER

NOWHERE = -1
NO_STATE = -1


class Rank(IntEnum):
    """In what order subscriptions are filled."""

    QUALIFYING = 0
    GRACE = 1
    DISABLED = 2
    TRIAL = 3


class Stretch(NamedTuple):
    """From `first` on and before `past` a subscription is of the SKU, and not deprovisioned."""

    first: int
    past: int
    rank: Rank
    quantity: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A subscription, while it is of the SKU: stretches in order, apart."""

    stretches: Sequence[Stretch]


class Taken(NamedTuple):
    """A licence that was stated for a subscription (its place among the offers) directly."""

    offer: int
    person: int
    first: int
    past: int
    entitled: bool


class Holdings(NamedTuple):
    """Who holds the SKU: arrays of equal length. `person` is a place among the people, who are in the order of their keys."""

    person: np.ndarray
    state: np.ndarray
    first: np.ndarray
    past: np.ndarray


class Allotted(NamedTuple):
    """The periods that come of it, as arrays: `offer` is a place among the offers."""

    offer: np.ndarray
    person: np.ndarray
    state: np.ndarray
    first: np.ndarray
    past: np.ndarray


def allot(offers: Sequence[Offer], holdings: Holdings, taken: Iterable[Taken] = ()) -> Allotted:
    """The place of every holding on every day. `offers` are in the order of first day, then id; holdings of a person apart."""
    return _Allotment(offers, holdings, list(taken)).made()


def _by_day(days: np.ndarray) -> dict[int, np.ndarray]:
    """Which places of the array have which day."""
    order = np.argsort(days, kind="stable").astype(np.int32)
    starts = np.flatnonzero(np.diff(days[order], prepend=-FOR_EVER))
    return {int(days[part[0]]): part for part in np.split(order, starts[1:]) if len(part)}


class _Allotment:
    """The state of all places, day by day. Arrays have an element per person."""

    def __init__(self, offers: Sequence[Offer], holdings: Holdings, taken: Sequence[Taken]) -> None:
        people = int(holdings.person.max(initial=-1)) + 1
        self.offers = offers
        self.holdings = holdings
        self.begins, self.ends = _by_day(holdings.first), _by_day(holdings.past)
        self.stated: dict[int, list[Taken]] = defaultdict(list)
        self.takes: dict[int, list[tuple[Taken, int]]] = defaultdict(list)
        for licence in taken:
            self.stated[licence.person].append(licence)
            self.takes[licence.first].append((licence, 1))
            self.takes[licence.past].append((licence, -1))
        self.stated_people = np.array([one for one in self.stated if one < people], dtype=np.int32)
        self.quantity: list[int | None] = [None] * len(offers)
        self.rank = [Rank.QUALIFYING] * len(offers)
        self.used = np.zeros(len(offers), dtype=np.int64)
        self.order: list[int] = []
        self.place = np.full(people, NOWHERE, dtype=np.int32)
        self.state = np.full(people, NO_STATE, dtype=np.int8)
        self.began = np.zeros(people, dtype=np.int32)
        self.turn = np.zeros(people, dtype=np.int32)
        self.turns = 0
        self.shown_place, self.shown_state = self.place.copy(), self.state.copy()
        self.since = np.zeros(people, dtype=np.int32)
        self.written: list[tuple[np.ndarray, ...]] = []

    def made(self) -> Allotted:
        turning = {day for offer in self.offers for one in offer.stretches for day in (one.first, one.past)}
        for day in sorted(({*self.begins, *self.ends, *self.takes} | turning) - {FOR_EVER}):
            self._pass(day, offers_change=day in turning)
        self._write(np.flatnonzero(self.shown_place != NOWHERE), FOR_EVER)
        columns = [list(column) for column in zip(*self.written, strict=True)]
        self.written.clear()
        return Allotted(*(np.concatenate(columns.pop(0)) for _name in Allotted._fields))

    def _pass(self, day: int, *, offers_change: bool) -> None:
        """One day: what ends, what begins, what changes; then everybody without a place is looked after."""
        moved = [self._hold(day)]
        takes = self.takes.get(day, [])
        for licence, more in takes:
            self.used[licence.offer] += more
        concerned = np.array([licence.person for licence, _more in takes], dtype=np.int32)
        concerned = concerned[concerned < len(self.place)]
        if offers_change:
            moved += self._change_offers(day)
            concerned = np.union1d(concerned, self.stated_people)
        moved.append(self._make_way(concerned.tolist(), day))
        touched = np.unique(np.concatenate([*moved, concerned]))
        waiting = self._waiting() if offers_change else touched
        self._give_places(waiting, day)
        self._show(np.union1d(touched, waiting), day)

    def _hold(self, day: int) -> np.ndarray:
        """Holdings end and begin. Who goes on holding keeps the place. All of them are returned."""
        nobody = np.zeros(0, dtype=np.int32)
        begins = self.begins.get(day, nobody)
        ended, begun = self.holdings.person[self.ends.get(day, nobody)], self.holdings.person[begins]
        self.state[ended] = NO_STATE
        self.state[begun] = self.holdings.state[begins]
        self.began[np.setdiff1d(begun, ended)] = day
        self._leave(ended[self.state[ended] == NO_STATE])
        return np.concatenate([ended, begun])

    def _change_offers(self, day: int) -> list[np.ndarray]:
        """Subscriptions begin, end, shrink and change: who has to move."""
        displaced = []
        for index, offer in enumerate(self.offers):
            now = next((one for one in offer.stretches if one.first <= day < one.past), None)
            before, self.quantity[index] = self.quantity[index], now.quantity if now else None
            if now is None:
                displaced.append(self._clear(index))
                continue
            self.rank[index] = now.rank
            if before is not None and now.quantity < before:
                displaced.append(self._shrink(index, now.quantity))
        living = [index for index, quantity in enumerate(self.quantity) if quantity is not None]
        self.order = sorted(living, key=lambda index: (self.rank[index], index))
        return displaced

    def _clear(self, offer: int) -> np.ndarray:
        people = np.flatnonzero(self.place == offer)
        self._leave(people)
        return people

    def _shrink(self, offer: int, quantity: int) -> np.ndarray:
        """Those beyond the quantity move: the last placed first, of one day the last by key."""
        people = np.flatnonzero(self.place == offer)
        beyond = min(max(int(self.used[offer]) - quantity, 0), len(people))
        moving = people[np.argsort(self.turn[people])][len(people) - beyond :]
        self._leave(moving)
        return moving

    def _make_way(self, people: Iterable[int], day: int) -> np.ndarray:
        """Whose licence is stated directly for the same subscription, or for another as entitled, leaves the place."""
        placed = [one for one in people if self.place[one] != NOWHERE]
        leaving = np.array([one for one in placed if self.place[one] not in self._choices(one, day)], dtype=np.int32)
        self._leave(leaving)
        return leaving

    def _choices(self, person: int, day: int) -> Sequence[int]:
        """The subscriptions in which the person may get a place, in their order."""
        covering = [one for one in self.stated.get(person, ()) if one.first <= day < one.past]
        if any(licence.entitled and self.quantity[licence.offer] is not None for licence in covering):
            return ()
        stated = {licence.offer for licence in covering}
        return [offer for offer in self.order if offer not in stated]

    def _waiting(self) -> np.ndarray:
        return np.flatnonzero((self.state != NO_STATE) & (self.place == NOWHERE))

    def _give_places(self, people: np.ndarray, day: int) -> None:
        """Give a place to those who hold and have none: who holds for longest first, of one day by key."""
        waiting = people[(self.state[people] != NO_STATE) & (self.place[people] == NOWHERE)]
        if not self.order or not len(waiting):
            return
        ordered = waiting[np.lexsort((waiting, self.began[waiting]))]
        if not np.isin(ordered, self.stated_people).any():
            self._fill(ordered, self.order)
            return
        for person in ordered.tolist():
            choices = self._choices(person, day)
            if choices:
                self._fill(np.array([person]), choices)

    def _fill(self, people: np.ndarray, choices: Sequence[int]) -> None:
        """Put these people, in their order, where there is room; the rest in the first of the choices."""
        offers = np.full(len(people), choices[0], dtype=np.int32)
        begin = 0
        for offer in choices:
            room = max((self.quantity[offer] or 0) - int(self.used[offer]), 0)
            offers[begin : begin + room] = offer
            begin += room
            if begin >= len(people):
                break
        offers[begin:] = choices[0]
        self.place[people] = offers
        self.used += np.bincount(offers, minlength=len(self.used))
        fresh = people[offers != self.shown_place[people]]
        self.turn[fresh] = np.arange(self.turns, self.turns + len(fresh))
        self.turns += len(fresh)

    def _leave(self, people: np.ndarray) -> None:
        placed = people[self.place[people] != NOWHERE]
        self.used -= np.bincount(self.place[placed], minlength=len(self.used))
        self.place[placed] = NOWHERE

    def _show(self, people: np.ndarray, day: int) -> None:
        """Write the periods that are over, and begin the next, where anything is different from this day on."""
        state = np.where(self.place[people] != NOWHERE, self.state[people], NO_STATE)
        differs = (self.place[people] != self.shown_place[people]) | (state != self.shown_state[people])
        people, state = people[differs], state[differs]
        self._write(people[self.shown_place[people] != NOWHERE], day)
        self.shown_place[people], self.shown_state[people] = self.place[people], state
        self.since[people] = day

    def _write(self, people: np.ndarray, past: int) -> None:
        """Keep the periods of these people that end before `past`."""
        ends = np.full(len(people), past, dtype=np.int32)
        self.written.append((self.shown_place[people], people, self.shown_state[people], self.since[people], ends))
