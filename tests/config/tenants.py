"""Two partners that share a customer, a claim that waits, and something of each in every table that has a tenant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.utils import timezone

from customers import models
from insights.models import WorkRange
from insights.services.rollup import rollup
from partners.models import ApiToken, AuditEntry, Invitation, Partner, Staff
from tests.insights.world import DAY, World


@dataclass
class Tenants:
    """`us` and `them` serve the customer `shared`; `them` alone serves `theirs`, which `us` has claimed and waits for."""

    world: World
    us: Partner
    them: Partner
    shared: models.Customer
    theirs: models.Customer


def fill() -> Tenants:
    """Something of each partner in every table."""
    world = World()
    theirs = world.a_customer("Theirs")
    tenants = Tenants(world, world.us, world.them, world.customer, theirs)
    world.relationship(world.us)
    world.relationship(world.them)
    world.relationship(world.them, theirs)
    world.relationship(world.us, theirs, status="claimed")
    for partner in (world.us, world.them):
        for customer in (world.customer, theirs):
            _facts(world, partner, customer)
        _people(world, partner)
    world.subscription(customer=world.customer)
    rollup(first=DAY, last=DAY)
    WorkRange.objects.create(id=1)
    Session.objects.create(session_key="key", session_data="data", expire_date=timezone.now() + timedelta(days=1))
    return tenants


def _facts(world: World, partner: Partner, customer: models.Customer) -> None:
    stated = {"stated_by": partner, "load": models.Load.objects.create(kind="feed", stated_by=partner, source="feed")}
    models.LoadedFile.objects.create(load=stated["load"], name="customers.csv", outcome="loaded")
    models.CustomerProfile.objects.create(customer=customer, name="Name", domain="x.example", country="SE", **stated)
    subscription = world.subscription(seller=partner, customer=customer, stated_by=partner)
    # What the other one says of it as external is kept aside.
    other = world.them if partner == world.us else world.us
    world.version(subscription, seller=None, aside=True, stated_by=other)
    user = f"{partner.slug}-{customer.pk}"
    world.period(subscription, user, stated_by=partner)
    world.activity(user, "EXO", DAY, customer=customer, source=partner.pk)
    world.coverage("EXO", DAY, customer=customer)
    said = {"load": stated["load"], "customer": customer, "workload": world.workload("EXO")}
    models.ActivityStatement.objects.create(block=0, day=DAY, stated=1, retracted=0, **said)
    models.CoverageStatement.objects.create(month=DAY.replace(day=1), stated=1, retracted=0, **said)
    account = models.Account.objects.create(partner=partner, customer=customer)
    models.Contact.objects.create(account=account, name="Contact")
    own = {"partner": partner, "customer": customer, "key": user, **stated}
    models.SupportCase.objects.create(case_id=user, opened_on=DAY, kind="other", **own)
    models.SatisfactionResponse.objects.create(response_id=user, responded_on=DAY, score=5, **own)


def _people(world: World, partner: Partner) -> None:
    staff = Staff.objects.create_user(f"ann@{partner.slug}.example", partner=partner, roles=["global_admin"])
    staff.groups.add(Group.objects.get_or_create(name="group")[0])
    staff.user_permissions.add(Permission.objects.first())
    address = EmailAddress.objects.create(user=staff, email=staff.email)
    EmailConfirmation.objects.create(email_address=address, key=partner.slug)
    Authenticator.objects.create(user=staff, type=Authenticator.Type.TOTP, data={})
    ApiToken.objects.create(staff=staff, name="token", prefix=partner.slug, digest="0" * 64)
    Invitation.objects.create(
        partner=partner, email="bob@x.example", roles=[], invited_by=staff, digest=partner.slug,
        expires_at=datetime(2100, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    AuditEntry.objects.create(
        actor=staff, partner=partner, action="thing.do", object_type="thing", object_id="1", kind=AuditEntry.Kind.STAFF
    )
    LogEntry.objects.create(
        user=staff,
        content_type=ContentType.objects.get_for_model(Staff),
        object_id="1",
        object_repr="ann",
        action_flag=CHANGE,
    )
