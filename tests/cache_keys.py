"""Keys in the shared cache that no other test has: it outlives a test, and other runs use it too."""

from __future__ import annotations

from uuid import uuid4

_run = {"prefix": uuid4().hex}


def begin_test() -> None:
    """From now on nothing that was cached before is found, in any thread."""
    _run["prefix"] = uuid4().hex


def make_key(key: str, key_prefix: str, version: int) -> str:
    """The key as it is stored (KEY_FUNCTION of the tests' settings)."""
    return f"test:{_run['prefix']}:{key_prefix}:{version}:{key}"
