"""Secrets of applications at rest: sealed with the installation's keys, opened only where a token is asked for."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from customers.connections.failures import Problem, PullError


def can_seal() -> bool:
    """Whether the installation has a key: without one there are no connections."""
    return bool(settings.SEATWISE_KEYS)


def seal(plain: str) -> str:
    """The secret, encrypted with the first key (Fernet: AES-128-CBC and HMAC-SHA256). Raises PullError without a key."""
    return _keys().encrypt(plain.encode()).decode("ascii")


def opened(sealed: str) -> str:
    """What was sealed, with whichever key. Raises PullError without a key, or where none of the keys fits."""
    try:
        return _keys().decrypt(sealed.encode("ascii")).decode()
    except InvalidToken:
        raise PullError(Problem.SECRET_UNREADABLE) from None


def sealed_anew(sealed: str) -> str:
    """The same secret, sealed with the first key. Raises PullError as `opened` does."""
    try:
        return _keys().rotate(sealed.encode("ascii")).decode("ascii")
    except InvalidToken:
        raise PullError(Problem.SECRET_UNREADABLE) from None


def _keys() -> MultiFernet:
    if not can_seal():
        raise PullError(Problem.NO_KEY)
    return MultiFernet([Fernet(key) for key in settings.SEATWISE_KEYS])
