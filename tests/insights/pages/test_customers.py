"""The list of customers: search, filters, sorting, its file; and that it shows what the partner may see only."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Account, Contact, Customer, CustomerProfile
from insights.services.rollup import rollup
from insights.views.customers import COLUMNS
from partners.permissions import Role
from tests.insights.world import DAY, World
from tests.people import make_staff
from tests.served import CANARY, another_customer, browser, lines_of, serve, text_of

CUSTOMERS = reverse("insights:customers")
CSV = reverse("insights:customers_csv")


@pytest.fixture
def world(db: None) -> World:
    return serve(World())


def listed(client: Client, **query: object) -> list[str]:
    """The names of the customers that are shown, in their order."""
    answer = client.get(CUSTOMERS, {"date": DAY.isoformat()} | query)
    assert answer.status_code == 200, text_of(answer)
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', text_of(answer))


def with_use(world: World, name: str, *, sold: int, assigned: int, active: int) -> Customer:
    """A customer of ours with one subscription, so many licences handed out, and so many of them used."""
    customer = another_customer(world, name)
    subscription = world.subscription(customer=customer, quantity=sold)
    for number in range(assigned):
        world.period(subscription, f"user{number}")
        if number < active:
            world.activity(f"user{number}", "EXO", DAY, customer=customer)
    return customer


def account(world: World, customer: Customer, **fields: object) -> Account:
    return Account.objects.create(partner=world.us, customer=customer, **fields)


@pytest.mark.parametrize("role", Role)
def test_list_is_open_to_every_role(world: World, role: Role) -> None:
    html = text_of(browser(world.us, role).get(CUSTOMERS, {"date": DAY.isoformat()}))
    exports = role in (Role.GLOBAL_ADMIN, Role.ADMIN_AGENT)
    buttons = (CSV in html, reverse("customers:all_subscriptions_csv") in html, reverse("customers:claim") in html)
    assert buttons == (exports,) * 3
    assert browser(world.us, role).get(CSV).status_code == (200 if exports else 403)


def test_list_for_nobody(world: World) -> None:
    assert Client().get(CUSTOMERS).status_code == 302
    assert browser(None).get(CUSTOMERS).status_code == 403


def test_list_shows_what_the_partner_sees_only(world: World) -> None:
    another_customer(world, f"{CANARY} theirs", world.them)
    claimed = world.a_customer(f"{CANARY} claimed")
    world.relationship(world.us, claimed, status="claimed")
    left = world.a_customer(f"{CANARY} left")
    world.relationship(world.us, left, end=DAY)
    theirs = Account.objects.create(partner=world.them, customer=world.customer, segment=CANARY, tags=[CANARY])
    theirs.owner = make_staff(world.them, Role.SALES_AGENT, first_name=CANARY)
    theirs.save()
    Contact.objects.create(account=theirs, name=CANARY, email="canary@x.example")
    client = browser(world.us, *Role)
    assert listed(client) == ["Fabrikam"]
    for search in (CANARY, "canary.example", "canary@x.example", str(claimed.tenant_id)):
        assert listed(client, q=search) == []
    for query in ({}, {"tag": CANARY.lower()}, {"segment": CANARY.lower()}):
        assert CANARY not in text_of(client.get(CUSTOMERS, query))


def test_figures_of_a_customer(world: World) -> None:
    with_use(world, "Adatum", sold=8, assigned=5, active=3)
    html = text_of(browser(world.us, Role.SALES_AGENT).get(CUSTOMERS, {"date": DAY.isoformat()}))
    row = re.search(r"Adatum</a>.*?</tr>", html, re.DOTALL).group()
    numbers = [
        " ".join(re.sub(r"<[^>]+>", " ", cell).split())
        for cell in re.findall(r'<td class="num">.*?</td>', row, re.DOTALL)
    ]
    assert numbers == ["8", "62.5%", "≥ at least 37.5%", "2"]
    row = re.search(r"Fabrikam</a>.*?</tr>", html, re.DOTALL).group()
    assert row.count('<td class="num">–</td>') == 4


def test_customer_since_today_is_listed_without_figures(world: World) -> None:
    new = world.a_customer("New")
    world.subscription(customer=new)
    world.relationship(world.us, new, begin=date(2026, 11, 1))
    client = browser(world.us, Role.SALES_AGENT)
    assert listed(client) == ["Fabrikam", "New"]
    html = text_of(client.get(CUSTOMERS, {"date": DAY.isoformat()}))
    assert re.search(r"New</a>.*?</tr>", html, re.DOTALL).group().count('<td class="num">–</td>') == 4


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ADATUM", ["Adatum Örebro"]),
        ("örebro", ["Adatum Örebro"]),
        ("ÖREBRO adatum", ["Adatum Örebro"]),
        ("adatum fabrikam", []),
        ("fabrikam.example", ["Fabrikam"]),
        ("%", []),
        ("_", []),
        ("V.I.P.", ["Adatum Örebro"]),
        ("eva@", ["Fabrikam"]),
        ("straße", ["Fabrikam"]),
        ("STRASSE", ["Fabrikam"]),
        ("  ", ["Adatum Örebro", "Fabrikam"]),
    ],
)
def test_search(world: World, text: str, names: list[str]) -> None:
    adatum = another_customer(world, "Adatum Örebro", domain="adatum.se")
    account(world, adatum, tags=["v.i.p."])
    Contact.objects.create(account=account(world, world.customer), name="Eva Straße", email="eva@fab.example")
    assert listed(browser(world.us, Role.SALES_AGENT), q=text) == names


def test_search_by_customer_id_however_it_is_written(world: World) -> None:
    another_customer(world, "Adatum")
    key = world.customer.tenant_id
    client = browser(world.us, Role.SALES_AGENT)
    for text in (str(key), key.hex.upper(), f"{{{key}}}", str(key)[:13]):
        assert listed(client, q=text) == ["Fabrikam"]


def test_filters(world: World) -> None:
    owner = make_staff(world.us, Role.SALES_AGENT, first_name="Ann")
    adatum = another_customer(world, "Adatum", country="NO", segment="Public")
    account(world, adatum, owner=owner, tags=["vip"])
    account(world, world.customer, segment="Retail")
    client = browser(world.us, Role.SALES_AGENT)
    expected = {
        "country=no": ["Adatum"],
        "country=SE": ["Fabrikam"],
        "segment=public": ["Adatum"],
        "segment=retail": ["Fabrikam"],
        f"owner={owner.pk}": ["Adatum"],
        "owner=none": ["Fabrikam"],
        "tag=VIP": ["Adatum"],
        "tag=none": [],
        "tag=vip&country=SE": [],
        "q=adatum&tag=vip": ["Adatum"],
    }
    found = {query: listed(client, **dict(pair.split("=") for pair in query.split("&"))) for query in expected}
    assert found == expected


def test_own_segment_instead_of_the_delivered_one(world: World) -> None:
    CustomerProfile.objects.filter(customer=world.customer, stated_by=None).update(segment="Delivered")
    account(world, world.customer, segment="Own")
    Account.objects.create(partner=world.them, customer=world.customer, segment=CANARY)
    client = browser(world.us, Role.SALES_AGENT)
    assert (listed(client, segment="Own"), listed(client, segment="Delivered")) == (["Fabrikam"], [])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"country": "Sweden"}, "country: “Sweden” is no country"),
        ({"owner": "x"}, "owner: “x” is nobody of your staff"),
        ({"sort": "price"}, "sort: “price” is no column to sort by"),
        ({"page": "2"}, "page: “2” is no page of this table"),
        ({"date": "2026-02-30"}, "date: “2026-02-30” is no day"),
        ({"date": "9999-01-01"}, "date: 9999-01-01 is still to come"),
        ({"q": "x" * 201}, "q: expected text of at most 200 characters."),
    ],
)
def test_wrong_parameter_is_named(world: World, query: dict[str, str], message: str) -> None:
    answer = browser(world.us, Role.SALES_AGENT).get(CUSTOMERS, query)
    assert (answer.status_code, message in text_of(answer)) == (400, True)


def test_foreign_owner_is_as_unknown(world: World) -> None:
    theirs = make_staff(world.them, Role.SALES_AGENT)
    client = browser(world.us, Role.SALES_AGENT)
    answers = [client.get(CUSTOMERS, {"owner": key}) for key in (theirs.pk, 999999)]
    assert [answer.status_code for answer in answers] == [400, 400]


def test_sorting(world: World) -> None:
    with_use(world, "adatum", sold=10, assigned=4, active=1)
    with_use(world, "Bellows", sold=5, assigned=5, active=5)
    client = browser(world.us, Role.SALES_AGENT)
    orders = {
        "name": ["adatum", "Bellows", "Fabrikam"],
        "-name": ["Fabrikam", "Bellows", "adatum"],
        "sold": ["Bellows", "adatum", "Fabrikam"],
        "-usage_pct": ["Bellows", "adatum", "Fabrikam"],
        "deployment_pct": ["adatum", "Bellows", "Fabrikam"],
        "-idle": ["adatum", "Bellows", "Fabrikam"],
    }
    assert {order: listed(client, sort=order) for order in orders} == orders


def test_csv_is_the_whole_table_filtered_and_sorted(world: World) -> None:
    owner = make_staff(world.us, Role.SALES_AGENT, first_name="Ann", last_name="Lee")
    adatum = with_use(world, "=Adatum", sold=8, assigned=5, active=3)
    account(world, adatum, owner=owner, tags=["a", "b"], segment="Own")
    for number in range(51):
        another_customer(world, f"Z{number:02}")
    client = browser(world.us, Role.ADMIN_AGENT)
    whole = lines_of(client.get(CSV, {"date": DAY.isoformat()}))
    assert (whole[0], len(whole)) == (list(COLUMNS), 1 + 1 + 1 + 51)
    expected = [
        str(adatum.tenant_id), "'=Adatum", "fabrikam.example", "SE", "Own", "Ann Lee", "a, b", "2026-01-01",
        "2026-03-31", "8", "8", "5", "3", "2", "3", "62.5", "37.5", "37.5", "60.0", "1",
    ]  # fmt: skip
    assert whole[1] == expected
    assert lines_of(client.get(CSV, {"date": DAY.isoformat(), "tag": "a", "q": "adatum", "sort": "-idle"}))[1:] == [
        expected
    ]


@pytest.mark.parametrize("sort", ["name", "-idle"])
@pytest.mark.parametrize("number", [1, 3])
def test_number_of_queries(world: World, number: int, sort: str, django_assert_num_queries) -> None:
    for key in range(number):
        customer = with_use(world, f"Customer {key}", sold=3, assigned=2, active=1)
        Contact.objects.create(account=account(world, customer, tags=["t"]), name="Eva")
    rollup(first=DAY, last=DAY)
    client = browser(world.us, Role.GLOBAL_ADMIN)
    with django_assert_num_queries(9):
        assert len(listed(client, sort=sort, q="customer")) == number


def test_pages(world: World) -> None:
    for number in range(50):
        another_customer(world, f"Customer {number:02}")
    client = browser(world.us, Role.SALES_AGENT)
    assert (len(listed(client)), listed(client, page=2)) == (50, ["Fabrikam"])
    html = text_of(client.get(CUSTOMERS, {"date": DAY.isoformat()}))
    assert "51 customers" in " ".join(html.split())


def test_default_day_is_the_latest_complete_one(world: World) -> None:
    with_use(world, "Adatum", sold=1, assigned=1, active=1)
    html = text_of(browser(world.us, Role.SALES_AGENT).get(CUSTOMERS))
    assert "As of 31 Mar 2026" in html
