"""Every address, every method, everybody: nobody enters where he or she mayn't, and nobody learns what is another's."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import get_resolver

from config.doors import views
from partners.models import operates
from tests.doors.table import CATALOGUE, DOORS, Door, Opens
from tests.doors.visiting import METHODS, Answer, Ears, Visitor
from tests.doors.world import ABSENT, ABSENT_KEY, DoorsWorld, Viewer

VIEWERS = (
    "here, global admin",
    "here, user admin",
    "here, admin agent",
    "here, sales agent",
    "here, user admin and sales agent",
    "here, no role",
    "there",
    "claiming",
    "apart",
    "nobody's staff",
    "deactivated",
    "operator",
    "anonymous",
)
THOROUGH = ("here, admin agent", "here, sales agent", "anonymous")


def test_every_address_is_in_the_table() -> None:
    assert sorted(route for route, _view in views(get_resolver())) == sorted(door.pattern for door in DOORS)


def test_everybody_goes_round(world: DoorsWorld) -> None:
    assert tuple(viewer.name for viewer in world.viewers) == VIEWERS


@pytest.mark.parametrize("name", VIEWERS)
def test_doors_open_to_whom_they_are_for_only(world: DoorsWorld, ears: Ears, name: str) -> None:
    viewer = world.viewer(name)
    visitor = Visitor(viewer, ears)
    before = fingerprint(world, viewer)
    for door in DOORS:
        if door.opens_to(viewer.staff):
            enter(world, visitor, door)
        else:
            be_refused(world, visitor, door)
    assert "\n".join(visitor.faults) == ""
    assert fingerprint(world, viewer) == before


@pytest.mark.parametrize("name", [name for name in VIEWERS if name.startswith(("here", "there", "claiming", "apart"))])
def test_api_opens_to_programs_likewise(world: DoorsWorld, ears: Ears, name: str) -> None:
    viewer = world.viewer(name)
    visitor = Visitor(viewer, ears, program=True)
    for door in DOORS:
        if not door.is_api:
            continue
        if door.opens_to(viewer.staff):
            enter(world, visitor, door)
        else:
            be_refused(world, visitor, door)
    assert "\n".join(visitor.faults) == ""


def fingerprint(world: DoorsWorld, viewer: Viewer) -> list[tuple[object, ...]]:
    """Everything of the partners to which the viewer doesn't belong."""
    own = viewer.staff.partner_id if viewer.staff else None
    return world.fingerprint(*(slug for slug, tenant in world.tenants.items() if tenant.partner.pk != own))


def values(world: DoorsWorld, viewer: Viewer, door: Door) -> tuple[object, list[object], object]:
    """One's own, somebody else's and an absent id for the address; without one of one's own it is absent."""
    absent = ABSENT if "<uuid:" in door.pattern else ABSENT_KEY
    if not door.kind:
        return None, [], None
    if door.kind in CATALOGUE:
        return world.catalogue[door.kind], [], absent
    if viewer.staff is None or viewer.staff.partner_id is None:
        there = world.tenants["there"]
        return there.ids[door.kind], [], absent
    tenants = {tenant.partner.pk: tenant for tenant in world.tenants.values()}
    own = tenants.pop(viewer.staff.partner_id)
    mine = (own.shared_ids or own.ids).get(door.kind, absent)
    others = [
        ids[door.kind] for tenant in tenants.values() for ids in (tenant.ids, tenant.shared_ids) if door.kind in ids
    ]
    if door.kind == "customer":
        served = {world.customers[name].tenant_id for name in ("shared",) if own.shared_ids}
        others = [value for value in others if value not in served]
    if door.kind == "customer_key":
        served_keys = {world.customers["shared"].pk} if own.shared_ids else set()
        others = [value for value in others if value not in served_keys]
    return mine, sorted(set(others) - {mine}, key=str), absent


def methods_of(visitor: Visitor, door: Door) -> tuple[str, ...]:
    """All; in the many doors of the admin site, which judge by one function, only some people try the rarer ones."""
    thorough = not door.pattern.startswith("admin/") or visitor.viewer.name in THOROUGH
    return METHODS if thorough else ("GET", "POST")


def enter(world: DoorsWorld, visitor: Visitor, door: Door) -> None:
    """Whoever may enter finds his or her own, and of somebody else's as much as of nothing at all."""
    mine, others, absent = values(world, visitor.viewer, door)
    path = f"{door.path(mine)}?{door.query}"
    found = (
        (404,)
        if door.kind and mine == absent and door.found == (200,)
        else (*door.found, 404)
        if mine == absent
        else door.found
    )
    visitor.expect(f"GET {path}", visitor.ask("GET", path), *found)
    for method in methods_of(visitor, door)[1:]:
        visitor.ask(method, path)
    for method in methods_of(visitor, door) if others else ():
        nothing = ask_about(visitor, door, method, absent)
        for other in others if method == "GET" else others[:1]:
            compare(visitor, door, method, ask_about(visitor, door, method, other), nothing)


def ask_about(visitor: Visitor, door: Door, method: str, value: object) -> Answer:
    return visitor.ask(method, f"{door.path(value)}?{door.query}")


def compare(visitor: Visitor, door: Door, method: str, foreign: Answer, nothing: Answer) -> None:
    """What is somebody else's is answered like what isn't there."""
    asked = f"{method} {foreign.path}"
    if method == "GET" and door.found == (200,):
        visitor.expect(asked, foreign, 404)
    if difference := foreign.difference(nothing):
        visitor.note(asked, f"differs from what isn't there: {difference}")


def be_refused(world: DoorsWorld, visitor: Visitor, door: Door) -> None:
    """Whoever may not enter is turned away, whatever he or she asks, before anything is looked up."""
    mine, others, absent = values(world, visitor.viewer, door)
    for method in methods_of(visitor, door):
        nothing = ask_about(visitor, door, method, absent)
        turned_away(visitor, door, f"{method} {door.path(absent)}", nothing)
        for value in dict.fromkeys([mine, *others[:1]]) if door.kind and method in {"GET", "POST"} else ():
            answer = ask_about(visitor, door, method, value)
            if difference := answer.difference(nothing):
                visitor.note(
                    f"{method} {door.path(value)}", f"is refused in another way than what isn't there: {difference}"
                )


def turned_away(visitor: Visitor, door: Door, asked: str, answer: Answer) -> None:
    staff = visitor.viewer.staff
    if door.leads_operator and operates(staff or AnonymousUser()):
        visitor.expect(asked, answer, 302)
        if answer.headers.get("Location") != door.leads_operator:
            visitor.note(asked, f"leads to {answer.headers.get('Location')}")
    elif staff is not None and staff.is_active:
        visitor.expect(asked, answer, 403)
    elif door.is_api:
        visitor.expect(asked, answer, 401)
    else:
        visitor.expect(asked, answer, 302)
        if not answer.headers.get("Location", "").startswith(("/account/login/?next=", "/admin/login/?next=")):
            visitor.note(asked, f"leads to {answer.headers.get('Location')}")


def test_table_names_who_enters(world: DoorsWorld) -> None:
    """The table is read as the design has it: so many doors open to whom."""
    opened = {viewer.name: sum(door.opens_to(viewer.staff) for door in DOORS) for viewer in world.viewers}
    assert opened["anonymous"] == opened["deactivated"] == sum(door.opens is Opens.ANYBODY for door in DOORS)
