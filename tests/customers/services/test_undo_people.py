"""An undone people.csv: nobody is joined any more, whatever has been loaded since."""

from __future__ import annotations

from pathlib import Path

import pytest

from customers.models import Alias, Load, Person, Reported
from customers.services.undo import undo
from tests.customers.feed.conftest import FABRIKAM, SUBSCRIPTIONS, TODAY, WORLD, Feeds, version
from tests.customers.feed.importing import imported
from tests.customers.feed.reading import activity, periods
from tests.people import make_operator

ANN = "11111111-0000-0000-0000-000000000001"
BOB = "22222222-0000-0000-0000-000000000002"
PEOPLE = "customer_id,user_id,principal_name\n"
PERIODS = "subscription_id,user_id,from,state,to\n"
ACTIVITY = "customer_id,user_id,service,day\n"


@pytest.fixture
def feeds(db: None, tmp_path: Path) -> Feeds:
    """Ann holds S1 by her object id, and works by her name."""
    world = Feeds(tmp_path)
    world.load(WORLD | {"subscriptions.csv": SUBSCRIPTIONS + version("S1")})
    world.load({"entitlements.csv": PERIODS + f"S1,{ANN},2026-02-01,entitled,\n"})
    world.load({"activity.csv": ACTIVITY + f"{FABRIKAM},ann@x.com,EXO,2026-11-01\n"})
    return world


def people() -> list[tuple[str, int | None]]:
    return list(Person.objects.order_by("number").values_list("key", "same_as"))


def take_back() -> None:
    """Undo the last load of its kind."""
    load = Load.objects.filter(kind=Load.Kind.IMPORT).latest("pk")
    undo(actor=make_operator(), load=load)


def test_people_are_apart_again(feeds: Feeds) -> None:
    before = people(), periods(), activity()
    imported({"people.csv": PEOPLE + f"{FABRIKAM},{ANN},ann@x.com\n"})
    assert people() == [(ANN, None), ("ann@x.com", 0)]
    take_back()
    assert (people(), periods(), activity()) == before
    assert Alias.objects.count() == 0


def test_later_lines_are_taken_as_if_nobody_had_been_joined(feeds: Feeds) -> None:
    imported({"people.csv": PEOPLE + f"{FABRIKAM},{ANN},ann@x.com\n"})
    feeds.load({"entitlements.csv": PERIODS + "S1,ann@x.com,2026-02-01,entitled,2026-03-01\n"})
    assert periods() == [("s1", ANN, "entitled", "2026-02-01", "2026-03-01")]
    take_back()
    assert periods() == [
        ("s1", ANN, "entitled", "2026-02-01", None),
        ("s1", "ann@x.com", "entitled", "2026-02-01", "2026-03-01"),
    ]


def test_name_that_had_moved_is_the_first_persons_again(feeds: Feeds) -> None:
    imported({"people.csv": PEOPLE + f"{FABRIKAM},{ANN},ann@x.com\n"})
    before = people()
    imported({"people.csv": PEOPLE + f"{FABRIKAM},{BOB},ann@x.com\n"})
    assert [same_as for _key, same_as in people()] == [None, 0, None, 2]
    take_back()
    assert people() == before


def test_reported_percentages_go(feeds: Feeds) -> None:
    header = "customer_id,day,metric,service,numerator,denominator\n"
    imported({"reported.csv": header + f"{FABRIKAM},{TODAY.isoformat()},usage,o365,1,2\n"})
    assert Reported.objects.count() == 1
    take_back()
    assert Reported.objects.count() == 0
