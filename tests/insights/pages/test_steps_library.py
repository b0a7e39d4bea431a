"""Playbooks, courses, links, thresholds, and the page of links that is passed on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from customers.clock import today
from insights.models import Course, Playbook, SelfServiceLink, StepSettings, TrainingSession
from insights.selectors.steps.library import address_token, thresholds_of
from insights.steps.thresholds import DEFAULTS
from partners.models import AuditEntry
from partners.permissions import Role
from tests.insights.pages.conftest import Portfolio
from tests.insights.pages.reading import tables, text
from tests.insights.steps.suggesting import suggest

PLAYBOOKS, COURSES, LINKS = (f"/next-steps/{name}/" for name in ("playbooks", "training", "links"))
THRESHOLDS = "/settings/next-steps/"
COURSE = {"title": "Teams in a morning", "kind": "online", "language": "en", "link": "https://x.example/teams"}
LINK = {"title": "First day", "language": "sv", "address": "https://x.example/first", "product": "Teams"}
PLAYBOOK = {"rule": "renew", "title": "Call them", "problem": "", "consider": "", "attempt": "Call the owner."}
KINDS = [(PLAYBOOKS, PLAYBOOK, Playbook), (COURSES, COURSE, Course), (LINKS, LINK, SelfServiceLink)]


@pytest.mark.parametrize(("address", "fields", "kind"), KINDS)
def test_add_change_and_remove(
    world: Portfolio, browser: Client, address: str, fields: dict[str, str], kind: Any
) -> None:
    assert browser.post(address, fields).status_code == 302
    one = kind.objects.get()
    assert (one.partner, {name: getattr(one, name) for name in fields}) == (world.us, fields)
    assert fields["title"] in browser.get(address).content.decode()
    assert browser.post(f"{address}{one.pk}/", fields | {"title": "Another"}).status_code == 302
    assert kind.objects.get().title == "Another"
    assert "Another" in browser.get(f"{address}{one.pk}/").content.decode()
    assert browser.post(f"{address}{one.pk}/", {"act": "remove"}).status_code == 302
    assert kind.objects.count() == 0
    assert [entry.partition(".")[2] for entry in AuditEntry.objects.order_by("pk").values_list("action", flat=True)] == [
        "add", "change", "remove",
    ]  # fmt: skip


@pytest.mark.parametrize(("address", "fields", "kind"), KINDS)
def test_others_are_not_found(
    world: Portfolio, sign_in: Callable[..., Client], address: str, fields: dict[str, str], kind: Any
) -> None:
    theirs = kind.objects.create(partner=world.them, **fields)
    browser = sign_in()
    assert browser.get(f"{address}{theirs.pk}/").status_code == 404
    assert browser.post(f"{address}{theirs.pk}/", {"act": "remove"}).status_code == 404
    assert fields["title"] not in browser.get(address).content.decode()
    assert sign_in(Role.USER_ADMIN).get(address).status_code == 403


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        (PLAYBOOKS, PLAYBOOK | {"rule": "luck"}),
        (PLAYBOOKS, PLAYBOOK | {"attempt": ""}),
        (COURSES, COURSE | {"title": ""}),
        (COURSES, COURSE | {"link": "javascript:alert(1)"}),
        (LINKS, LINK | {"address": "javascript:alert(1)"}),
        (LINKS, LINK | {"address": "ftp://x.example/"}),
        (LINKS, LINK | {"language": "tlh"}),
    ],
)
def test_bad_input_is_refused(browser: Client, address: str, fields: dict[str, str]) -> None:
    assert browser.post(address, fields).status_code == 400


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("address", "fields", "kind", "queries"), [(*each, 3) for each in KINDS[:2]] + [(*KINDS[2], 4)]
)
def test_number_of_queries(
    world: Portfolio, browser: Client, number: int, address: str, fields: dict[str, str], kind: Any, queries: int,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    for _ in range(number):
        kind.objects.create(partner=world.us, **fields)
    with django_assert_num_queries(queries):
        browser.get(address)


def _session(world: Portfolio, **fields: Any) -> TrainingSession:
    one = suggest(world.us, world.serve("Alfa"))
    course = Course.objects.create(partner=world.us, **COURSE)
    defaults = {"course": course, "customer": one.customer, "suggestion": one, "held_on": today(), "invited": 9}
    return TrainingSession.objects.create(partner=world.us, **(defaults | fields))


def test_attendance_is_noted_and_taken_back(world: Portfolio, browser: Client) -> None:
    session = _session(world)
    address = f"{COURSES}{session.course_id}/"
    (row,) = tables(browser.get(address))[0][1:]
    assert row[1:3] == ["Alfa", "9"]
    assert browser.post(address, {"session": session.pk, "attended": "7"}).status_code == 302
    session.refresh_from_db()
    assert session.attended == 7
    assert browser.post(address, {"session": session.pk, "attended": "-1"}).status_code == 400
    assert browser.post(address, {"session": "0", "attended": "1"}).status_code == 404
    assert browser.post(address, {"session": session.pk, "act": "cancel"}).status_code == 302
    assert TrainingSession.objects.count() == 0


def test_courses_count_their_sessions(world: Portfolio, browser: Client) -> None:
    session = _session(world)
    for days in (1, 2):
        TrainingSession.objects.create(
            partner=world.us, course=session.course, customer=session.customer, invited=1,
            held_on=today() + timedelta(days=days),
        )  # fmt: skip
    (row,) = tables(browser.get(COURSES))[0][1:]
    assert row[3:] == ["1", "2"]


def test_own_playbook_stands_beside_the_shipped_one(world: Portfolio, browser: Client) -> None:
    Playbook.objects.create(partner=world.us, **PLAYBOOK | {"rule": "low_adoption"})
    Playbook.objects.create(partner=world.them, **PLAYBOOK | {"rule": "low_adoption", "title": "Theirs"})
    one = suggest(world.us, world.serve("Alfa"))
    told = text(browser.get(f"/next-steps/{one.pk}/").content.decode())
    assert "Ours: Call them" in told
    assert "Theirs" not in told


def test_thresholds_are_changed_and_put_back(world: Portfolio, browser: Client) -> None:
    fields = {name: getattr(DEFAULTS, name) for name in DEFAULTS.__dataclass_fields__}
    assert browser.post(THRESHOLDS, fields | {"low_usage": 35}).status_code == 302
    assert thresholds_of(world.us).low_usage == 35
    assert StepSettings.objects.get().thresholds == {"low_usage": 35}
    assert thresholds_of(world.them) == DEFAULTS
    assert browser.post(THRESHOLDS, fields | {"low_usage": "much"}).status_code == 400
    assert browser.post(THRESHOLDS, {"act": "defaults"}).status_code == 302
    assert thresholds_of(world.us) == DEFAULTS


def test_thresholds_are_for_whoever_may_settings(sign_in: Callable[..., Client]) -> None:
    assert sign_in(Role.ADMIN_AGENT).get(THRESHOLDS).status_code == 403


def passed_on(world: Portfolio) -> str:
    return f"/self-service/{address_token(world.us)}/"


def test_page_of_links_shows_them_to_whoever_has_the_address(world: Portfolio) -> None:
    SelfServiceLink.objects.create(partner=world.us, **LINK)
    SelfServiceLink.objects.create(partner=world.us, **LINK | {"title": "Primo giorno", "language": "it"})
    SelfServiceLink.objects.create(partner=world.them, **LINK | {"title": "Theirs"})
    answer = Client().get(passed_on(world))
    told = text(answer.content.decode().partition("<main")[2])
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "Answers from Us" in told
    assert ("First day" in told, "Primo giorno" in told, "Theirs" in told) == (True, True, False)
    italian = text(Client().get(passed_on(world), {"language": "it"}).content.decode().partition("<main")[2])
    assert ("First day" in italian, "Primo giorno" in italian) == (False, True)


def test_renewed_address_ends_the_earlier_ones(world: Portfolio, browser: Client) -> None:
    earlier = passed_on(world)
    assert browser.post(LINKS, {"act": "renew"}).status_code == 302
    assert Client().get(earlier).status_code == 404
    assert Client().get(passed_on(world)).status_code == 200


@pytest.mark.parametrize("token", ["nothing", "1-1", "1-1.forged", "9.9.9"])
def test_forged_address_leads_nowhere(world: Portfolio, token: str) -> None:
    assert Client().get(f"/self-service/{token}/").status_code == 404


def test_silent_rules_are_told_on_the_data_page(world: Portfolio, browser: Client) -> None:
    from insights.services.steps.raising import raise_suggestions

    customer = world.serve("Alfa")
    world.licences(customer, sold=10, assigned=10, used=0)
    raise_suggestions(partner=world.us, day=today() - timedelta(days=1))
    told = text(browser.get(f"/customers/{customer.tenant_id}/data/").content.decode())
    assert "Raise adoption: fewer than 28 days of the window are covered" in told
    assert "Offer training and self-service: no support case was ever delivered" in told
