"""Tells PostgreSQL's planner of tables that a load has just filled.

It would learn of them a minute after the transaction; until then it takes a customer with a million people for one with a
hundred, and joins them each with each.
"""

from __future__ import annotations

from customers.feed.context import FileContext

MANY = 5_000
TARGET = 20
"""How closely the tables of one load are looked at; they live for a moment."""
PEOPLE = "customers_person"
_WRITTEN = {
    "people.csv": ["customers_alias"],
    "subscriptions.csv": ["customers_subscription", "customers_subscriptionversion"],
    "subscriptions_seen.csv": ["customers_subscription", "customers_subscriptionversion"],
    "entitlements.csv": ["customers_entitlementperiod"],
    "holdings.csv": ["customers_holding"],
    "lists.csv": ["customers_holding"],
}


def tell_of(context: FileContext, *tables: str, rows: int) -> None:
    """So many rows have been added to these tables."""
    if tables and rows >= MANY:
        context.run("SET LOCAL default_statistics_target TO DEFAULT")
        context.run("SELECT customers_fresh_statistics(%(tables)s)", {"tables": list(tables)})
        context.run(f"SET LOCAL default_statistics_target = {TARGET}")


def tell_of_file(context: FileContext, name: str) -> None:
    """The file of this name has been merged."""
    tell_of(context, *_WRITTEN.get(name, ()), rows=context.counts.new)
