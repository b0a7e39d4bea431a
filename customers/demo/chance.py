"""Chance that is the same every time: generators and ids that depend on nothing but a name."""

from __future__ import annotations

from random import Random
from uuid import UUID, uuid5

_NAMESPACE = UUID("5ea7b15e-0000-4000-8000-00000000de30")


def seeded(*key: str | int) -> Random:
    """A generator of its own for `key`, so that a change in one story leaves the others as they were."""
    return Random("/".join(map(str, key)))  # noqa: S311 - a story, not a secret


def guid(*key: str | int) -> str:
    """The GUID that belongs to `key`."""
    return str(uuid5(_NAMESPACE, "/".join(map(str, key))))
