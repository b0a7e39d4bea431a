"""Loads are undone in the admin site: with a reason, by those who may, and never another partner's."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.admin import loads
from customers.models import EntitlementPeriod, Load
from partners.models import AuditEntry
from partners.permissions import Role
from tests.customers.admin.test_closed import address
from tests.customers.feed.conftest import SUBSCRIPTIONS, version
from tests.customers.installation import Installation
from tests.customers.pages.test_claim import hold_the_lock
from tests.people import make_staff, signed_in

PERIODS = {"entitlements.csv": "subscription_id,user_id,from,state\nS1,cyd,2026-03-01,entitled\n"}
WHY = {"reason": "Wrong file"}


def load(installation: Installation, files: Mapping[str, str] = PERIODS, *, partner: str | None = "alpha") -> Load:
    assert not installation.feeds.load(files, partner=partner).refused
    return Load.objects.latest("pk")


def is_there() -> bool:
    return EntitlementPeriod.objects.filter(person__key="cyd").exists()


@pytest.mark.parametrize("who", ["operator", "agent"])
def test_button_leads_to_what_is_undone_and_the_reason_undoes_it(installation: Installation, who: str) -> None:
    loaded = load(installation)
    client = getattr(installation, f"as_{who}")()
    button = address(Load, "undo", loaded.pk)
    assert button in client.get(address(Load, "change", loaded.pk)).content.decode()
    asked = client.get(button)
    facts = dict(asked.context["facts"])
    assert facts["entitlements.csv"] == "loaded, new: 1"
    assert facts["stated by"] == "Alpha"
    assert facts.get("customers whose facts it changed") == ("1" if who == "operator" else None)
    assert is_there()
    done = client.post(button, WHY)
    assert (done.status_code, done.headers["Location"]) == (302, address(Load, "change", loaded.pk))
    assert not is_there()
    entry = AuditEntry.objects.get(action="load.undo")
    assert (entry.actor, entry.partner, entry.object_id, entry.reason) == (
        getattr(installation, who),
        installation.alpha,
        str(loaded.pk),
        "Wrong file",
    )
    page = client.get(address(Load, "change", loaded.pk)).content.decode()
    assert button not in page
    assert client.post(button, WHY).status_code == 409


def test_without_a_reason_nothing_is_undone(installation: Installation) -> None:
    loaded = load(installation)
    answer = installation.as_agent().post(address(Load, "undo", loaded.pk), {"reason": " "})
    assert answer.status_code == 200
    assert [*answer.context["form"].errors] == ["reason"]
    assert is_there()


def test_load_on_which_another_rests_stays_and_says_so(installation: Installation) -> None:
    sold = load(installation, {"subscriptions.csv": SUBSCRIPTIONS + version("S9")})
    load(installation, {"entitlements.csv": "subscription_id,user_id,from,state\nS9,cyd,2026-03-01,entitled\n"})
    answer = installation.as_agent().post(address(Load, "undo", sold.pk), WHY)
    [said] = answer.context["form"].non_field_errors()
    assert said.startswith("It can't be undone, because the load “")
    assert is_there()
    assert not AuditEntry.objects.filter(action="load.undo").exists()


def test_others_loads_are_not_there(installation: Installation) -> None:
    agent = installation.as_agent()
    for partner in ("beta", None):
        theirs = Load.objects.filter(stated_by=installation.beta if partner else None).latest("pk")
        before = EntitlementPeriod.objects.count()
        assert agent.get(address(Load, "undo", theirs.pk)).status_code == 404
        assert agent.post(address(Load, "undo", theirs.pk), WHY).status_code == 404
        assert EntitlementPeriod.objects.count() == before


@pytest.mark.parametrize("role", [Role.SALES_AGENT, Role.USER_ADMIN])
def test_role_that_may_not_import_undoes_nothing(installation: Installation, role: Role) -> None:
    loaded = load(installation)
    client = signed_in(make_staff(installation.alpha, role))
    assert client.post(address(Load, "undo", loaded.pk), WHY).status_code == 403
    assert is_there()


def test_load_that_cant_be_undone_has_no_button(installation: Installation) -> None:
    Load.objects.update(kind=Load.Kind.CATALOGUE)
    loaded = Load.objects.filter(stated_by=installation.alpha).latest("pk")
    agent = installation.as_agent()
    button = address(Load, "undo", loaded.pk)
    assert button not in agent.get(address(Load, "change", loaded.pk)).content.decode()
    answer = agent.get(button)
    assert (answer.status_code, b"Only feeds and imports can be undone" in answer.content) == (409, True)


def test_list_asks_as_much_with_one_load_as_with_three(installation: Installation) -> None:
    agent = installation.as_agent()
    agent.get(address(Load, "changelist"))
    with CaptureQueriesContext(connection) as few:
        agent.get(address(Load, "changelist"))
    load(installation)
    load(installation)
    with CaptureQueriesContext(connection) as more:
        agent.get(address(Load, "changelist"))
    assert len(more) == len(few)


@pytest.mark.django_db(transaction=True)
def test_while_a_delivery_is_loaded_it_says_so(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load(installation)
    monkeypatch.setattr(loads, "PATIENCE", "100ms")
    loading, answered = threading.Event(), threading.Event()
    thread = threading.Thread(target=hold_the_lock, args=(loading, answered))
    thread.start()
    loading.wait(10)
    answer = installation.as_agent().post(address(Load, "undo", loaded.pk), WHY)
    answered.set()
    thread.join()
    [said] = answer.context["form"].non_field_errors()
    assert said == "A delivery is being loaded at the moment. Please try again in a few minutes."
    assert is_there()
