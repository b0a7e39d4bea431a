"""For whom this thread of work reads and writes: the second wall behind `visible_to` (row-level security).

Closed by default: where no scope is set, the database shows no tenant's rows at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any


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


def scope_of(user: Any) -> Scope:
    """The scope in which whatever this person asks for is done (`request.user`, an anonymous one included)."""
    if not (user.is_authenticated and user.is_active):
        return Scope(signing_in=True)
    if user.is_superuser:
        return Scope(everything=True)
    return Scope(signing_in=True) if user.partner_id is None else Scope(partner=user.partner_id)


@contextmanager
def within(scope: Scope) -> Iterator[None]:
    """In this scope; afterwards in the present one again, whatever happened inside."""
    token = _SCOPE.set(scope)
    try:
        yield
    finally:
        _SCOPE.reset(token)


def identify(user: Any) -> None:
    """From here on this person is at work, until the scope around ends: for a request whose sender is known late."""
    _SCOPE.set(scope_of(user))


def operating() -> AbstractContextManager[None]:
    """As the operator of the installation, who sees everything: commands, workers, superusers in the admin site."""
    return within(Scope(everything=True))


def acting_for(partner: int | None) -> AbstractContextManager[None]:
    """As the staff of one partner (its key); None: as somebody who belongs to none and sees nothing."""
    return within(Scope(partner=partner))


def signing_in() -> AbstractContextManager[None]:
    """As somebody who isn't known yet."""
    return within(Scope(signing_in=True))


def counting() -> AbstractContextManager[None]:
    """Within the present scope, with the facts of all sellers: for figures, never for what is shown itself, and to be read only."""
    return within(replace(current_scope(), all_sellers=True))
