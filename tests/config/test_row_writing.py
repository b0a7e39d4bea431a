"""Row-level security: a row that a scope doesn't show can't be written in it either, whatever the table."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import DatabaseError, connection, transaction

from insights.services.rollup import rollup
from partners.tenancy import NOBODY, acting_for, counting, within
from tests.config.tables import rows, secured
from tests.config.tenants import Tenants, fill
from tests.insights.world import DAY

pytestmark = pytest.mark.django_db

COUNTED = {
    "customers_alias",
    "customers_entitlementperiod",
    "customers_holding",
    "customers_leftoutperson",
    "customers_seenlist",
    "customers_seensubscription",
    "customers_skutotal",
    "customers_subscription",
    "customers_subscriptionversion",
    "insights_figure",
    "insights_monthfigure",
}
"""The tables of which `counting()` shows more."""


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


def reached(table: str, row: str) -> bool:
    """Whether the row can be changed or removed; an error that comes after the policies says that it can."""
    [key] = rows(
        "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]"
        f" WHERE indrelid = '{table}'::regclass AND indisprimary"
    )
    where = "WHERE to_jsonb(r)::text = %s"
    return any(
        _reached(statement, row)
        for statement in (f"UPDATE {table} r SET {key[0]} = {key[0]} {where}", f"DELETE FROM {table} r {where}")
    )


def _reached(statement: str, row: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [row])
            transaction.set_rollback(True)
            return cursor.rowcount > 0
    except DatabaseError:
        return True


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


def test_counting_shows_more_and_writes_none_of_it(tenants: Tenants) -> None:
    # Of a customer of whom all is sold by one partner, figures over all sellers show to others while counting.
    sole = tenants.world.a_customer("Sole")
    tenants.world.relationship(tenants.us, sole)
    tenants.world.subscription(seller=tenants.them, customer=sole)
    rollup(first=DAY, last=DAY)
    with acting_for(tenants.us.pk):
        shown = everything()
        with counting():
            counted = everything() - shown
            assert {table for table, _row in counted} == COUNTED
            assert accepted(counted) == set()
            assert {table for table, row in counted if reached(table, row)} == set()


def test_counting_writes_nothing_of_ones_own_either(tenants: Tenants) -> None:
    with acting_for(tenants.us.pk):
        own = Counter({(table, row): 1 for table, row in everything() if table in COUNTED})
        with counting():
            assert {table for table, _row in own} == COUNTED
            assert accepted(own) == set()
            assert {table for table, row in own if reached(table, row)} == set()


def test_operator_writes_while_counting(tenants: Tenants) -> None:
    with counting():
        assert {table for table, row in everything() if table in COUNTED and reached(table, row)} == COUNTED
