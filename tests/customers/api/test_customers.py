"""`/api/v1/customers/`: whose customers are listed, what is said of them, and which filters there are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from customers import models
from customers.clock import today
from partners.models import Staff
from partners.permissions import Role
from tests.asking import asking, errors, problem, results
from tests.insights.world import LONG_AGO, World
from tests.people import make_staff

pytestmark = pytest.mark.django_db

LIST = "/api/v1/customers/"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ann(world: World) -> Staff:
    return make_staff(world.us, Role.SALES_AGENT, email="ann@us.example")


@pytest.fixture
def client(ann: Staff) -> Client:
    return asking(ann)


def customer_named(world: World, name: str, **profile) -> models.Customer:
    customer = world.a_customer(name)
    models.CustomerProfile.objects.filter(customer=customer).update(**profile)
    world.relationship(world.us, customer)
    return customer


def names(client: Client, query: str = "") -> list[str]:
    return [row["name"] for row in results(client.get(LIST + query))]


def test_customer_is_told_as_the_partner_sees_it(world: World, ann: Staff, client: Client) -> None:
    world.relationship(world.us, world.customer)
    models.CustomerProfile.objects.create(
        customer=world.customer,
        stated_by=world.us,
        name="Fabrikam AB",
        domain="fabrikam.se",
        country="SE",
        segment="SMB",
    )
    models.Account.objects.create(
        partner=world.us, customer=world.customer, owner=ann, segment="Key", tags=["north", "gold"]
    )
    models.Account.objects.create(partner=world.them, customer=world.customer, segment="Theirs", tags=["canary"])
    expected = {
        "customer_id": str(world.customer.tenant_id),
        "name": "Fabrikam AB",
        "domain": "fabrikam.se",
        "country": "SE",
        "segment": "Key",
        "owner": "ann@us.example",
        "tags": ["gold", "north"],
        "since": LONG_AGO.isoformat(),
    }
    assert client.get(LIST).json() == {"count": 1, "next": None, "previous": None, "results": [expected]}
    assert client.get(f"{LIST}{world.customer.tenant_id}/").json() == expected


def test_customer_with_no_more_than_a_name(world: World, client: Client) -> None:
    world.relationship(world.us, world.customer)
    (row,) = results(client.get(LIST))
    assert (row["owner"], row["tags"], row["segment"]) == (None, [], "")


@pytest.mark.parametrize(
    "how",
    [
        {"status": "claimed"},
        {"begin": today() + timedelta(days=1)},
        {"end": today()},
        None,
    ],
    ids=["waits", "to come", "over", "none"],
)
def test_customer_without_a_confirmed_relationship_today_isnt_there(world: World, client: Client, how) -> None:
    world.relationship(world.them, world.customer)
    if how is not None:
        world.relationship(world.us, world.customer, **how)
    assert client.get(LIST).json() == {"count": 0, "next": None, "previous": None, "results": []}
    foreign = client.get(f"{LIST}{world.customer.tenant_id}/")
    nothing = client.get(f"{LIST}{world.guid()}/")
    assert problem(foreign, 404) == problem(nothing, 404)


def test_list_is_in_the_order_of_folded_names_then_ids(world: World, client: Client) -> None:
    for name in ("beta", "Alpha", "alpha", "Öst", "Zeta"):
        customer_named(world, name)
    told = [(row["name"].casefold(), row["customer_id"]) for row in results(client.get(LIST))]
    assert told == sorted(told)
    assert [name for name, _ in told] == ["alpha", "alpha", "beta", "zeta", "öst"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Alpha", "Beta", "Gamma"]),
        ("?country=SE", ["Alpha"]),
        ("?country=se", ["Alpha"]),
        ("?country=", ["Alpha", "Beta", "Gamma"]),
        ("?country=US", []),
        ("?segment=smb", ["Alpha", "Beta"]),
        ("?segment=smb&country=NO", ["Beta"]),
        ("?tag=GOLD", ["Gamma"]),
        ("?tag=gol", []),
        ("?owner=ann@us.example", ["Gamma"]),
        ("?owner=bob@us.example", []),
        ("?search=MMA", ["Gamma"]),
        ("?search=beta.example", ["Beta"]),
        ("?search=a%0Ab", []),
    ],
)
def test_filters(world: World, ann: Staff, client: Client, query: str, expected: list[str]) -> None:
    customer_named(world, "Alpha", country="SE", segment="SMB", domain="alpha.example")
    customer_named(world, "Beta", country="NO", segment="SMB", domain="beta.example")
    gamma = customer_named(world, "Gamma", country="NO", domain="gamma.example")
    models.Account.objects.create(partner=world.us, customer=gamma, owner=ann, tags=["Gold"])
    assert names(client, query) == expected


def test_pages(world: World, client: Client) -> None:
    for name in "ABCDE":
        customer_named(world, name)
    first = client.get(f"{LIST}?page_size=2&country=SE").json()
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()
    pages = (first, second, third)
    assert [[row["name"] for row in page["results"]] for page in pages] == [["A", "B"], ["C", "D"], ["E"]]
    assert [page["count"] for page in pages] == [5, 5, 5]
    assert first["next"] == "http://testserver/api/v1/customers/?country=SE&page=2&page_size=2"
    assert (first["previous"], third["next"]) == (None, None)
    assert client.get(third["previous"]).json() == second
    assert client.get(second["previous"]).json()["results"] == first["results"]


def test_page_past_the_last_isnt_there(world: World, client: Client) -> None:
    detail = "page: there is no page 2, the last one is 1."
    assert problem(client.get(f"{LIST}?page=2"), 404)["detail"] == detail


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?page=0", {"page": ["Ensure this value is greater than or equal to 1."]}),
        ("?page=x", {"page": ["A valid integer is required."]}),
        ("?page_size=1001", {"page_size": ["Ensure this value is less than or equal to 1000."]}),
        ("?page=1&page=2", {"page": ["Given twice; expected once."]}),
        (
            "?name=x",
            {"name": ["Unknown here; the parameters are: page, page_size, country, segment, owner, tag, search."]},
        ),
        ("?country=%00", {"country": ["Null characters are not allowed."]}),
        ("?page=x&page_size=x", {name: ["A valid integer is required."] for name in ("page", "page_size")}),
    ],
)
def test_wrong_parameters_are_named(client: Client, query: str, expected: dict) -> None:
    assert errors(client.get(LIST + query)) == expected


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_dont_grow(world: World, ann: Staff, client: Client, rows: int, django_assert_num_queries) -> None:
    for name in "ABC"[:rows]:
        customer = customer_named(world, name)
        models.Account.objects.create(partner=world.us, customer=customer, owner=ann)
    client.get(LIST)
    with django_assert_num_queries(3):
        assert len(results(client.get(LIST))) == rows
    with django_assert_num_queries(3):
        client.get(f"{LIST}{customer.tenant_id}/")
