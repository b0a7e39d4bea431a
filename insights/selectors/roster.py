"""The people of a customer as one viewer may see them: licences, last activity in each workload, and who stands out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from customers.bits.read import last_active
from customers.columns import day_of
from customers.selectors.customers import Reach
from customers.selectors.licences import LicenceWords, Words, words_of
from customers.selectors.people import delivered_names, names_for
from insights.engine.roster import CLASSES, Roster, roster
from insights.selectors.insight_rows import Question
from insights.selectors.stored import snapshot
from insights.window import first_day
from partners.tenancy import counting

LOOKED_BACK = 365
"""So many days last activity is looked for, as far as the partner has served the customer."""


class Show(StrEnum):
    """Which of the people."""

    ALL = "all"
    IDLE = "idle"
    UNLICENSED = "unlicensed"
    LEFT = "left"


class Order(StrEnum):
    """How they are ordered."""

    USER = "user"
    USER_DOWN = "-user"
    LAST = "last_active"
    LAST_DOWN = "-last_active"


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence that somebody holds, or held in the window."""

    sku: str
    cls: str
    """One of `engine.roster.CLASSES`."""
    ended: bool
    """Whether it was held in the window, and is no more."""
    idle: bool
    counted: bool
    """Whether figures count it: its family is switched on, and its SKU isn't left out."""
    subscription_id: str | None
    """Of the partner's own only, like `allotted`."""
    allotted: bool


@dataclass(frozen=True, slots=True)
class Use:
    """When somebody was last active in a workload."""

    workload: str
    code: str
    day: date
    beyond: bool
    """Whether on a day of the window without a licence for it."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person."""

    user: str
    """The user id, or a pseudonym."""
    licences: list[Licence]
    uses: list[Use]
    idle: bool
    unlicensed: bool
    left: bool

    @property
    def last_active(self) -> date | None:
        """In any workload."""
        return max((use.day for use in self.uses), default=None)


class People:
    """Everybody who held a licence or was active in the window, as one viewer may see them."""

    def __init__(self, question: Question, reach: Reach, *, named: bool) -> None:
        """`named`: the viewer may see the names of those whom the partner delivered itself."""
        self.question, self.reach = question, reach
        customer, partner = reach.customer.id, question.partner
        with counting(), snapshot():
            self._roster: Roster = roster(customer=customer, day=question.day, left_out=question.left_out)
        numbers = self._roster.person.tolist()
        self._names = delivered_names(partner=partner, customer=customer, people=numbers) if named else {}
        unnamed = [number for number in numbers if number not in self._names]
        self._labels = names_for(partner=partner, customer=customer, people=unnamed, named=False) | self._names

    @property
    def counts(self) -> dict[Show, int]:
        """How many there are of each."""
        return {show: int(self._shown(show).sum()) for show in Show}

    def chosen(self, show: Show, search: str, order: Order) -> list[int]:
        """Their places in the roster. Searched and ordered is what the viewer sees, and nothing else."""
        word = search.casefold()
        labels = {
            place: label
            for place in np.flatnonzero(self._shown(show)).tolist()
            if word in (label := self._label(place)).casefold()
        }
        found = sorted(labels, key=lambda place: (labels[place].casefold(), labels[place]))
        if order is Order.USER_DOWN:
            return found[::-1]
        if order is Order.USER:
            return found
        last = self._roster.last.max(axis=0, initial=0)
        return sorted(found, key=lambda place: int(last[place]), reverse=order is Order.LAST_DOWN)

    def named_among(self, places: Iterable[int]) -> int:
        """How many of these people stand there by name."""
        return sum(number in self._names for number in self._roster.person[list(places)].tolist())

    def described(self, places: Sequence[int]) -> list[Somebody]:
        """These people with all that is shown of them, in this order; two queries."""
        numbers = self._roster.person[list(places)]
        rows = np.flatnonzero(np.isin(self._roster.licences["row"], list(places))).tolist()
        words = self._words(rows, numbers)
        licences = self._licences(rows, words)
        earlier = self._earlier(numbers)
        return [
            Somebody(
                user=self._label(place),
                licences=licences.get(place, []),
                uses=self._uses(place, earlier.get(number, {}), words),
                idle=bool(self._roster.idle[place]),
                unlicensed=bool(self._roster.unlicensed[place]),
                left=bool(self._roster.left[place]),
            )
            for place, number in zip(places, numbers.tolist(), strict=True)
        ]

    def _shown(self, show: Show) -> np.ndarray:
        if show is Show.ALL:
            return np.ones(len(self._roster.person), dtype=bool)
        return {
            Show.IDLE: self._roster.idle,
            Show.UNLICENSED: self._roster.unlicensed,
            Show.LEFT: self._roster.left,
        }[show]

    def _label(self, place: int) -> str:
        return self._labels[int(self._roster.person[place])]

    def _key(self, row: int) -> tuple[int, int]:
        held = self._roster.licences
        return int(held["subscription"][row]), int(held["sku"][row])

    def _licences(self, rows: Iterable[int], words: Words) -> dict[int, list[Licence]]:
        """By place of the person. In the order of what is shown alone, like the lists behind counts."""
        found: dict[int, list[Licence]] = {}
        for row in rows:
            place = int(self._roster.licences["row"][row])
            found.setdefault(place, []).append(self._licence(row, words.licences[self._key(row)]))
        for some in found.values():
            some.sort(key=lambda one: (one.sku, one.cls, one.ended, one.subscription_id or ""))
        return found

    def _words(self, rows: Iterable[int], numbers: np.ndarray) -> Words:
        return words_of(
            partner=self.question.partner,
            customer=self.reach.customer.id,
            held=map(self._key, rows),
            people=self._roster.known.with_aliases(numbers).tolist(),
            day=self.question.day,
        )

    def _licence(self, row: int, words: LicenceWords) -> Licence:
        held = self._roster.licences
        number = int(self._roster.person[held["row"][row]])
        return Licence(
            sku=words.sku,
            cls=CLASSES[held["cls"][row]],
            ended=not held["holds"][row],
            idle=bool(held["idle"][row]),
            counted=bool(held["counted"][row]),
            subscription_id=words.subscription_id,
            allotted=bool(words.allotted) and not words.allotted.isdisjoint(self._numbers(number)),
        )

    def _numbers(self, number: int) -> list[int]:
        """All numbers that a person has."""
        return self._roster.known.with_aliases(np.array([number])).tolist()

    def _earlier(self, numbers: np.ndarray) -> dict[int, dict[int, int]]:
        """By person and workload the last day before the window, of days that pages of the partner's may show."""
        known = self._roster.known
        people = known.with_aliases(numbers)
        found = last_active(
            customer=self.reach.customer.id,
            people=people,
            workloads=self._roster.workloads.tolist(),
            spans=list(self._spans()),
        )
        one = known.numbers(np.zeros(len(found["person"]), dtype=np.int64), found["person"])
        days: dict[int, dict[int, int]] = {}
        for person, workload, day in zip(one.tolist(), found["workload"].tolist(), found["day"].tolist(), strict=True):
            of_person = days.setdefault(person, {})
            of_person[workload] = max(of_person.get(workload, 0), day)
        return days

    def _spans(self) -> Iterable[tuple[date, date]]:
        """The days before the window that belong to the window of a day on which the partner served the customer."""
        end = first_day(self.question.day) - timedelta(days=1)
        begin = max(self.question.day, date.min + timedelta(days=LOOKED_BACK)) - timedelta(days=LOOKED_BACK)
        for served in self.reach.relationships:
            last = end if served.until is None else min(end, served.until - timedelta(days=1))
            first = max(begin, first_day(served.since))
            if first <= last:
                yield first, last

    def _uses(self, place: int, earlier: Mapping[int, int], words: Words) -> list[Use]:
        found = []
        for index, key in enumerate(self._roster.workloads.tolist()):
            number = int(self._roster.last[index, place]) or earlier.get(key, 0)
            if number:
                found.append(Use(*words.workloads[key], day_of(number), bool(self._roster.beyond[index, place])))
        return sorted(found, key=lambda use: (-use.day.toordinal(), use.workload.casefold()))
