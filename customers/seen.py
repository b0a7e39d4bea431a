"""What versions of a subscription follow from how it was seen on single days. Pure, no ORM.

Between two days on which it was seen the earlier one holds, whatever the order in which both arrived; what was seen first
holds since the subscription began, where that is said.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

SAME = object()
"""In a content: nothing was said of this; it is as before."""


@dataclass(frozen=True, slots=True)
class Sight:
    """How a subscription is on a day, as line `line` says; `began`: its first day, where that is said."""

    line: int
    day: date
    began: date | None
    content: tuple[Any, ...]


@dataclass(slots=True)
class History:
    """What is known of one subscription: the content of its versions by first day, and the days on which it was seen.

    `own`: whether the versions are the stater's.
    """

    versions: dict[date, tuple[Any, ...]] = field(default_factory=dict)
    seen: list[date] = field(default_factory=list)
    own: bool = True
    made: dict[date, tuple[int, tuple[Any, ...]]] = field(default_factory=dict)
    """The versions that sights made: by first day, the line and the content."""

    def take(self, sights: Iterable[Sight]) -> None:
        """Know these sights too; of one day the last line counts."""
        last = {sight.day: sight for sight in sorted(sights, key=lambda sight: sight.line)}
        for day in sorted(last):
            self._take(last[day])

    def _take(self, sight: Sight) -> None:
        since = self._since(sight)
        before = None if since is None else self.versions[since]
        content = _full(sight.content, before)
        if content != before:
            first = min(sight.began or sight.day, sight.day) if since is None else sight.day
            if since is not None:
                self._restore(sight, since)
                first = since if self._is_first(sight, since) else first
            self._make(first, sight.line, content)
        place = bisect_left(self.seen, sight.day)
        if self.seen[place : place + 1] != [sight.day]:
            self.seen.insert(place, sight.day)

    def _since(self, sight: Sight) -> date | None:
        """The first day of the version that holds."""
        return max((day for day in self.versions if day <= sight.day), default=None)

    def _restore(self, sight: Sight, since: date) -> None:
        """What was seen on the next day holds from then on, where no version begins in between."""
        place = bisect_right(self.seen, sight.day)
        following = self.seen[place] if place < len(self.seen) else None
        if following and not any(sight.day < day <= following for day in self.versions):
            self._make(following, sight.line, self.versions[since])

    def _is_first(self, sight: Sight, since: date) -> bool:
        """Whether nothing was seen before, and the version that holds says only how it was seen later."""
        return self.own and since == sight.began and bool(self.seen) and sight.day < self.seen[0]

    def _make(self, first: date, line: int, content: tuple[Any, ...]) -> None:
        self.versions[first] = content
        self.made[first] = (line, content)


def _full(said: tuple[Any, ...], before: tuple[Any, ...] | None) -> tuple[Any, ...]:
    """What is said, with what was before in place of SAME."""
    stood = before or (None,) * len(said)
    return tuple(old if new is SAME else new for new, old in zip(said, stood, strict=True))
