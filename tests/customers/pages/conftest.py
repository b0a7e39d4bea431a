"""The world of the pages about customers."""

from __future__ import annotations

import pytest

from tests.insights.world import World
from tests.served import serve


@pytest.fixture
def world(db: None) -> World:
    return serve(World())
