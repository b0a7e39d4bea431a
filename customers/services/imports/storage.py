"""Where uploaded files lie until they are applied: a folder for each upload, under SEATWISE_UPLOADS."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings

REFUSED = "refused.csv"
ABANDONED_SECONDS = 24 * 60 * 60
KEPT_SECONDS = 90 * ABANDONED_SECONDS
"""So long refused records can be downloaded: as long as the load can be undone."""


def incoming() -> Path:
    """Where bytes go while a request streams them in."""
    return _made(settings.SEATWISE_UPLOADS / "incoming")


def working() -> Path:
    """Where imports keep what they read until it is loaded."""
    return _made(settings.SEATWISE_UPLOADS / "working")


def folder_of(upload: UUID) -> Path:
    """The folder of one upload."""
    return _made(settings.SEATWISE_UPLOADS / str(upload))


def file_of(upload: UUID, place: int) -> Path:
    """One of its files; people's names for files never become paths."""
    return folder_of(upload) / str(place)


def refused_of(upload: UUID) -> Path:
    """The file of its refused records."""
    return folder_of(upload) / REFUSED


def remove_files(upload: UUID) -> None:
    """Remove what was uploaded; the refused records stay."""
    for path in folder_of(upload).iterdir():
        if path.name != REFUSED:
            path.unlink(missing_ok=True)


def remove_folder(upload: UUID) -> None:
    """Remove all that there is of an upload."""
    shutil.rmtree(folder_of(upload), ignore_errors=True)


def remove_abandoned() -> None:
    """Remove what killed processes left behind, and refused records that were kept long enough."""
    now = time.time()
    places = {incoming(), working()}
    old = [path for path in _older_than(now - KEPT_SECONDS, settings.SEATWISE_UPLOADS) if path not in places]
    for path in [*_older_than(now - ABANDONED_SECONDS, *places), *old]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _older_than(moment: float, *folders: Path) -> Iterator[Path]:
    for folder in folders:
        for path in folder.iterdir():
            try:
                if path.stat().st_mtime < moment:
                    yield path
            except FileNotFoundError:
                continue


def _made(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path
