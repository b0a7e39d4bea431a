"""Takes out, one at a time, what keeps people from what isn't theirs: the round of the doors must notice each.

Run by name: `python -m pytest tests/doors/mutants.py`. The second wall is down meanwhile (everybody works as the operator
of the installation), so that the first is tried alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.views.generic.base import View

import config.admin_site
import config.middleware
import customers.selectors.customers
import customers.views.account
import insights.selectors.explain
import insights.views.customer
import partners.admin
import partners.tenancy
from customers.admin import customers as admin_customers
from customers.admin import licences, loads, relationships
from customers.admin.base import FactAdmin
from customers.models import Contact, Person
from customers.models.customer import Customer, RelationshipQuerySet
from customers.models.load import LoadQuerySet
from customers.models.subscription import SubscriptionQuerySet
from customers.models.visibility import OwnOfServedQuerySet, OwnQuerySet, ServedCustomerQuerySet
from partners.admin_base import TenantAdmin
from partners.api.doors import ApiDoor
from partners.doors import Door
from partners.models import ApiTokenQuerySet, AuditEntryQuerySet, InvitationQuerySet, Staff, StaffQuerySet
from partners.tenancy import Scope
from tests.doors.table import DOORS
from tests.doors.test_doors import ask_about, compare, turned_away, values
from tests.doors.visiting import Ears, Visitor
from tests.doors.world import DoorsWorld

Patch = pytest.MonkeyPatch
ADMIN, AGENT, SALES = "here, global admin", "here, admin agent", "here, sales agent"


@dataclass(frozen=True)
class Mutant:
    """One thing taken out."""

    name: str
    apply: Callable[[Patch], None]
    viewer: str = ADMIN
    part: str = ""
    """Only doors whose pattern begins so are tried; every mutant has to be noticed there."""


def everybodys(self: Any, *_args: Any, **_kwargs: Any) -> Any:
    """A queryset's `visible_to` that has forgotten who asks."""
    return self.all()


def forgets(queryset: type) -> Callable[[Patch], None]:
    """`visible_to` of these querysets shows everything."""
    return lambda patch: patch.setattr(queryset, "visible_to", everybodys)


def own_is_everything(admin: type) -> Callable[[Patch], None]:
    """`own` of a class of the admin site yields everything."""
    return lambda patch: patch.setattr(admin, "own", lambda _self, queryset, _user: queryset)


def statement(old: str, new: str) -> Callable[[Patch], None]:
    """The statements that find a partner's customers lack a condition."""

    def apply(patch: Patch) -> None:
        module = customers.selectors.customers
        for name in ("_OF_PARTNER", "_ONE_OF_PARTNER", "_COVERS", "_COVERS_EITHER"):
            patch.setattr(module, name, getattr(module, name).replace(old, new))
        assert any(new in getattr(module, name) for name in ("_OF_PARTNER", "_COVERS"))

    return apply


def kinds_forgotten(patch: Patch) -> None:
    patch.setattr(AuditEntryQuerySet, "visible_to", lambda self, user: self.filter(partner=user.partner_id))


def sellers_forgotten(patch: Patch) -> None:
    patch.setattr(
        SubscriptionQuerySet,
        "visible_to",
        lambda self, user: self.filter(customer__in=Customer.objects.visible_to(user)),
    )


def customers_forgotten(patch: Patch) -> None:
    patch.setattr(OwnOfServedQuerySet, "visible_to", lambda self, user: self.filter(**{self.owned_by: user.partner_id}))


def claims_count(patch: Patch) -> None:
    patch.setattr(RelationshipQuerySet, "confirmed", lambda self, partner, day: self.filter(partner=partner))


def roles_forgotten_at_doors(patch: Patch) -> None:
    patch.setattr(Door, "dispatch", View.dispatch)


def roles_forgotten_by_the_api(patch: Patch) -> None:
    patch.setattr(ApiDoor, "check_permissions", lambda _self, _request: None)


def anybody_enters_the_admin_site(patch: Patch) -> None:
    patch.setattr(config.admin_site, "_enters", lambda user: user.is_authenticated)


def anybody_enters_every_class(patch: Patch) -> None:
    patch.setattr(TenantAdmin, "enters", lambda _self, _request: True)


def admin_forgets_whose(patch: Patch) -> None:
    patch.setattr(TenantAdmin, "get_queryset", super(TenantAdmin, TenantAdmin).get_queryset)


def names_for_everybody(patch: Patch) -> None:
    kept = insights.selectors.explain.names_for

    def named(**asked: Any) -> dict[int, str]:
        people = Person.objects.filter(customer=asked["customer"], number__in=asked["people"])
        return kept(**asked) | dict(people.values_list("number", "user_id"))

    patch.setattr(insights.selectors.explain, "names_for", named)


def sales_agents_see_names(patch: Patch) -> None:
    kept = Staff.may
    patch.setattr(Staff, "may", lambda self, action: action == "see_names" or kept(self, action))


def colleagues_of_everybody(patch: Patch) -> None:
    patch.setattr(
        customers.views.account, "possible_owners", lambda **_asked: dict(Staff.objects.values_list("pk", "email"))
    )


def contacts_of_everybody(patch: Patch) -> None:
    patch.setattr(
        insights.views.customer,
        "contacts_of",
        lambda *, customer, **_asked: list(Contact.objects.filter(account__customer=customer)),
    )


def sellers_shown_in_lists(patch: Patch) -> None:
    held = insights.selectors.explain._Held
    kept = held.of

    def of(self: Any, subscription: int) -> dict[str, Any]:
        found = self.subscriptions.get(subscription)
        return kept(self, subscription) | {"subscription_id": found.subscription_id if found else None}

    patch.setattr(held, "of", of)


MUTANTS = [
    Mutant("own: whose", forgets(OwnQuerySet), part="admin/customers/"),
    Mutant("served customers: whose", forgets(ServedCustomerQuerySet), part="admin/customers/"),
    Mutant("own of served customers: whose", forgets(OwnOfServedQuerySet), part="admin/customers/"),
    Mutant("own of served customers: which customers", customers_forgotten, "claiming", "admin/customers/"),
    Mutant("subscriptions: whose, and who sold them", forgets(SubscriptionQuerySet), part="customers/"),
    Mutant("subscriptions: who sold them", sellers_forgotten, part="subscriptions.csv"),
    Mutant("loads: whose", forgets(LoadQuerySet), part="admin/customers/load"),
    Mutant("relationships: claims count", claims_count, "claiming", "admin/customers/"),
    Mutant("staff: whose", forgets(StaffQuerySet), part="staff/"),
    Mutant("invitations: whose", forgets(InvitationQuerySet), part="staff/"),
    Mutant("tokens: whose", forgets(ApiTokenQuerySet), part="profile/"),
    Mutant("audit log: whose", forgets(AuditEntryQuerySet), part="audit"),
    Mutant("audit log: which kinds", kinds_forgotten, "here, user admin", "audit"),
    Mutant("customers: whose", statement("r.partner_id = %(partner)s AND", "true AND"), part="customers"),
    Mutant("customers in the API: whose", statement("r.partner_id = %(partner)s AND", "true AND"), part="api/"),
    Mutant("customers: claims count", statement("r.status = 'confirmed'", "true"), "claiming"),
    Mutant(
        "customers: when served",
        statement("(r.valid_to IS NULL OR r.valid_to > %(day)s)", "true"),
        "apart",
        "portfolio.csv",
    ),
    Mutant(
        "customers: whose name for them",
        statement("own.stated_by_id = r.partner_id", "own.stated_by_id <> r.partner_id"),
        part="customers",
    ),
    Mutant(
        "accounts in lists: whose",
        statement("a.partner_id = r.partner_id AND", "a.partner_id <> r.partner_id AND"),
        part="customers.csv",
    ),
    Mutant("owners to choose from: whose", colleagues_of_everybody, part="customers/<uuid:customer_id>/edit"),
    Mutant("contacts: whose", contacts_of_everybody, part="customers/<uuid:customer_id>/"),
    Mutant("lists behind counts: who sold it", sellers_shown_in_lists, part="customers/"),
    Mutant("lists behind counts: who delivered a name", names_for_everybody, part="customers/"),
    Mutant("lists behind counts: who sees names", sales_agents_see_names, SALES, "customers/"),
    Mutant("doors: roles", roles_forgotten_at_doors, SALES),
    Mutant("doors: nobody's staff", roles_forgotten_at_doors, "nobody's staff"),
    Mutant("API: roles", roles_forgotten_by_the_api, "here, no role", "api/"),
    Mutant("API: sign-in", roles_forgotten_by_the_api, "anonymous", "api/"),
    Mutant("admin site: who enters", anybody_enters_the_admin_site, SALES, "admin/"),
    Mutant("admin classes: who enters", anybody_enters_every_class, AGENT, "admin/partners/"),
    Mutant("admin classes: whose", admin_forgets_whose, AGENT, "admin/customers/"),
    Mutant("admin facts: whose", own_is_everything(FactAdmin), AGENT, "admin/customers/"),
    Mutant(
        "admin customers: whose", own_is_everything(admin_customers.CustomerAdmin), AGENT, "admin/customers/customer/"
    ),
    Mutant(
        "admin subscriptions: whose",
        own_is_everything(licences.SubscriptionAdmin),
        AGENT,
        "admin/customers/subscription/",
    ),
    Mutant(
        "admin versions: whose", own_is_everything(licences.VersionAdmin), AGENT, "admin/customers/subscriptionversion/"
    ),
    Mutant(
        "admin periods: whose", own_is_everything(licences.PeriodAdmin), AGENT, "admin/customers/entitlementperiod/"
    ),
    Mutant("admin loads: whose", own_is_everything(loads.LoadAdmin), AGENT, "admin/customers/load/"),
    Mutant(
        "admin relationships: whose",
        own_is_everything(relationships.RelationshipAdmin),
        AGENT,
        "admin/customers/relationship/",
    ),
    Mutant(
        "admin audit log: whose", own_is_everything(partners.admin.AuditEntryAdmin), AGENT, "admin/partners/auditentry/"
    ),
]


@pytest.fixture(autouse=True)
def _second_wall_down(monkeypatch: Patch) -> None:
    def everything(_user: object) -> Scope:
        return Scope(everything=True)

    monkeypatch.setattr(config.middleware, "scope_of", everything)
    monkeypatch.setattr(partners.tenancy, "scope_of", everything)


def round_of(world: DoorsWorld, ears: Ears, viewer: str, part: str) -> list[str]:
    """What is wrong at the doors that begin so, when this viewer looks in."""
    visitor = Visitor(world.viewer(viewer), ears)
    for door in DOORS:
        if not door.pattern.startswith(part):
            continue
        mine, others, absent = values(world, visitor.viewer, door)
        nothing = ask_about(visitor, door, "GET", absent)
        if not door.opens_to(visitor.viewer.staff):
            turned_away(visitor, door, f"GET {nothing.path}", nothing)
            continue
        ask_about(visitor, door, "GET", mine)
        for other in others:
            compare(visitor, door, "GET", ask_about(visitor, door, "GET", other), nothing)
    return visitor.faults


@pytest.mark.parametrize(("viewer", "part"), sorted({(mutant.viewer, mutant.part) for mutant in MUTANTS}))
def test_first_wall_stands_alone(world: DoorsWorld, ears: Ears, viewer: str, part: str) -> None:
    assert "\n".join(round_of(world, ears, viewer, part)) == ""


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])
def test_mutant_is_noticed(world: DoorsWorld, ears: Ears, monkeypatch: Patch, mutant: Mutant) -> None:
    mutant.apply(monkeypatch)
    assert round_of(world, ears, mutant.viewer, mutant.part) != []
