"""What people make of suggestions: who may, what is refused, what is written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from customers.clock import today
from insights.models import Suggestion, SuggestionEvent
from insights.services.steps.acting import dismiss, finish, plan, put_off, reopen
from partners.failures import WrongStateError
from partners.models import AuditEntry, Staff
from partners.permissions import Role
from tests.insights.steps.suggesting import suggest
from tests.insights.world import World
from tests.people import make_staff

SOON = today() + timedelta(days=3)


@pytest.fixture
def world(db: None) -> World:
    made = World()
    made.relationship(made.us)
    return made


@pytest.fixture
def staff(world: World) -> Staff:
    return make_staff(world.us, Role.SALES_AGENT)


@pytest.fixture
def one(world: World) -> Suggestion:
    return suggest(world.us, world.customer)


def now(one: Suggestion, *names: str) -> list[Any]:
    one.refresh_from_db()
    return [getattr(one, name) for name in names]


def test_plan_gives_owner_and_day(staff: Staff, one: Suggestion) -> None:
    plan(actor=staff, suggestion=one.pk, owner=staff.pk, planned_for=SOON)
    assert now(one, "state", "owner", "planned_for", "planned_on", "closed_on") == [
        "planned", staff, SOON, today(), None,
    ]  # fmt: skip
    event = SuggestionEvent.objects.get()
    assert (event.actor, event.state, event.day, event.owner) == (staff, "planned", SOON, staff)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.kind, entry.before) == ("next_step.plan", "customer", {"state": "open"})
    assert entry.after == {"state": "planned", "owner": staff.email, "day": SOON.isoformat()}


def test_planned_anew_keeps_its_first_day(staff: Staff, one: Suggestion) -> None:
    plan(actor=staff, suggestion=one.pk, owner=staff.pk, planned_for=SOON)
    Suggestion.objects.update(planned_on=today() - timedelta(days=9))
    plan(actor=staff, suggestion=one.pk, owner=staff.pk, planned_for=SOON + timedelta(days=1))
    assert now(one, "planned_on", "planned_for") == [today() - timedelta(days=9), SOON + timedelta(days=1)]


def test_done_is_closed_today(staff: Staff, one: Suggestion) -> None:
    finish(actor=staff, suggestion=one.pk, reason=" Trained them ")
    assert now(one, "state", "closed_on") == ["done", today()]
    assert SuggestionEvent.objects.get().reason == "Trained them"


def test_put_off_and_dismissed_need_a_reason(staff: Staff, one: Suggestion) -> None:
    with pytest.raises(ValidationError, match="few words why"):
        put_off(actor=staff, suggestion=one.pk, until=SOON, reason=" ")
    with pytest.raises(ValidationError, match="few words why"):
        dismiss(actor=staff, suggestion=one.pk, reason="")
    put_off(actor=staff, suggestion=one.pk, until=SOON, reason="Holidays")
    assert now(one, "state", "put_off_until") == ["put_off", SOON]
    dismiss(actor=staff, suggestion=one.pk, reason="They leave")
    assert now(one, "state", "closed_on") == ["dismissed", today()]


@pytest.mark.parametrize("days", [0, -1, 181])
def test_put_off_to_a_day_out_of_reach_is_refused(staff: Staff, one: Suggestion, days: int) -> None:
    with pytest.raises(ValidationError):
        put_off(actor=staff, suggestion=one.pk, until=today() + timedelta(days=days), reason="Later")


def test_plan_for_a_day_that_is_over_is_refused(staff: Staff, one: Suggestion) -> None:
    with pytest.raises(ValidationError):
        plan(actor=staff, suggestion=one.pk, owner=staff.pk, planned_for=today() - timedelta(days=1))


def test_owner_is_a_colleague_who_may(world: World, staff: Staff, one: Suggestion) -> None:
    others = [
        make_staff(world.us, Role.USER_ADMIN),
        make_staff(world.us, Role.SALES_AGENT, is_active=False),
        make_staff(world.them, Role.SALES_AGENT),
    ]
    for other in others:
        with pytest.raises(ValidationError, match="colleagues"):
            plan(actor=staff, suggestion=one.pk, owner=other.pk, planned_for=SOON)


def test_open_again(world: World, staff: Staff, one: Suggestion) -> None:
    finish(actor=staff, suggestion=one.pk)
    reopen(actor=staff, suggestion=one.pk)
    assert now(one, "state", "closed_on") == ["open", None]
    dismiss(actor=staff, suggestion=one.pk, reason="No")
    suggest(world.us, world.customer)
    with pytest.raises(WrongStateError, match="suggested again"):
        reopen(actor=staff, suggestion=one.pk)


ACTS: list[Callable[..., object]] = [
    lambda **who: plan(**who, owner=who["actor"].pk, planned_for=SOON),
    finish,
    lambda **who: put_off(**who, until=SOON, reason="why"),
    lambda **who: dismiss(**who, reason="why"),
]


@pytest.mark.parametrize("act", ACTS)
def test_what_is_closed_cant_be_acted_on(staff: Staff, one: Suggestion, act: Callable[..., object]) -> None:
    finish(actor=staff, suggestion=one.pk)
    with pytest.raises(WrongStateError):
        act(actor=staff, suggestion=one.pk)


@pytest.mark.parametrize("act", [*ACTS, reopen])
def test_role_is_judged_first(world: World, one: Suggestion, act: Callable[..., object]) -> None:
    with pytest.raises(PermissionDenied):
        act(actor=make_staff(world.us, Role.USER_ADMIN), suggestion=0)


@pytest.mark.parametrize("act", ACTS)
def test_others_suggestions_arent_there(world: World, one: Suggestion, act: Callable[..., object]) -> None:
    with pytest.raises(Suggestion.DoesNotExist):
        act(actor=make_staff(world.them, Role.SALES_AGENT), suggestion=one.pk)


def test_customer_that_is_served_no_more_has_none(world: World, staff: Staff) -> None:
    gone = world.a_customer("Gone")
    world.relationship(world.us, gone, end=today() - timedelta(days=1))
    with pytest.raises(Suggestion.DoesNotExist):
        finish(actor=staff, suggestion=suggest(world.us, gone).pk)
