"""Two partners that share a customer, a claim that waits, and something of each in every table that has a tenant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.utils import timezone

from customers import models
from insights.models import (
    Course,
    ExportJob,
    Playbook,
    Report,
    ReportRecipient,
    SavedView,
    SelfServiceLink,
    SentReport,
    Silence,
    StepSettings,
    Suggestion,
    SuggestionEvent,
    TrainingSession,
    WantedDays,
    WorkRange,
)
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
    for customer in (world.customer, theirs):
        WantedDays.objects.create(customer=customer)
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
    _undoable(stated["load"], customer)
    _learnt(world, world.person(user, customer), stated)
    account = models.Account.objects.create(partner=partner, customer=customer)
    models.Contact.objects.create(account=account, name="Contact")
    own = {"partner": partner, "customer": customer, "key": user, **stated}
    models.SupportCase.objects.create(case_id=user, opened_on=DAY, kind="other", **own)
    models.SatisfactionResponse.objects.create(response_id=user, responded_on=DAY, score=5, **own)


def _undoable(load: models.Load, customer: models.Customer) -> None:
    """What an undo needs; the facts above have left entries in the journal."""
    step = models.LoadStep.objects.create(load=load, name="customers.csv", today=DAY, header=[])
    models.LoadLines.objects.create(step=step, customer_id=customer.pk, lines=["line"])
    models.RemovedBits.objects.create(load=load, customer_id=customer.pk, day=DAY, source=1, bits=1)


def _learnt(world: World, person: models.Person, stated: dict[str, Any]) -> None:
    """Lists and totals."""
    said = {"customer": person.customer, **stated}
    holder = {"person_number": person.number, "source": "directory"}
    models.Holding.objects.create(sku=world.e3, state="entitled", valid_from=DAY, **holder, **said)
    models.SeenList.objects.create(day=DAY, **holder, **said)
    models.SeenSubscription.objects.create(key="1", day=DAY, **said)
    models.SkuTotal.objects.create(sku=world.e3, day=DAY, enabled=1, warning=0, suspended=0, consumed=0, **said)
    models.Alias.objects.create(person_number=person.number, display_name="Ann", **said)
    models.Reported.objects.create(day=DAY, metric="usage", service="o365", numerator=1, denominator=2, **said)


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
    left_out = {"partner": partner, "reason": "reason", "left_out_by": staff, "left_out_at": timezone.now()}
    models.LeftOutPerson.objects.create(
        customer=world.customer, user_id="info", key="info", mailbox="shared", **left_out
    )
    models.LeftOutSku.objects.create(sku=world.e3, **left_out)
    upload = models.Upload.objects.create(partner=partner, sent_by=staff)
    models.UploadedFile.objects.create(upload=upload, place=0, name="file", size=1)
    models.TableColumns.objects.create(partner=partner, fingerprint="0" * 64, mapping={}, said_by=staff)
    application = models.Application.objects.create(
        partner=partner, directory_id=world.guid(), client_id=world.guid(), sealed_secret="sealed"
    )
    connection = models.Connection.objects.create(partner=partner, kind="graph", tenant_id=world.guid())
    pull = models.Pull.objects.create(connection=connection, day=DAY)
    models.PulledPart.objects.create(pull=pull, file="users.json", number=0, content=b"content")
    models.VendorRequest.objects.create(
        tenant_id=connection.tenant_id, application=application.client_id, what="report", at=timezone.now()
    )
    _exports(staff)
    _steps(world.customer, partner, staff)
    LogEntry.objects.create(
        user=staff,
        content_type=ContentType.objects.get_for_model(Staff),
        object_id="1",
        object_repr="ann",
        action_flag=CHANGE,
    )


def _exports(staff: Staff) -> None:
    """A file, and a report that was sent."""
    own = {"partner": staff.partner, "address": "/portfolio.csv", "site": "https://x.example"}
    ExportJob.objects.create(staff=staff, **own)
    report = Report.objects.create(owner=staff, name="report", rhythm="daily", next_at=timezone.now(), **own)
    recipient = ReportRecipient.objects.create(report=report, staff=staff)
    SentReport.objects.create(report=report, recipient=recipient, email=staff.email, due_at=timezone.now())
    SavedView.objects.create(partner=staff.partner, owner=staff, page="/", query="by=sku", name="view")


def _steps(customer: models.Customer, partner: Partner, staff: Staff) -> None:
    """Next steps, and what helps with them."""
    of = {"partner": partner, "customer": customer}
    suggestion = Suggestion.objects.create(
        **of, rule="renew", raised_on=DAY, evidence_on=DAY, weight=1, owner=staff, state="open"
    )
    SuggestionEvent.objects.create(partner=partner, suggestion=suggestion, state="open")
    Silence.objects.create(**of, rule="renew", lack="coverage", as_of=DAY)
    StepSettings.objects.create(partner=partner)
    Playbook.objects.create(partner=partner, rule="renew", title="title", attempt="attempt")
    course = Course.objects.create(partner=partner, title="title", kind="online", language="en")
    TrainingSession.objects.create(**of, course=course, suggestion=suggestion, held_on=DAY, invited=1)
    SelfServiceLink.objects.create(partner=partner, title="title", language="en", address="https://x.example")
