"""Two partners that share a customer, and the people who correct it."""

from pathlib import Path

import pytest

from tests.customers.installation import Installation, make_installation


@pytest.fixture
def installation(db: None, tmp_path: Path) -> Installation:
    return make_installation(tmp_path)
