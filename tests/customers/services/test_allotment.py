"""Places follow whatever changes the facts: loads, corrections, undone loads."""

from __future__ import annotations

from pathlib import Path

import pytest

from customers.models import Customer, EntitlementPeriod, Load, SubscriptionVersion
from customers.models.alias import AccountKind
from customers.services.corrections.mailboxes import leave_out_mailbox
from customers.services.corrections.records import VERSION
from customers.services.undo import undo
from partners.models import Partner, Staff
from partners.permissions import Role
from partners.services.corrections import correct
from partners.tenancy import acting_for
from tests.customers.feed import reading
from tests.customers.feed.conftest import E3, FABRIKAM, SUBSCRIPTIONS, WORLD, Feeds, version
from tests.customers.feed.importing import imported
from tests.customers.feed.test_lists import held, seen
from tests.customers.feed.test_sku_totals import external, total
from tests.people import make_staff

SIGHT = "customer_id,day,subscription_id,seller,sku_id,status,quantity,is_trial\n"


@pytest.fixture
def sold(db: None, tmp_path: Path) -> Feeds:
    """Alpha sold S1, with 1 licence, to Fabrikam."""
    feeds = Feeds(tmp_path)
    assert not feeds.load(WORLD).refused
    feeds.counts("subscriptions.csv", SUBSCRIPTIONS + version("S1", quantity=1), partner="alpha")
    return feeds


def agent() -> Staff:
    return make_staff(Partner.objects.get(slug="alpha"), Role.ADMIN_AGENT)


def imports() -> list[Load]:
    return list(Load.objects.filter(kind=Load.Kind.IMPORT).order_by("pk"))


def state() -> tuple[object, ...]:
    return held(), reading.periods(), external(), reading.versions()


def test_correction_by_a_partner_moves_places_in_others_subscriptions_too(sold: Feeds) -> None:
    sold.counts("subscriptions.csv", SUBSCRIPTIONS + version("S2", seller="external"))
    imported(seen("2026-03-01", "ann", "bob"))
    assert [row[:2] for row in reading.periods()] == [("s1", "ann"), ("s2", "bob")]
    actor = agent()
    with acting_for(actor.partner_id):
        before = VERSION.cells_of(SubscriptionVersion.objects.get(subscription__key="s1"))
        correct(actor=actor, fact=VERSION, before=before, after={**before, "quantity": "2"}, reason="More")
    assert [row[:2] for row in reading.periods()] == [("s1", "ann"), ("s1", "bob")]


def test_mailbox_that_is_left_out_keeps_its_place(sold: Feeds) -> None:
    sold.counts("subscriptions.csv", SUBSCRIPTIONS + version("S2", seller="external"))
    imported(seen("2026-03-01", "ann", "bob"))
    customer = Customer.objects.get(tenant_id=FABRIKAM)
    leave_out_mailbox(actor=agent(), customer=customer, user_id="ann", mailbox=AccountKind.ROOM, reason="A room")
    assert [row[:2] for row in reading.periods()] == [("s1", "ann"), ("s2", "bob")]
    imported(seen("2026-03-08", "ann", "bob", "cat"))
    assert [row[:2] for row in reading.periods()] == [("s1", "ann"), ("s2", "bob"), ("s2", "cat")]


def test_undone_list_is_as_if_it_had_never_been(sold: Feeds) -> None:
    imported(seen("2026-03-01", "ann"))
    imported(seen("2026-03-15", "ann", "cat"))
    expected = state()
    imported(seen("2026-03-08", "bob"))
    assert state() != expected
    undo(actor=None, load=imports()[-1])
    assert state() == expected


def test_undone_first_list_leaves_what_the_later_ones_say(sold: Feeds) -> None:
    imported(seen("2026-03-01", "ann", "bob") | total("2026-03-01", 5))
    imported(seen("2026-03-08", "bob", "cat"))
    imported({"subscriptions_seen.csv": f"{SIGHT}{FABRIKAM},2026-03-09,S9,external,{E3},active,2,false\n"})
    undo(actor=None, load=imports()[0])
    assert held() == [("bob", "2026-03-08", None), ("cat", "2026-03-08", None)]
    assert reading.periods() == [
        ("s1", "bob", "entitled", "2026-03-08", None),
        ("s1", "cat", "entitled", "2026-03-08", None),
    ]
    assert external() == []


def test_undone_sight_is_seen_again_by_the_later_one(sold: Feeds) -> None:
    for day, quantity in (("2026-03-01", 4), ("2026-03-05", 4), ("2026-03-09", 4)):
        line = f"{FABRIKAM},{day},S9,external,{E3},active,{quantity},false\n"
        imported({"subscriptions_seen.csv": SIGHT + line})
    undo(actor=None, load=imports()[0])
    assert [row[:4] for row in reading.versions() if row[0] == "s9"] == [("s9", "2026-03-05", "external", 4)]


def test_places_in_a_subscription_that_vanishes_are_given_anew(sold: Feeds) -> None:
    imported(total("2026-03-01", 3) | seen("2026-03-01", "ann", "bob"))
    assert {row[0] for row in reading.periods()} == {"s1", f"external:{FABRIKAM}:{E3}"}
    undo(actor=None, load=imports()[0])
    assert not EntitlementPeriod.objects.exists()
    assert external() == []


@pytest.mark.parametrize("people_first", [True, False])
def test_who_comes_first_does_not_depend_on_which_identifier_was_known_first(
    sold: Feeds, *, people_first: bool
) -> None:
    sold.counts("subscriptions.csv", SUBSCRIPTIONS + version("S2", seller="external"))
    people = {"people.csv": f"customer_id,user_id,principal_name\n{FABRIKAM},amy,zoe\n"}
    listed = seen("2026-03-01", "bob", "zoe")
    for files in (people, listed) if people_first else (listed, people):
        imported(files)
    assert [(row[0], row[1] in {"amy", "zoe"}) for row in reading.periods()] == [("s1", True), ("s2", False)]
