"""Ids and texts of somebody else's in queries, bodies, forms and headers: answered like those of nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.doors.table import CORRECTED, DOORS, Door, Opens
from tests.doors.visiting import Answer, Ears, Visitor, parting
from tests.doors.world import ABSENT, ABSENT_KEY, DoorsWorld, mark

NAMES = {
    "customer": "customer",
    "customer_id": "customer",
    "id": "customer_key",
    "partner": "partner",
    "partner_id": "partner_guid",
    "slug": "slug",
    "staff": "staff",
    "owner": "staff",
    "token": "token",
    "account": "account",
    "contact": "contact",
    "load": "load",
    "subscription": "subscription",
    "subscription_id": "subscription_id",
    "user": "user_id",
    "email": "email",
    "q": "subscription_id",
    "search": "slug",
    "term": "slug",
    "tag": "slug",
    "segment": "slug",
    "who": "email",
    "about": "slug",
    "text": "email",
    "sort": "slug",
    "family": "slug",
    "behind": "auditentry",
}
"""Words in a query, and what each is filled with."""
LOOKUPS = {
    "q": "subscription_id",
    "partner": "partner",
    "partner__id__exact": "partner",
    "partner__slug__startswith": "slug",
    "stated_by": "partner",
    "stated_by__id__exact": "partner",
    "stated_by__name__icontains": "slug",
    "seller": "partner",
    "customer": "customer_key",
    "customer__id__exact": "customer_key",
    "customer__tenant_id": "customer",
    "subscription__subscription_id__startswith": "subscription_id",
    "person__user_id__startswith": "user_id",
    "load": "load",
    "id__in": "subscription",
    "_to_field": "slug",
}
"""The same for lists of the admin site."""
CHOICES = {
    "subscriptionversion": ("sku", "subscription", "seller"),
    "subscription": ("customer", "seller"),
    "relationship": ("partner", "customer"),
    "customerprofile": ("customer", "stated_by", "load"),
    "entitlementperiod": ("subscription", "person", "customer", "stated_by"),
    "supportcase": ("customer", "partner"),
}
SILENT = frozenset({"terms/", "api/v1/me/", "profile/", "profile/tokens/", "settings/", "staff/invite/"})
"""Doors that read no query."""
NOBODYS = {"customer": ABSENT, "partner_guid": ABSENT}
TEXTS = frozenset({"slug", "email", "subscription_id", "user_id"})


@dataclass(frozen=True)
class Asked:
    """A question with one blank: `name` in the query (GET) or the body (POST)."""

    method: str
    path: str
    name: str
    kind: str
    more: dict[str, Any] = field(default_factory=dict)

    def of(self, value: object) -> tuple[str, str, dict[str, Any]]:
        """The question about this value, as the client takes it."""
        filled = self.more | {self.name: str(value)}
        if self.method == "POST":
            return "POST", self.path, filled
        return "GET", f"{self.path}?" + "&".join(f"{name}={said}" for name, said in filled.items()), {}


def nobodys(kind: str) -> object:
    """What is of this kind and nobody's."""
    if kind == "email":
        return f"{mark('nobody')}@x.example"
    return mark("nobody") if kind in TEXTS else NOBODYS.get(kind, ABSENT_KEY)


def told(answer: Answer, value: object) -> tuple[int, str, str]:
    """The answer without an echo of the value that was asked about."""
    echo = re.compile(rf"(?:(?<![\w-])|(?<=%3D)){re.escape(str(value)).replace('@', '(?:@|%40|%2540)')}(?![\w-])")
    status, place, text = answer.bare
    return status, echo.sub("ASKED", place), echo.sub("ASKED", text)


def ask_all(world: DoorsWorld, visitor: Visitor, questions: Iterator[Asked]) -> None:
    """Each question about what is somebody else's, and about what is nobody's."""
    there = world.tenants["there"]
    for asked in questions:
        nothing = nobodys(asked.kind)
        expected = told(visitor.ask(*asked.of(nothing)), nothing)
        served = asked.kind in {"customer", "customer_key"}
        for value in {there.ids[asked.kind]} if served else {there.ids[asked.kind], there.shared_ids[asked.kind]}:
            if difference := parting(told(visitor.ask(*asked.of(value)), value), expected):
                visitor.note(
                    f"{asked.method} {asked.path} {asked.name}={value}", f"differs from nobody's: {difference}"
                )


def doors_of(visitor: Visitor) -> Iterator[Door]:
    return (door for door in DOORS if door.opens_to(visitor.viewer.staff) and door.found == (200,))


def path_in(world: DoorsWorld, door: Door) -> str:
    """The address with an object of the viewer's own."""
    own = world.tenants["here"].shared_ids | world.catalogue
    return door.path(own[door.kind]) if door.kind else door.path()


@pytest.mark.parametrize("name", ["here, global admin", "here, sales agent"])
def test_queries_of_pages_and_api(world: DoorsWorld, ears: Ears, name: str) -> None:
    visitor = Visitor(world.viewer(name), ears)
    doors = [door for door in doors_of(visitor) if isinstance(door.opens, frozenset) and door.pattern not in SILENT]
    ask_all(
        world,
        visitor,
        (
            Asked("GET", path_in(world, door), name, kind, dict([door.query.split("=")] if door.query else []))
            for door in doors
            for name, kind in NAMES.items()
        ),
    )
    assert "\n".join(visitor.faults) == ""


def test_lists_of_the_admin_site(world: DoorsWorld, ears: Ears) -> None:
    visitor = Visitor(world.viewer("here, admin agent"), ears)
    lists = [f"/admin/{name}/" for name in CORRECTED]
    ask_all(world, visitor, (Asked("GET", path, name, kind) for path in lists for name, kind in LOOKUPS.items()))
    ask_all(
        world, visitor, (Asked("GET", path, "q", kind, {"_popup": "1"}) for path in lists for kind in sorted(TEXTS))
    )
    assert "\n".join(visitor.faults) == ""


def test_choices_of_the_admin_site(world: DoorsWorld, ears: Ears) -> None:
    visitor = Visitor(world.viewer("here, admin agent"), ears)
    ask_all(
        world,
        visitor,
        (
            Asked(
                "GET", "/admin/autocomplete/", "term", kind,
                {"app_label": "customers", "model_name": model, "field_name": name},
            )
            for model, names in CHOICES.items()
            for name in names
            for kind in ("slug", "subscription_id", "customer", "user_id")
        ),
    )  # fmt: skip
    assert "\n".join(visitor.faults) == ""


def bodies(world: DoorsWorld, visitor: Visitor) -> Iterator[Asked]:
    """Forms in which somebody else's ids are sent."""
    here = world.tenants["here"].shared_ids
    account = f"/customers/{here['customer']}/edit/"
    seen = re.search(r'name="seen" value="([^"]*)"', visitor.ask("GET", account).body)
    assert seen is not None
    form = {
        "seen": seen[1], "owner": "", "segment": "", "tags": "",
        "contacts-TOTAL_FORMS": "1", "contacts-INITIAL_FORMS": "1", "contacts-0-name": "Name",
        "contacts-0-position": "", "contacts-0-email": "", "contacts-0-phone": "", "contacts-0-id": "",
    }  # fmt: skip
    yield Asked("POST", account, "owner", "staff", form)
    yield Asked("POST", account, "contacts-0-id", "contact", form)
    yield Asked("POST", "/profile/tokens/", "token", "token", {"act": "revoke"})
    claim = {"name": "Name", "domain": "name.example", "country": "SE"}
    yield Asked("POST", "/customers/claim/", "customer_id", "customer", claim)
    yield Asked("POST", "/staff/invite/", "email", "email", {"roles": "sales_agent"})
    yield Asked("POST", "/account/password/reset/", "email", "email")
    for act in ("roles", "name", "deactivate", "reactivate", "reset", "second_factor"):
        yield Asked("POST", "/staff/", "staff", "staff", {"act": act})
    step = f"/next-steps/{here['suggestion']}/"
    yield Asked("POST", step, "owner", "staff", {"act": "plan", "planned_for": "2100-01-01"})
    yield Asked("POST", step, "course", "course", {"act": "session", "held_on": "2100-01-01", "invited": "1"})
    report = {"name": "Name", "rhythm": "daily", "day": "1", "hour": "7", "time_zone": "UTC"}
    yield Asked("POST", "/reports/new/?of=/portfolio.csv", "staff", "staff", report)
    of = f"/customers/{here['customer']}/insights.csv"
    yield Asked("POST", f"/reports/new/?of={of}", "contacts", "contact", report)
    yield Asked("POST", f"/reports/{here['report']}/", "recipient", "staff", {"act": "approve"})
    yield from corrections(here)


def corrections(here: dict[str, Any]) -> Iterator[Asked]:
    """Forms of the admin site."""
    reason = {"reason": "A reason"}
    period = {"valid_from": "2026-01-01", "valid_to": "", "state": "entitled", **reason}
    yield Asked(
        "POST",
        "/admin/customers/entitlementperiod/add/",
        "subscription_id",
        "subscription_id",
        {"user_id": "x", **period},
    )
    own = {"subscription_id": here["subscription_id"], **period}
    yield Asked("POST", "/admin/customers/entitlementperiod/add/", "user_id", "user_id", own)
    version = {"effective_on": "2026-01-01", "status": "active", "quantity": "1", "is_trial": "", **reason}
    added = "/admin/customers/subscriptionversion/add/"
    yield Asked("POST", added, "customer", "customer_key", {"subscription_id": "new", "sku": "1", **version})
    for action in ("confirm_claims", "refuse_claims", "delete_selected"):
        picked = {"action": action, **reason}
        yield Asked("POST", "/admin/customers/relationship/", "_selected_action", "relationship", picked)
    days = {
        "what": "activity add",
        "service": "EXO",
        "first": "2026-11-01",
        "last": "2026-11-01",
        "source": "",
        **reason,
    }
    yield Asked("POST", f"/admin/customers/customer/{here['customer_key']}/days/", "user_id", "user_id", days)


def test_bodies_of_forms(world: DoorsWorld, ears: Ears) -> None:
    visitor = Visitor(world.viewer("here, global admin"), ears)
    before = world.fingerprint("there", "claiming", "apart")
    ask_all(world, visitor, bodies(world, visitor))
    assert "\n".join(visitor.faults) == ""
    assert world.fingerprint("there", "claiming", "apart") == before


def test_address_known_elsewhere_signs_in_like_an_unknown_one(world: DoorsWorld, ears: Ears) -> None:
    visitor = Visitor(world.viewer("anonymous"), ears)
    questions = [
        Asked("POST", "/account/login/", "login", "email", {"password": "wrong"}),
        Asked("POST", "/account/password/reset/", "email", "email"),
    ]
    ask_all(world, visitor, iter(questions))
    assert "\n".join(visitor.faults) == ""


def test_headers_change_nothing(world: DoorsWorld, ears: Ears) -> None:
    here, there = world.viewer("here, sales agent"), world.viewer("there")
    visitor = Visitor(here, ears)
    guid = str(world.tenants["there"].partner.partner_id)
    for path in ("/", "/customers/", "/api/v1/me/", "/api/v1/customers/"):
        plain = visitor.ask("GET", path)
        for headers in (
            {"X-Partner": guid},
            {"X-Partner-Id": guid, "X-Forwarded-User": there.staff.email, "Remote-User": there.staff.email},
            {"X-Original-URL": "/admin/", "X-Rewrite-URL": "/admin/"},
            {"X-HTTP-Method-Override": "DELETE"},
            {"HX-Request": "true", "HX-Current-URL": f"/customers/{world.tenants['there'].ids['customer']}/"},
            {"Referer": f"/customers/{world.tenants['there'].ids['customer']}/"},
        ):
            if difference := visitor.ask("GET", path, **headers).difference(plain):
                visitor.note(f"GET {path} {headers}", difference)
    assert "\n".join(visitor.faults) == ""


def test_token_decides_over_the_session(world: DoorsWorld, ears: Ears) -> None:
    """A program of somebody else's partner in the browser of ours sees what the token shows, and nothing of ours."""
    here, there = world.viewer("here, global admin"), world.viewer("there")
    visitor = Visitor(here, ears)
    visitor.viewer = there
    for door in DOORS:
        if door.is_api and door.kind != "customer" and door.opens is not Opens.ANYBODY:
            visitor.ask("GET", door.path(), Authorization=f"Bearer {there.by_token}")
    assert "\n".join(visitor.faults) == ""
    answer = visitor.ask("GET", "/api/v1/me/", Authorization="Bearer nonsense")
    assert answer.status == 401
