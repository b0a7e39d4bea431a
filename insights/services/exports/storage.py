"""Where files lie until they are fetched: one for each job, under SEATWISE_EXPORTS."""

from __future__ import annotations

import time
from pathlib import Path
from uuid import UUID

from django.conf import settings

ABANDONED_SECONDS = 25 * 60 * 60
"""An hour longer than a file can be fetched."""


def file_of(job: UUID) -> Path:
    """The file of one job."""
    settings.SEATWISE_EXPORTS.mkdir(parents=True, exist_ok=True, mode=0o700)
    return settings.SEATWISE_EXPORTS / str(job)


def part_of(job: UUID, attempt: int) -> Path:
    """Where one attempt writes until the file is whole."""
    return file_of(job).with_suffix(f".{attempt}")


def remove_file(job: UUID) -> None:
    """Remove it, if it is there."""
    file_of(job).unlink(missing_ok=True)


def remove_abandoned() -> None:
    """Remove what killed workers left behind."""
    long_ago = time.time() - ABANDONED_SECONDS
    if not settings.SEATWISE_EXPORTS.is_dir():
        return
    for path in settings.SEATWISE_EXPORTS.iterdir():
        try:
            if path.stat().st_mtime < long_ago:
                path.unlink()
        except FileNotFoundError:
            continue
