"""Puts the demo portfolio into an installation, and takes an older one out again."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction

from customers.demo import write_demo_feed
from customers.demo.accounts import ACCOUNTS, Kept
from customers.demo.catalogue import PARTNERS
from customers.demo.chance import guid
from customers.demo.feed import customer_id, partner_id
from customers.demo.parts import OPERATOR, PARTS
from customers.demo.stories import CUSTOMERS
from customers.models import Load
from customers.selectors.accounts import AccountState, account_state
from customers.selectors.customers import customer_of
from customers.services.accounts import edit_account
from customers.services.feed import FeedReport, load_feed
from customers.services.finishing import book_on
from partners.models import Partner, Staff
from partners.permissions import Role
from partners.services.demo_logins import address_of

_SOURCE = "demo portfolio of {today}"

# Children before parents. Only what belongs to the demo's own customers.
_TABLES = (
    "customers_journalentry",
    "customers_loadlines",
    "customers_removedbits",
    "customers_activitystatement",
    "customers_coveragestatement",
    "customers_activity",
    "customers_coverage",
    "customers_entitlementperiod",
    "customers_holding",
    "customers_seenlist",
    "customers_seensubscription",
    "customers_skutotal",
    "customers_supportcase",
    "customers_satisfactionresponse",
    "customers_relationship",
    "customers_customerprofile",
    "customers_alias",
    "customers_leftoutperson",
    "customers_reported",
    "customers_person",
)
_VERSIONS = """
    DELETE FROM customers_subscriptionversion v USING customers_subscription s
    WHERE s.id = v.subscription_id AND s.customer_id = ANY(%s)
"""


def is_loaded(*, today: date) -> bool:
    """Whether the demo that ends yesterday, seen from `today`, is there already: all its parts."""
    return Load.objects.filter(source=_source(PARTS[-1], today), finished_at__isnull=False).exists()


def load_demo(*, today: date) -> FeedReport:
    """Load the demo portfolio that ends yesterday, part by part through the feed; one of an earlier day is removed first.

    Each part is loaded with the rights of whom it is named after. The report is the last part's, or the first's of which
    something was refused: the parts behind it aren't loaded then.
    """
    remove_demo()
    with tempfile.TemporaryDirectory() as folder:
        write_demo_feed(Path(folder), today)
        for part in PARTS:
            report = _load_part(Path(folder), part, today)
            if report.refused:
                break
    return report


def _load_part(folder: Path, part: str, today: date) -> FeedReport:
    source = (folder / part).rename(folder / _source(part, today))
    partner = None if part == OPERATOR else _partner(part)
    return load_feed(source=source, stated_by=partner, today=today)


def _source(part: str, today: date) -> str:
    """The name under which a part is loaded."""
    return f"{_SOURCE.format(today=today)}, {part}"


def _partner(code: str) -> Partner:
    return Partner.objects.get(partner_id=partner_id(code))


def keep_demo_accounts(*, today: date) -> None:
    """Give customers owners, tags and contacts (`customers.demo.accounts`), in the name of the partners' demo logins.

    What a partner keeps on a customer already stays.
    """
    for kept in ACCOUNTS:
        _keep(kept, _partner(kept.partner), today)


def _keep(kept: Kept, partner: Partner, today: date) -> None:
    customer = customer_of(partner=partner, customer_id=UUID(guid("customer", kept.customer)), day=today)
    if customer is None or account_state(partner=partner, customer=customer.id) != AccountState():
        return
    owner = None if kept.owner is None else _login(partner, kept.owner).pk
    edit_account(
        actor=_login(partner, Role.ADMIN_AGENT),
        customer=customer,
        wanted=AccountState(owner=owner, tags=kept.tags, contacts=kept.contacts),
        seen=AccountState().fingerprint,
    )


def _login(partner: Partner, role: Role) -> Staff:
    return Staff.objects.get(email__iexact=address_of(partner, role))


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
        book_on("off")
        cursor.execute(_VERSIONS, [customers])
        for table in (*_TABLES, "customers_subscription"):
            cursor.execute(f"DELETE FROM {table} WHERE customer_id = ANY(%s)", [customers])  # noqa: S608  a constant
        cursor.execute(
            "UPDATE customers_staledays SET seq = seq + 1, days = '{(,)}' WHERE customer_id = ANY(%s)", [customers]
        )
        book_on("")
        Load.objects.filter(source__startswith=_SOURCE.format(today="")).update(finished_at=None)
