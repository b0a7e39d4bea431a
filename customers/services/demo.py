"""Puts the demo portfolio into an installation, and takes an older one out again."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from django.db import connection, transaction

from customers.demo import write_demo_feed
from customers.demo.catalogue import PARTNERS
from customers.demo.feed import customer_id, partner_id
from customers.demo.stories import CUSTOMERS
from customers.models import Load
from customers.services.feed import FeedReport, load_feed
from partners.models import Partner

_SOURCE = "demo portfolio of {today}"

# Children before parents. Only what belongs to the demo's own customers.
_TABLES = (
    "customers_activitystatement",
    "customers_coveragestatement",
    "customers_activity",
    "customers_coverage",
    "customers_entitlementperiod",
    "customers_supportcase",
    "customers_satisfactionresponse",
    "customers_relationship",
    "customers_customerprofile",
    "customers_person",
)
_VERSIONS = """
    DELETE FROM customers_subscriptionversion v USING customers_subscription s
    WHERE s.id = v.subscription_id AND s.customer_id = ANY(%s)
"""


def is_loaded(*, today: date) -> bool:
    """Whether the demo that ends yesterday, seen from `today`, is there already."""
    return Load.objects.filter(source=_SOURCE.format(today=today), finished_at__isnull=False).exists()


def load_demo(*, today: date) -> FeedReport:
    """Load the demo portfolio that ends yesterday, through the feed; one of an earlier day is removed first."""
    remove_demo()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _SOURCE.format(today=today)
        write_demo_feed(path, today)
        return load_feed(source=path, stated_by=None, today=today)


def demo_partners() -> list[Partner]:
    """The demo's partners that are there, by slug."""
    return list(
        Partner.objects.filter(partner_id__in=[partner_id(partner.code) for partner in PARTNERS]).order_by("slug")
    )


def remove_demo() -> None:
    """Remove what is known of the demo's customers; partners and SKUs stay."""
    tenants = [customer_id(customer) for customer in CUSTOMERS]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM customers_customer WHERE tenant_id = ANY(%s::uuid[])", [tenants])
        customers = [row[0] for row in cursor.fetchall()]
        cursor.execute(_VERSIONS, [customers])
        for table in (*_TABLES, "customers_subscription"):
            cursor.execute(f"DELETE FROM {table} WHERE customer_id = ANY(%s)", [customers])  # noqa: S608  a constant
        cursor.execute(
            "UPDATE customers_staledays SET seq = seq + 1, days = '{(,)}' WHERE customer_id = ANY(%s)", [customers]
        )
        Load.objects.filter(source__startswith=_SOURCE.format(today="")).update(finished_at=None)
