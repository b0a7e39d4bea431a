"""Wakes a worker up when somebody waits for a file. Nothing depends on it: beat comes by within a minute."""

from __future__ import annotations

from kombu.exceptions import OperationalError

from insights.tasks import make_exports


def wake_makers() -> None:
    """Files are waiting to be made."""
    try:
        make_exports.apply_async(retry=False, expires=60)
    except OperationalError:
        return
