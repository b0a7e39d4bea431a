"""How far the work on an upload is: kept where it may be lost, for whoever looks at the page meanwhile."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.cache import cache
from redis.exceptions import RedisError

SECONDS_BETWEEN = 0.5
SECONDS_KEPT = 600


@dataclass
class Told:
    """Hears what is being read or loaded, and tells it twice a second at most."""

    upload: UUID
    _next: float = field(default=0.0)

    def __call__(self, name: str, lines: int) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + SECONDS_BETWEEN
        _put(self.upload, {"name": name, "lines": lines})


def progress_of(upload: UUID) -> dict[str, Any] | None:
    """What was told last: `name` of what is read or loaded, and `lines` so far; nothing: not known."""
    try:
        return cache.get(_key(upload))
    except RedisError:
        return None


def forget_progress(upload: UUID) -> None:
    """The work has ended."""
    _put(upload, None)


def _put(upload: UUID, said: dict[str, Any] | None) -> None:
    try:
        cache.set(_key(upload), said, SECONDS_KEPT)
    except RedisError:
        return


def _key(upload: UUID) -> str:
    return f"upload:{upload}"
