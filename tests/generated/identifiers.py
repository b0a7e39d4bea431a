"""Generated histories in which people go by several identifiers, and some of them are mailboxes that are left out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from tests.naive import values
from tests.naive.rendering import written
from tests.naive.strategies import Feed, History

MOST_IDENTIFIERS = 3
_OF_PEOPLE = ("entitlements.csv", "activity.csv")
Choose = Callable[[str, str], int]
"""By the key of a record and the user: by which of his or her identifiers the record is told."""


def identifier(user: str, number: int) -> str:
    """The user's identifiers: 0 is the id itself."""
    return user if number == 0 else f"{user.strip()}~{number}"


def told_otherwise(feed: Feed, choose: Choose) -> Feed:
    """The feed with other identifiers of the same people."""
    return {name: _rewritten(name, text, choose) if name in _OF_PEOPLE else text for name, text in feed.items()}


def by_record(seed: int) -> Choose:
    """A record is always told by the same identifier, however often."""
    return lambda record, _user: Random(f"{seed}/{record}").randrange(MOST_IDENTIFIERS)


def by_line(seed: int) -> Choose:
    """Each line by another."""
    random = Random(seed)
    return lambda _record, _user: random.randrange(MOST_IDENTIFIERS)


@dataclass(frozen=True)
class Table:
    """A file's header and rows, and where the column of users stands."""

    header: list[str]
    rows: list[list[str]]

    def place(self, name: str) -> int:
        return [cell.strip().casefold() for cell in self.header].index(name)


def table(text: str | bytes) -> Table:
    """Reads a file as it was written."""
    plain = (text.decode() if isinstance(text, bytes) else text).removeprefix("\ufeff")
    header, *rows = (row for row in csv.reader(io.StringIO(plain, newline="")) if "".join(row).strip() or len(row) > 1)
    return Table(header, rows)


def _rewritten(name: str, text: str | bytes, choose: Choose) -> str:
    read = table(text)
    user = read.place("user_id")
    key = [read.place(column) for column in _KEYS[name]]
    for row in read.rows:
        record = "|".join(values.opaque(row[place].strip()) for place in key)
        row[user] = identifier(values.opaque(row[user].strip()), choose(record, row[user]))
    return written(read.header, read.rows)


_KEYS = {
    "entitlements.csv": ("subscription_id", "user_id", "from"),
    "activity.csv": ("customer_id", "user_id", "day"),
}


def users(history: History) -> list[str]:
    """Everybody who is named in any feed."""
    found: set[str] = set()
    for feed in [*history.feeds, *history.variants[0]]:
        for name in _OF_PEOPLE:
            if name in feed:
                read = table(feed[name])
                found |= {values.opaque(row[read.place("user_id")].strip()) for row in read.rows}
    return sorted(found)


def people_file(history: History, customers: list[str], number: int) -> str:
    """people.csv: of each customer whose that identifier is. Of one list two users don't have the same name."""
    lines = [[customer, identifier(user, number), user] for customer in customers for user in users(history)]
    return written(["customer_id", "user_id", "principal_name"], lines)


def without(feed: Feed, left_out: set[str]) -> Feed:
    """The feed as if these users weren't there, except that what was delivered of them was delivered."""
    return dict(_without(feed, left_out))


def _without(feed: Feed, left_out: set[str]) -> Iterator[tuple[str, str | bytes]]:
    covered: list[list[str]] = []
    for name, text in feed.items():
        if name not in _OF_PEOPLE:
            yield name, text
            continue
        read = table(text)
        user = read.place("user_id")
        yield name, written(read.header, [row for row in read.rows if values.opaque(row[user]) not in left_out])
        if name == "activity.csv":
            places = [read.place(column) for column in ("customer_id", "service", "day")]
            covered = [[row[place] for place in places] for row in read.rows if values.opaque(row[user]) in left_out]
    if covered:
        stated = table(feed["coverage.csv"]) if "coverage.csv" in feed else Table([], [])
        places = [stated.place(column) for column in ("customer_id", "service", "day")] if stated.rows else []
        stood = [[row[place] for place in places] for row in stated.rows]
        yield "coverage.csv", written(["customer_id", "service", "day"], stood + covered)
