"""How long to wait before asking the vendor again: its own word first, else exponential back-off with jitter. Pure."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_RETRY_AFTER = 24 * 60 * 60.0


@dataclass(frozen=True)
class Patience:
    """How patient a pull is. All times are seconds.

    A wait longer than `longest_wait` isn't slept through: the pull goes on later, by the clock in the database.
    """

    attempts: int = 5
    first_wait: float = 1.0
    longest_wait: float = 30.0
    connecting: float = 10.0
    reading: float = 60.0
    """Between two pieces of an answer."""
    answering: float = 600.0
    """For a whole answer, however slowly it drips."""
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    clock: Callable[[], float] = time.monotonic

    def back_off(self, attempt: int) -> float:
        """The wait after failed attempt number `attempt` (from 0): half of it fixed, half of it by chance."""
        return jittered(self.first_wait * 2**attempt, self.chance())


def jittered(seconds: float, chance: float) -> float:
    """Between half of it and all of it, so that many who failed together don't come back together."""
    return seconds * (0.5 + chance / 2)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """What a Retry-After header asks for, in seconds from `now`: whole or broken seconds, or a date (RFC 9110, 10.2.3).

    None where there is none or it can't be read. Graph writes fractions such as 2.128.
    """
    text = headers.get("Retry-After", "").strip()
    if not text:
        return None
    seconds = _seconds(text)
    if seconds is None:
        seconds = _until(text, now)
    if seconds is None or not math.isfinite(seconds):
        return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


def _seconds(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _until(text: str, now: datetime) -> float | None:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return (date - now).total_seconds()
