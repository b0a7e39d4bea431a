"""What lies in the folder of uploads, and how long."""

from __future__ import annotations

import os
import time
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

from customers.services.imports import storage

DAY = 24 * 60 * 60


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.SEATWISE_UPLOADS = tmp_path


def left(name: str, *, days: float) -> Path:
    folder = storage.folder_of(UUID(name))
    (folder / storage.REFUSED).write_text("refused")
    past = time.time() - days * DAY
    os.utime(folder, (past, past))
    return folder


def test_refused_records_are_kept_for_90_days() -> None:
    old, young = left(f"{1:032}", days=90.5), left(f"{2:032}", days=89.5)
    storage.remove_abandoned()
    assert (old.exists(), young.exists()) == (False, True)


def test_places_that_are_always_needed_stay_however_old() -> None:
    places = [storage.incoming(), storage.working()]
    for place in places:
        os.utime(place, (0, 0))
    storage.remove_abandoned()
    assert [place.exists() for place in places] == [True, True]


def test_what_a_killed_process_left_goes_after_a_day() -> None:
    part = storage.incoming() / "part"
    part.write_text("half")
    os.utime(part, (0, 0))
    storage.remove_abandoned()
    assert not part.exists()
