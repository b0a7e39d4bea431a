"""The list of next steps and the page of one: what stands there, for whom, and what people do there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from customers.clock import today
from insights.models import Course, SelfServiceLink, StepSettings, Suggestion, SuggestionEvent, TrainingSession
from partners.permissions import Role
from tests.insights.pages.conftest import Portfolio
from tests.insights.pages.reading import tables, text
from tests.insights.steps.suggesting import suggest
from tests.people import make_staff

ADDRESS = "/next-steps/"
NAMES = ("", "Alfa", "Bravo", "Charlie")
SOON = (today() + timedelta(days=3)).isoformat()


def rows(client: Client, **query: str) -> list[list[str]]:
    """The lines of the list: what to do, which customer, because of what, how much."""
    answer = client.get(ADDRESS, query)
    assert answer.status_code == 200
    found = tables(answer)
    return [row[:4] for row in found[0][1:]] if found else []


def page(client: Client, one: Suggestion, **posted: Any) -> str:
    """The text of its page, or of the answer to what is sent."""
    address = f"{ADDRESS}{one.pk}/"
    answer = client.post(address, posted, follow=True) if posted else client.get(address)
    return text(answer.content.decode().partition("<main")[2])


def customers(world: Portfolio, number: int) -> list[Suggestion]:
    return [
        suggest(world.us, world.serve(NAMES[place]), weight=10 * place, due_on=today() + timedelta(days=9 - place))
        for place in range(1, number + 1)
    ]  # fmt: skip


def test_list_has_the_worst_first(world: Portfolio, browser: Client) -> None:
    customers(world, 3)
    assert rows(browser) == [
        ["Raise adoption", NAMES[place], "Deployment 46.0%", f"{10 * place} licences"] for place in (3, 2, 1)
    ]
    assert [row[1] for row in rows(browser, order="due")] == ["Charlie", "Bravo", "Alfa"]


def test_filters_stand_in_the_address(world: Portfolio, browser: Client) -> None:
    one, two, three = customers(world, 3)
    owner = make_staff(world.us, Role.SALES_AGENT)
    Suggestion.objects.filter(pk=two.pk).update(state="dismissed", closed_on=today())
    Suggestion.objects.filter(pk=three.pk).update(rule="renew", owner=owner, state="planned")
    assert [row[1] for row in rows(browser)] == ["Charlie", "Alfa"]
    assert [row[1] for row in rows(browser, state="dismissed")] == ["Bravo"]
    assert [row[1] for row in rows(browser, state="all")] == ["Charlie", "Bravo", "Alfa"]
    assert [row[1] for row in rows(browser, rule="renew")] == ["Charlie"]
    assert [row[1] for row in rows(browser, owner=str(owner.pk))] == ["Charlie"]
    assert [row[1] for row in rows(browser, owner="none")] == ["Alfa"]
    assert [row[1] for row in rows(browser, q="alfa")] == ["Alfa"]
    assert [row[1] for row in rows(browser, customer=str(one.customer.tenant_id))] == ["Alfa"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"state": "lost"}, 400),
        ({"rule": "luck"}, 400),
        ({"order": "odd"}, 400),
        ({"owner": "0"}, 400),
        ({"owner": "me"}, 400),
        ({"customer": "x"}, 400),
        ({"customer": "00000000-0000-4000-8000-00000000dead"}, 404),
        ({"page": "2"}, 400),
    ],
)
def test_bad_filters_get_a_sentence(browser: Client, query: dict[str, str], status: int) -> None:
    assert browser.get(ADDRESS, query).status_code == status


def test_empty_list_says_what_to_do(world: Portfolio, browser: Client) -> None:
    assert "Bring in data" in browser.get(ADDRESS).content.decode()
    StepSettings.objects.create(partner=world.us, last_run=today())
    assert "The rules found nothing to suggest" in browser.get(ADDRESS).content.decode()
    assert "No next step is as you ask" in browser.get(ADDRESS, {"rule": "renew"}).content.decode()


def test_others_suggestions_arent_there(world: Portfolio, sign_in: Callable[..., Client]) -> None:
    (one,) = customers(world, 1)
    world.relationship(world.them, one.customer)
    other = sign_in(partner=world.them)
    assert rows(other) == []
    assert other.get(f"{ADDRESS}{one.pk}/").status_code == 404
    assert other.post(f"{ADDRESS}{one.pk}/", {"act": "done"}).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_number_of_queries_of_the_list(
    world: Portfolio, browser: Client, number: int, django_assert_num_queries: Any
) -> None:
    customers(world, number)
    browser.get(ADDRESS)
    with django_assert_num_queries(8):
        assert len(rows(browser)) == number


@pytest.mark.parametrize("number", [1, 3])
def test_number_of_queries_of_one(
    world: Portfolio, browser: Client, number: int, django_assert_num_queries: Any
) -> None:
    (one,) = customers(world, 1)
    course = Course.objects.create(partner=world.us, title="Course", kind="online", language="en")
    for place in range(number):
        SelfServiceLink.objects.create(partner=world.us, title=f"{place}", language="en", address="https://x.example")
        SuggestionEvent.objects.create(partner=world.us, suggestion=one, state="open")
        TrainingSession.objects.create(
            partner=world.us, course=course, customer=one.customer, suggestion=one, held_on=today(), invited=1
        )
    browser.get(f"{ADDRESS}{one.pk}/")
    with django_assert_num_queries(11):
        page(browser, one)


def test_page_has_evidence_and_the_three_parts(world: Portfolio, browser: Client) -> None:
    (one,) = customers(world, 1)
    told = page(browser, one)
    assert "Deployment 46.0% (46 of 100) 70.0%" in told
    assert "Problem Adoption is low, and many licences lie unused. What to consider" in told
    assert "What to try Case studies of customers like this one." in told


def test_plan_do_and_what_came_of_it(world: Portfolio, sign_in: Callable[..., Client]) -> None:
    (one,) = customers(world, 1)
    agent = make_staff(world.us, Role.SALES_AGENT)
    browser = sign_in(Role.SALES_AGENT)
    assert "Saved." in page(browser, one, act="plan", owner=agent.pk, planned_for=SOON)
    assert "Saved." in page(browser, one, act="done", reason="Trained them")
    told = page(browser, one)
    assert "What came of it" in told
    assert f"After 28 days, {(today() + timedelta(days=28)).day} " in told
    assert "“Trained them”" in told
    assert "Saved." in page(browser, one, act="reopen")


@pytest.mark.parametrize(
    "posted",
    [
        {"act": "plan", "owner": "0", "planned_for": SOON},
        {"act": "plan", "owner": "", "planned_for": ""},
        {"act": "put_off", "until": SOON, "reason": ""},
        {"act": "put_off", "until": "2020-01-01", "reason": "why"},
        {"act": "dismiss", "reason": "x" * 501},
        {"act": "session", "course": "0", "held_on": SOON, "invited": "1"},
        {"act": "dance"},
    ],
)
def test_bad_input_changes_nothing(world: Portfolio, browser: Client, posted: dict[str, str]) -> None:
    (one,) = customers(world, 1)
    assert browser.post(f"{ADDRESS}{one.pk}/", posted).status_code == 400
    assert Suggestion.objects.get().state == "open"


def test_closed_suggestion_answers_409(world: Portfolio, browser: Client) -> None:
    (one,) = customers(world, 1)
    Suggestion.objects.update(state="gone", closed_on=today())
    assert browser.post(f"{ADDRESS}{one.pk}/", {"act": "done"}).status_code == 409


def test_user_admin_reads_and_doesnt_act(world: Portfolio, sign_in: Callable[..., Client]) -> None:
    (one,) = customers(world, 1)
    reader = sign_in(Role.USER_ADMIN)
    assert "What you do" not in page(reader, one)
    assert reader.post(f"{ADDRESS}{one.pk}/", {"act": "done"}).status_code == 403


def test_session_belongs_to_the_suggestion(world: Portfolio, browser: Client) -> None:
    (one,) = customers(world, 1)
    course = Course.objects.create(partner=world.us, title="Teams", kind="online", language="en")
    told = page(browser, one, act="session", course=course.pk, held_on=SOON, invited="12")
    assert "Teams (online)" in told
    assert "12 invited" in told
    assert TrainingSession.objects.get().suggestion == one


def test_customers_page_shows_its_next_steps(world: Portfolio, browser: Client) -> None:
    (one,) = customers(world, 1)
    told = text(browser.get(f"/customers/{one.customer.tenant_id}/").content.decode())
    assert "Next steps Raise adoption open Deployment 46.0%" in told
