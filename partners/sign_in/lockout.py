"""How often a password may be tried: slots in the shared cache, taken before the password is looked at.

An attempt takes one of a counter's slots and a success gives it back, so a slot that stays taken is a failure of the last
five minutes. Taking one is a single atomic step of the cache: attempts that come at once can't pass together. While
all slots are taken no attempt counts, so trying on doesn't make the wait any longer.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.crypto import salted_hmac

WINDOW = 5 * 60
"""How long a failure counts, in seconds."""
FAILURES = 5
"""How many failures an account has in the window, by everybody whose browser isn't known, or by one browser that is."""
FAILURES_OF_ADDRESS = 30
"""How many a network address has, over all accounts, from browsers that aren't known."""


class LockedOutError(Exception):
    """Too many failures; `seconds` until the next attempt."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Attempt:
    """One look at a password, counted as a failure until it `succeeded`."""

    slots: tuple[str, ...]

    def succeeded(self) -> None:
        """Give back what this attempt took; earlier failures stay counted."""
        cache.delete_many(self.slots)


def begin_attempt(*, account: str, device: str | None, address: str) -> Attempt:
    """Count an attempt to enter `account` (an e-mail address, known or not) from the network address `address`.

    A browser that has signed in to the account before comes with its `device`, and is counted on its own: others'
    failures don't keep it out. Raises LockedOutError; with the cache down its error passes on, and nobody gets in.
    """
    account = account.strip().lower()
    if device is not None:
        return Attempt((_take(f"device|{account}|{device}", FAILURES),))
    taken = _take(f"account|{account}", FAILURES)
    try:
        return Attempt((taken, _take(f"address|{address}", FAILURES_OF_ADDRESS)))
    except LockedOutError:
        cache.delete(taken)
        raise


def begin_confirmation(*, staff: int) -> Attempt:
    """Count an attempt of somebody who is signed in to confirm the password. Raises LockedOutError."""
    return Attempt((_take(f"confirmation|{staff}", FAILURES),))


def _take(counter: str, amount: int) -> str:
    """Take one of a counter's slots; LockedOutError with the time until the first becomes free."""
    digest = salted_hmac("seatwise.lockout", counter, algorithm="sha256").hexdigest()
    slots = [f"lockout:{digest}:{number}" for number in range(amount)]
    now = int(time.time())
    held = cache.get_many(slots)
    for slot in slots:
        if slot not in held and cache.add(slot, now + WINDOW, WINDOW):
            return slot
    ends = [end for end in cache.get_many(slots).values() if isinstance(end, int)]
    raise LockedOutError(max(1, math.ceil(min(ends, default=now + WINDOW) - now)))
