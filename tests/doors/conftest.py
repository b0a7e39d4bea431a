"""The world of the doors, made once for all tests of a module, and undone after them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from partners.tenancy import operating
from tests.doors.visiting import Ears, listening
from tests.doors.world import DoorsWorld
from tests.shipped import put_back


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[DoorsWorld]:
    with django_db_blocker.unblock(), transaction.atomic():
        with operating():
            put_back()
        yield DoorsWorld()
        transaction.set_rollback(True)


@pytest.fixture
def ears() -> Iterator[Ears]:
    with listening() as heard:
        yield heard
