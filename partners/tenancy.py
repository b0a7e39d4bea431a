"""For whom this thread of work reads and writes: the second wall behind `visible_to` (row-level security).

Closed by default: where no scope is set, the database shows no tenant's rows at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows the database shows."""

    partner: int | None = None
    """The key of the partner whose staff is at work."""
    everything: bool = False
    """The operator: commands, workers, and superusers in the admin site."""
    signing_in: bool = False
    """Staff and what belongs to their sign-in, of all partners, and nothing else: needed until it is known who asks."""
    all_sellers: bool = False
    """The facts of all sellers about the partner's customers: only while figures are computed or their lists made."""


NOBODY = Scope()
_SCOPE: ContextVar[Scope] = ContextVar("seatwise_scope", default=NOBODY)


def current_scope() -> Scope:
    """The scope of this thread of work."""
    return _SCOPE.get()


@contextmanager
def _entered(scope: Scope) -> Iterator[None]:
    token = _SCOPE.set(scope)
    try:
        yield
    finally:
        _SCOPE.reset(token)


def operating() -> contextmanager:
    """As the operator of the installation, who sees everything: commands, workers, superusers in the admin site."""
    return _entered(Scope(everything=True))


def acting_for(partner: int | None) -> contextmanager:
    """As the staff of one partner (its key); None: as somebody who belongs to none and sees nothing."""
    return _entered(Scope(partner=partner))


def signing_in() -> contextmanager:
    """As somebody who isn't known yet."""
    return _entered(Scope(signing_in=True))


def counting() -> contextmanager:
    """Within the present scope, with the facts of all sellers: for figures, never for what is shown itself."""
    return _entered(replace(current_scope(), all_sellers=True))
