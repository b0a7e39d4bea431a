"""Row-level security: a row that a scope doesn't show can't be written in it either, whatever the table."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import DatabaseError, connection, transaction

from partners.tenancy import NOBODY, acting_for, within
from tests.config.tables import rows, secured
from tests.config.tenants import Tenants, fill

pytestmark = pytest.mark.django_db


def everything() -> Counter[tuple[str, str]]:
    """All rows that show: the table, and the row as JSON."""
    return Counter((table, row) for table in secured() for (row,) in rows(f"SELECT to_jsonb(r)::text FROM {table} r"))


def accepted(hidden: Counter[tuple[str, str]]) -> set[str]:
    """The tables into which one of the rows may be written."""
    return {table for table, row in hidden if not refused(table, row)}


def refused(table: str, row: str) -> bool:
    """Whether the policies refuse to write the row; they are asked before any other rule."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s)", [row])
            transaction.set_rollback(True)
    except DatabaseError as error:
        return "violates row-level security policy" in str(error)
    return False


@pytest.fixture
def tenants() -> Tenants:
    return fill()


def test_partner_writes_no_row_that_it_does_not_see(tenants: Tenants) -> None:
    every = everything()
    with acting_for(tenants.us.pk):
        hidden = every - everything()
        assert {table for table, _row in hidden} == set(secured())
        assert accepted(hidden) == set()


def test_nobody_writes_anything(tenants: Tenants) -> None:
    every = everything()
    with within(NOBODY):
        assert accepted(every) == set()
