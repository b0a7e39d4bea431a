"""Names of people in entries of the audit log: on its page, in its file, in the admin site."""

from __future__ import annotations

from types import MappingProxyType
from uuid import uuid4

import pytest
from django.test import Client

from customers.services.corrections.days import ACTIVITY_FACT
from customers.services.corrections.records import PERIOD
from partners import permissions
from partners.audit_names import names_somebody, without_names
from partners.models import AuditEntry
from partners.permissions import GRANTS, Action, Role
from partners.services.audit import record
from partners.services.corrections import correct
from partners.services.names import people_named
from tests.customers.admin.test_closed import address
from tests.customers.feed.conftest import FABRIKAM
from tests.customers.installation import Installation

HIDDEN = "(name not shown)"


@pytest.fixture
def corrected(installation: Installation) -> AuditEntry:
    """The agent has ended ann's licence."""
    before = {
        "subscription_id": "S1",
        "user_id": "ann",
        "from": "2026-01-01",
        "state": "entitled",
        "to": "",
        "stated_by": str(installation.alpha.partner_id),
    }
    after = before | {"to": "2026-11-01"}
    return correct(actor=installation.agent, fact=PERIOD, before=before, after=after, reason="Left")


@pytest.fixture
def parted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of rights in which reading events of customers doesn't include seeing names."""
    nobody = {Action.SEE_NAMES: frozenset[Role]()}
    monkeypatch.setattr(permissions, "GRANTS", MappingProxyType({**GRANTS, **nobody}))


def seen(installation: Installation) -> list[tuple[str, object]]:
    entries = AuditEntry.objects.filter(action="people.view").order_by("pk")
    assert all(entry.actor == installation.agent for entry in entries)
    return [(entry.object_id, entry.after) for entry in entries]


def file_of(client: Client) -> str:
    return b"".join(client.get("/audit.csv").streaming_content).decode()


def test_an_entry_without_names_tells_the_rest(corrected: AuditEntry) -> None:
    read = without_names(corrected)
    assert names_somebody(corrected)
    assert read.object_id == f"S1 / {HIDDEN} / 2026-01-01"
    assert (read.before["user_id"], read.after["user_id"], read.after["to"]) == (HIDDEN, HIDDEN, "2026-11-01")
    corrected.refresh_from_db()
    assert (corrected.object_id, corrected.after["user_id"]) == ("S1 / ann / 2026-01-01", "ann")


def test_a_title_that_was_cut_off_is_hidden_whole(installation: Installation) -> None:
    name = "x" * 250
    entry = record(
        actor=installation.agent,
        partner=installation.alpha,
        kind="customer",
        action="activity.add",
        object_type=ACTIVITY_FACT.name,
        object_id=f"{FABRIKAM} / {name}"[:256],
        after={"user_id": name, "customer_id": FABRIKAM},
    )
    assert without_names(entry).object_id == HIDDEN


def test_people_are_counted_by_customer(installation: Installation, corrected: AuditEntry) -> None:
    unknown = without_names(corrected)
    unknown.after = corrected.after | {"subscription_id": str(uuid4()), "user_id": "bob"}
    assert people_named([corrected, corrected, unknown]) == {FABRIKAM: {"ann"}, "": {"bob"}}


def test_page_file_and_admin_site_show_names_and_say_so(installation: Installation, corrected: AuditEntry) -> None:
    agent = installation.as_agent()
    assert b"S1 / ann" in agent.get("/audit/?action=entitlement").content
    assert "S1 / ann" in file_of(agent)
    assert b"S1 / ann" in agent.get(address(AuditEntry, "changelist")).content
    assert b"S1 / ann" in agent.get(address(AuditEntry, "change", corrected.pk)).content
    assert b"S1 / ann" in agent.get(address(AuditEntry, "undo", corrected.pk)).content
    where = ["audit log", "audit log, file", *["admin, audit log"] * 3]
    assert seen(installation) == [(FABRIKAM, {"people": 1, "where": place}) for place in where]


@pytest.mark.usefixtures("parted")
def test_no_door_shows_a_name_to_who_may_not_see_names(installation: Installation, corrected: AuditEntry) -> None:
    agent = installation.as_agent()
    asked = [
        agent.get("/audit/").content.decode(),
        file_of(agent),
        *(
            agent.get(address(AuditEntry, view, *key)).content.decode()
            for view, key in (("changelist", ()), ("change", (corrected.pk,)), ("undo", (corrected.pk,)))
        ),
    ]
    assert [HIDDEN in answer for answer in asked] == [True] * 5
    assert not any("ann" in answer for answer in asked)
    assert seen(installation) == []


@pytest.mark.usefixtures("parted")
def test_nothing_is_found_by_a_name_that_is_not_shown(installation: Installation, corrected: AuditEntry) -> None:
    agent = installation.as_agent()
    assert agent.get("/audit/?about=ann").context["lines"] == []
    assert len(agent.get("/audit/?about=entitlement_period").context["lines"]) == 1
    found = agent.get(address(AuditEntry, "changelist"), {"q": corrected.object_id})
    assert found.context["cl"].result_count == 0


@pytest.mark.usefixtures("parted")
def test_who_may_correct_undoes_what_is_not_shown(installation: Installation, corrected: AuditEntry) -> None:
    agent = installation.as_agent()
    assert agent.post(address(AuditEntry, "undo", corrected.pk), {"reason": "A mistake"}).status_code == 302
    undone = AuditEntry.objects.get(undoes=corrected)
    assert undone.after["user_id"] == "ann"
