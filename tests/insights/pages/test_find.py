"""The command menu's page: customers that the person may see, pages that he or she may open, views."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from customers import models
from insights.models import SavedView
from partners.permissions import Role
from tests.insights.pages.conftest import Portfolio, staff_of
from tests.people import signed_in

FIND = reverse("insights:find")
PAGES = {
    Role.SALES_AGENT: ["/next-steps/"],
    Role.GLOBAL_ADMIN: ["/next-steps/", "/settings/next-steps/"],
    Role.USER_ADMIN: ["/next-steps/"],
}


def found(client: Client, text: str, **headers: str) -> list[str]:
    """Where the results lead, in their order; the links of navigation and footer left out."""
    answer = client.get(FIND, {"q": text}, headers=headers)
    assert answer.status_code == 200
    html = answer.content.decode()
    results = html if headers else html.partition('id="results"')[2].partition("</main>")[0]
    return re.findall(r'href="([^"]*)"', results)


def address(customer: models.Customer) -> str:
    return reverse("insights:customer", args=[customer.tenant_id])


def test_customers_whose_name_begins_so_come_first(world: Portfolio, browser: Client) -> None:
    names = ("Über Alpha", "alpha two", "Alpha one", "Beta xalpha", "Gamma")
    customers = {name: world.serve(name) for name in names}
    expected = [address(customers[name]) for name in ("Alpha one", "alpha two", "Über Alpha", "Beta xalpha")]
    assert found(browser, "ALPHA") == expected
    assert found(browser, "ALPHA", HX_Request="true") == expected


def test_customers_are_found_as_in_their_list(world: Portfolio, browser: Client) -> None:
    contoso = world.serve("Contoso")
    account = models.Account.objects.create(partner=world.us, customer=contoso, tags=["v.i.p."])
    models.Contact.objects.create(account=account, name="Eva", email="eva@contoso.example")
    for text in ("v.i.p.", "eva@", "conto so", str(contoso.tenant_id), contoso.tenant_id.hex.upper()):
        assert found(browser, text) == [address(contoso)], text


def test_nothing_of_others_is_found(world: Portfolio, browser: Client) -> None:
    world.relationship(world.them, world.a_customer("Secret theirs"))
    world.relationship(world.us, world.a_customer("Secret claim"), status="claimed")
    owner = staff_of(world, partner=world.them)
    SavedView.objects.create(partner=world.them, owner=owner, page="/", query="by=sku", name="Secret", is_shared=True)
    assert found(browser, "Secret") == [reverse("insights:customers")]


def test_ten_are_shown_and_the_rest_is_a_link_away(world: Portfolio, browser: Client) -> None:
    for number in range(12):
        world.serve(f"Contoso {number}")
    links = found(browser, "contoso")
    assert len(links) == 11
    assert links[-1] == "/customers/?q=contoso"
    assert "All 12 customers that are found" in browser.get(FIND, {"q": "contoso"}).content.decode()


@pytest.mark.parametrize("role", list(PAGES))
def test_pages_that_a_role_may_open_are_found(sign_in: Callable[..., Client], role: Role) -> None:
    assert found(sign_in(role), "next st") == PAGES[role]


def test_without_words_all_pages_are_listed(sign_in: Callable[..., Client]) -> None:
    links = found(sign_in(Role.SALES_AGENT), "", HX_Request="true")
    assert links[0] == "/"
    assert {"/customers/", "/analysis/usage/", "/views/"} < set(links)
    assert len(links) == len(set(links))
    assert not set(links) & {"/staff/", "/settings/", "/imports/", "/audit/"}


def test_views_are_found_by_name(world: Portfolio) -> None:
    owner = staff_of(world)
    SavedView.objects.create(partner=world.us, owner=owner, page="/customers/", query="country=SE", name="All Swedes")
    assert found(signed_in(owner), "swed") == ["/customers/?country=SE"]


def test_nothing_found_says_what_to_do(browser: Client) -> None:
    html = browser.get(FIND, {"q": "qqq"}).content.decode()
    assert "Nothing is found" in html
    assert found(browser, "qqq") == ["/customers/"]
    assert (
        'data-said="Nothing is found."'
        in browser.get(FIND, {"q": "qqq"}, headers={"HX-Request": "true"}).content.decode()
    )


def test_list_of_the_menu_is_a_part_of_a_page(browser: Client) -> None:
    answer = browser.get(FIND, {"q": "next"}, headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert "HX-Request" in answer["Vary"]


def test_too_long_a_text_is_refused(browser: Client) -> None:
    assert browser.get(FIND, {"q": "a" * 201}).status_code == 400


@pytest.mark.parametrize("customers", [1, 3])
def test_search_takes_as_many_queries_whatever_there_is(
    world: Portfolio, browser: Client, django_assert_num_queries: Callable[..., object], customers: int
) -> None:
    for number in range(customers):
        world.serve(f"Contoso {number}")
    with django_assert_num_queries(5):
        browser.get(FIND, {"q": "contoso"}, headers={"HX-Request": "true"})
