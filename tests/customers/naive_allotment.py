"""Allotment once more, day by day and person by person, as decision 0013 words it: slow, and without any cleverness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from customers.allotment import Offer, Stretch, Taken


@dataclass
class Holder:
    """Somebody on one day."""

    state: int
    since: int
    place: int | None = None
    turn: int = 0


@dataclass
class Naive:
    """Goes through the days; `places` is who has a place where on each of them: {day: {person: (offer, state)}}."""

    offers: Sequence[Offer]
    held: Sequence[tuple[int, int, int, int]]
    taken: Sequence[Taken]
    holders: dict[int, Holder] = field(default_factory=dict)
    turn: int = 0

    def places(self, days: range) -> dict[int, dict[int, tuple[int, int]]]:
        found = {}
        for day in days:
            self.hold(day)
            before = {person: holder.place for person, holder in self.holders.items()}
            self.leave(day)
            for person in sorted(self.holders, key=lambda one: (self.holders[one].since, one)):
                self.settle(person, day, before.get(person))
            found[day] = {
                person: (holder.place, holder.state)
                for person, holder in self.holders.items()
                if holder.place is not None
            }
        return found

    def hold(self, day: int) -> None:
        today = {person: state for person, state, first, past in self.held if first <= day < past}
        for person in set(self.holders) - set(today):
            del self.holders[person]
        for person, state in today.items():
            self.holders.setdefault(person, Holder(state, day)).state = state

    def leave(self, day: int) -> None:
        for person, holder in self.holders.items():
            if holder.place is not None and holder.place not in self.choices(person, day):
                holder.place = None
        for index in range(len(self.offers)):
            now, before = self.stretch(index, day), self.stretch(index, day - 1)
            if now is None or before is None or now.quantity >= before.quantity:
                continue
            placed = [holder for holder in self.holders.values() if holder.place == index]
            for holder in sorted(placed, key=lambda holder: -holder.turn):
                if self.used(index, day) > now.quantity:
                    holder.place = None

    def settle(self, person: int, day: int, before: int | None) -> None:
        holder = self.holders[person]
        choices = self.choices(person, day)
        if holder.place is not None or not choices:
            return
        room = [index for index in choices if self.used(index, day) < self.stretch(index, day).quantity]
        holder.place = (room or choices)[0]
        if holder.place != before:
            self.turn += 1
            holder.turn = self.turn

    def stretch(self, index: int, day: int) -> Stretch | None:
        return next((one for one in self.offers[index].stretches if one.first <= day < one.past), None)

    def choices(self, person: int, day: int) -> list[int]:
        living = [index for index in range(len(self.offers)) if self.stretch(index, day)]
        stated = [licence for licence in self.taken if licence.person == person and licence.first <= day < licence.past]
        if any(licence.entitled and licence.offer in living for licence in stated):
            return []
        free = [index for index in living if index not in {licence.offer for licence in stated}]
        return sorted(free, key=lambda index: (self.stretch(index, day).rank, index))

    def used(self, index: int, day: int) -> int:
        stated = sum(1 for licence in self.taken if licence.offer == index and licence.first <= day < licence.past)
        return stated + sum(1 for holder in self.holders.values() if holder.place == index)
