"""The world that most tests of the figures begin with."""

import pytest

from tests.insights.world import World


@pytest.fixture
def world(db: None) -> World:
    return World()
