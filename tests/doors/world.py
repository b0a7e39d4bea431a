"""A world in which every text tells whose it is, so that a leak can be recognised wherever it turns up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.utils import timezone

from customers import models
from customers.clock import today
from customers.imports.report import ImportReport, VendorFile
from customers.models.customer import Customer
from customers.services.imports import storage
from customers.services.imports.uploads import Sent, Unsaid, receive
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
)
from insights.services.exports import storage as files
from insights.services.rollup import rollup
from partners.models import ApiToken, AuditEntry, Invitation, Partner, Staff
from partners.permissions import Action, Role
from partners.services.tokens import create_token
from tests.insights.world import World
from tests.people import make_operator, make_staff, signed_in

PRICE = "76543.21"
PRICES = {PRICE, "76,543.21"}
"""As a file and as a page write it."""
DAYS_BACK = 2
"""The figures of this many days are stored."""
ABSENT = UUID("00000000-0000-4000-8000-00000000dead")
ABSENT_KEY = 2_000_000_001


def mark(owner: str) -> str:
    """What stands in every text that is `owner`'s. Nothing else holds it, whatever happens to letter case."""
    return f"qz{owner}zq"


@dataclass
class Tenant:
    """A partner, what it keeps, and the objects of each kind of which an address can name one."""

    slug: str
    partner: Partner
    ids: dict[str, Any] = field(default_factory=dict)
    """By kind, of the customer served last."""
    shared_ids: dict[str, Any] = field(default_factory=dict)
    """The same of the shared customer."""
    staff: dict[str, Staff] = field(default_factory=dict)


@dataclass
class Viewer:
    """Somebody who goes round all doors."""

    name: str
    staff: Staff | None
    forbidden: frozenset[str]
    """What must not occur in anything that this person is told."""
    by_token: str = ""
    once_known: frozenset[str] = frozenset()
    """Of customers served once: may occur in the list of one's own relationships only."""

    def client(self) -> Client:
        """A browser in which he or she has signed in; for whoever has a token, a program."""
        browser = Client() if self.staff is None else signed_in(self.staff)
        browser.raise_request_exception = False
        return browser

    def program(self) -> Client:
        """A program with this person's token."""
        asking = Client(headers={"Authorization": f"Bearer {self.by_token}"})
        asking.raise_request_exception = False
        return asking


SEEN_BY = {**{kind.value: action for kind, action in AuditEntry.SEEN_BY.items()}, "name": Action.SEE_NAMES}
"""Marks of what only some roles see: parts of the audit log, and names of people."""
ROLES = {
    "global admin": [Role.GLOBAL_ADMIN],
    "user admin": [Role.USER_ADMIN],
    "admin agent": [Role.ADMIN_AGENT],
    "sales agent": [Role.SALES_AGENT],
    "user admin and sales agent": [Role.USER_ADMIN, Role.SALES_AGENT],
    "no role": [],
}


class DoorsWorld:
    """`here` and `there` serve the customer `shared`; `there` alone serves `theirs`, `here` alone `ours`.

    `claiming` has claimed all three and waits; `apart` serves a customer that nobody else knows.
    """

    def __init__(self) -> None:
        use_up_small_numbers()
        self.world = World()
        Partner.objects.all().delete()
        self.world.customer.delete()
        self.tenants = {slug: self._tenant(slug) for slug in ("here", "there", "claiming", "apart")}
        here, there, claiming, apart = self.tenants.values()
        self.customers = {
            "ours": self._customer("ours", here),
            "shared": self._customer("shared", here, there),
            "theirs": self._customer("theirs", there),
            "aparts": self._customer("aparts", apart),
        }
        for name in ("shared", "theirs", "ours"):
            self._claim(claiming, self.customers[name])
        self._claim(here, self.customers["aparts"])
        self._tell_of_unserved(claiming, self.customers["shared"])
        models.Relationship.objects.create(
            partner=apart.partner,
            customer=self.customers["ours"],
            valid_from=today() - timedelta(days=400),
            valid_to=today() - timedelta(days=300),
            status="confirmed",
        )
        rollup(first=today() - timedelta(days=DAYS_BACK), last=today() - timedelta(days=1))
        sku = self.world.e3
        self.catalogue = {"sku": sku.pk, "family": sku.family_id, "workload": self.world.workload("EXO").pk}
        self.operator = make_operator(email=f"{mark('operator')}@x.example")
        self.viewers = list(self._viewers())

    def _tenant(self, slug: str) -> Tenant:
        word = mark(slug)
        partner = Partner.objects.create(
            partner_id=self.world.guid(), name=f"Name {word}", slug=word, second_factor_required=False
        )
        tenant = Tenant(slug, partner)
        for role, roles in ROLES.items():
            address = f"{word}-{role.replace(' ', '-')}@x.example"
            tenant.staff[role] = make_staff(partner, *roles, email=address, first_name=word, last_name=word)
        self._keep_of_staff(tenant)
        return tenant

    def _keep_of_staff(self, tenant: Tenant) -> None:
        word, partner, agent = mark(tenant.slug), tenant.partner, tenant.staff["sales agent"]
        EmailAddress.objects.create(user=agent, email=agent.email, verified=True, primary=True)
        Authenticator.objects.create(user=agent, type=Authenticator.Type.RECOVERY_CODES, data={"seed": word})
        token = ApiToken.objects.create(staff=agent, name=word, prefix=word, digest="0" * 64)
        invitation = Invitation.objects.create(
            partner=partner,
            email=f"{word}-invited@x.example",
            roles=["sales_agent"],
            invited_by=agent,
            expires_at=datetime(2100, 1, 1, tzinfo=UTC),
            digest=word,
        )
        entries = [
            AuditEntry.objects.create(
                actor=agent,
                partner=partner,
                kind=kind,
                action="customer.profile",
                object_type="thing",
                object_id=word,
                reason=f"{word} {mark(kind)}",
                before={"name": word},
                after={"name": f"{word} after"},
            )
            for kind in AuditEntry.Kind
        ]
        tenant.ids |= {
            "partner": partner.pk,
            "partner_guid": partner.partner_id,
            "slug": partner.slug,
            "staff": agent.pk,
            "email": agent.email,
            "token": token.pk,
            "invitation": invitation.pk,
            "auditentry": entries[1].pk,
            "upload": self._upload(tenant).pk,
            "export": self._export(tenant).pk,
            "report": self._report(tenant).pk,
            "view": self._view(tenant).pk,
            "connection": self._connection(tenant).pk,
            **self._library(tenant),
        }

    def _library(self, tenant: Tenant) -> dict[str, int]:
        """What helps with next steps: by kind its key."""
        word, partner = mark(tenant.slug), tenant.partner
        playbook = Playbook.objects.create(partner=partner, rule="renew", title=word, attempt=word)
        course = Course.objects.create(partner=partner, title=word, kind="online", language="en")
        link = SelfServiceLink.objects.create(
            partner=partner, title=word, language="en", address=f"https://{word}.example", product=word
        )
        StepSettings.objects.create(partner=partner, last_run=today())
        return {"playbook": playbook.pk, "course": course.pk, "link": link.pk}

    def _step(self, tenant: Tenant, customer: Customer) -> Suggestion:
        """A suggestion that was planned, with a session and its history; and a rule that was silent."""
        word, agent = mark(tenant.slug), tenant.staff["sales agent"]
        fact = {"name": "subscription_id", "value": word, "limit": None, "part": None, "whole": None}
        of = {"partner": tenant.partner, "customer": customer}
        suggestion = Suggestion.objects.create(
            **of, rule="renew", subject=word, state="planned", raised_on=today(), evidence_on=today(), owner=agent,
            evidence=[fact], weight=4, due_on=today(), planned_for=today(), planned_on=today(),
        )  # fmt: skip
        SuggestionEvent.objects.create(
            partner=tenant.partner, suggestion=suggestion, actor=agent, state="planned", day=today(), owner=agent,
            reason=word,
        )  # fmt: skip
        Silence.objects.create(**of, rule="sell_more", lack="coverage", as_of=today())
        TrainingSession.objects.create(
            **of, course_id=tenant.ids["course"], suggestion=suggestion, held_on=today(), invited=3
        )
        return suggestion

    def _connection(self, tenant: Tenant) -> models.Connection:
        """An application with a secret, and a tenant that didn't answer as it should."""
        word, guid = mark(tenant.slug), self.world.guid()
        models.Application.objects.create(
            partner=tenant.partner, directory_id=guid, client_id=guid, sealed_secret=mark("secret")
        )
        connection = models.Connection.objects.create(
            partner=tenant.partner, kind="graph", tenant_id=self.world.guid(), problem="not_imported", detail=word
        )
        models.Pull.objects.create(connection=connection, day=today(), left_out=[word])
        return connection

    def _export(self, tenant: Tenant) -> ExportJob:
        """A file that can be fetched by whoever asked for it."""
        word, agent = mark(tenant.slug), tenant.staff["sales agent"]
        job = ExportJob.objects.create(
            partner=tenant.partner,
            staff=agent,
            address=f"/portfolio.csv?segment={word}",
            site="https://x.example",
            state=ExportJob.State.DONE,
            done_at=timezone.now(),
            name=f"{word}.csv",
            title=word,
        )
        files.file_of(job.pk).write_text(word)
        return job

    def _report(self, tenant: Tenant) -> Report:
        """A report that was sent."""
        word, agent = mark(tenant.slug), tenant.staff["sales agent"]
        report = Report.objects.create(
            partner=tenant.partner,
            owner=agent,
            name=word,
            address=f"/portfolio.csv?segment={word}",
            site="https://x.example",
            rhythm="daily",
            next_at=datetime(2100, 1, 1, tzinfo=UTC),
        )
        recipient = ReportRecipient.objects.create(report=report, staff=agent)
        SentReport.objects.create(report=report, recipient=recipient, email=agent.email, due_at=timezone.now())
        return report

    def _view(self, tenant: Tenant) -> SavedView:
        """A view that the partner's staff share."""
        word, agent = mark(tenant.slug), tenant.staff["sales agent"]
        return SavedView.objects.create(
            partner=tenant.partner, owner=agent, page="/", query=f"segment={word}", name=word, is_shared=True
        )

    def _upload(self, tenant: Tenant) -> models.Upload:
        """A table that was refused because nobody has said what its columns mean."""
        word, agent = mark(tenant.slug), tenant.staff["admin agent"]
        path = storage.incoming() / word
        path.write_text(f"{word}1,{word}2\n{word}3,{word}\n")
        upload = receive(actor=agent, files=[Sent(path, f"{word}.csv", path.stat().st_size)], about=Unsaid())
        storage.refused_of(upload.pk).write_text(f"file,line,column,value,reason\n{word}.csv,2,,,{word}\n")
        report = ImportReport(files=[VendorFile(f"{word}.csv", refusal=word, table=word)])
        upload.report, upload.state = report.as_kept(), upload.State.REFUSED
        upload.save()
        return upload

    def _customer(self, name: str, *tenants: Tenant) -> Customer:
        customer = models.Customer.objects.create(tenant_id=self.world.guid())
        models.CustomerProfile.objects.create(
            customer=customer, name=f"Operator's {mark(name)}", domain=f"{mark(name)}.example", country="SE"
        )
        outside = self._subscription(customer, f"external-{mark(name)}", None)
        self._use(customer, outside, None, mark("external"))
        for tenant in tenants:
            self._serve(tenant, customer)
            if name == "shared":
                tenant.shared_ids = dict(tenant.ids)
        return customer

    def _subscription(
        self, customer: Customer, subscription_id: str, seller: Partner | None, **version: Any
    ) -> models.Subscription:
        subscription = self.world.subscription(customer=customer, seller=seller, **version)
        subscription.subscription_id = subscription.key = subscription_id
        subscription.save()
        return subscription

    def _serve(self, tenant: Tenant, customer: Customer) -> None:
        word, partner = mark(tenant.slug), tenant.partner
        load = models.Load.objects.create(kind="feed", stated_by=partner, source=f"{word}.zip")
        models.LoadedFile.objects.create(load=load, name=f"{word}.csv", outcome="loaded")
        models.LoadStep.objects.create(load=load, name="customers.csv", today=today(), header=[])
        stated = {"stated_by": partner, "load": load}
        relationship = models.Relationship.objects.create(
            partner=partner, customer=customer, valid_from=today() - timedelta(days=90), status="confirmed", **stated
        )
        profile = models.CustomerProfile.objects.create(
            customer=customer, name=f"Name {word}", domain=f"{word}.example", country="NO", segment=word, **stated
        )
        sold = {"quantity": 4, "unit_price": PRICE, "currency": "SEK"}
        subscription = self._subscription(customer, f"{word}-{customer.pk}", partner, **sold, **stated)
        period = self._use(customer, subscription, partner, word)
        self._keep(tenant, customer, stated)
        tenant.ids |= {
            "customer": customer.tenant_id,
            "customer_key": customer.pk,
            "customerprofile": profile.pk,
            "relationship": relationship.pk,
            "subscription": subscription.pk,
            "subscription_id": subscription.subscription_id,
            "subscriptionversion": subscription.versions.get().pk,
            "entitlementperiod": period.pk,
            "person": period.person.pk,
            "user_id": period.person.user_id,
            "load": load.pk,
        }

    def _use(
        self, customer: Customer, subscription: models.Subscription, partner: Partner | None, word: str
    ) -> models.EntitlementPeriod:
        """A person who has the licence and is active, and one who has it and is not."""
        word = f"{word}-{mark('name')}"
        for user in (f"{word}-idle-{customer.pk}", f"{word}-{customer.pk}"):
            self.world.period(subscription, user, stated_by=partner)
        source = partner.pk if partner else 0
        self.world.activity(user, "EXO", today() - timedelta(days=1), customer=customer, source=source)
        self.world.activity(
            f"{word}-beyond-{customer.pk}", "YAM", today() - timedelta(days=1), customer=customer, source=source
        )
        return models.EntitlementPeriod.objects.select_related("person").get(
            subscription=subscription, person__key=user
        )

    def _keep(self, tenant: Tenant, customer: Customer, stated: dict[str, Any]) -> None:
        """What a partner has of its own on a customer."""
        word, partner = mark(tenant.slug), tenant.partner
        account = models.Account.objects.create(
            partner=partner, customer=customer, owner=tenant.staff["sales agent"], segment=word, tags=[word]
        )
        contact = models.Contact.objects.create(
            account=account, name=word, position=word, email=f"{word}@x.example", phone=word
        )
        own = {"partner": partner, "customer": customer, "key": f"{word}-{customer.pk}", **stated}
        case = models.SupportCase.objects.create(
            case_id=f"{word}-{customer.pk}", opened_on=today(), kind="other", **own
        )
        response = models.SatisfactionResponse.objects.create(
            response_id=f"{word}-{customer.pk}", responded_on=today(), score=3, comment=word, **own
        )
        tenant.ids |= {
            "account": account.pk,
            "contact": contact.pk,
            "supportcase": case.pk,
            "satisfactionresponse": response.pk,
            "suggestion": self._step(tenant, customer).pk,
        }

    def _claim(self, tenant: Tenant, customer: Customer) -> None:
        word = mark(tenant.slug)
        claim = models.Relationship.objects.create(
            partner=tenant.partner, customer=customer, valid_from=today(), status="claimed", stated_by=tenant.partner
        )
        models.CustomerProfile.objects.create(
            customer=customer, name=word, domain=f"{word}.example", country="FI", stated_by=tenant.partner
        )
        tenant.ids |= {"claim": claim.pk}

    def _tell_of_unserved(self, tenant: Tenant, customer: Customer) -> None:
        """What a partner delivered about a customer whom it merely claims: until that is confirmed it sees none of it."""
        word = mark("unserved")
        about = {"partner": tenant.partner, "customer": customer, "key": word, "stated_by": tenant.partner}
        models.SupportCase.objects.create(case_id=word, opened_on=today(), kind="other", **about)
        self._subscription(customer, word, tenant.partner, stated_by=tenant.partner)

    def _viewers(self) -> Iterator[Viewer]:
        everything = {mark(owner) for owner in (*self.tenants, *self.customers, "external", "operator", "unserved")}
        everything |= {str(customer.tenant_id) for customer in self.customers.values()} | PRICES
        everything |= {str(tenant.partner.partner_id) for tenant in self.tenants.values()}
        everything |= {mark(word) for word in SEEN_BY} | {mark("secret")}
        here, there = self.tenants["here"], self.tenants["there"]
        for role in ROLES:
            yield self._viewer(f"here, {role}", here, role, everything, served=("shared", "ours"))
        yield self._viewer("there", there, "global admin", everything, served=("shared", "theirs"))
        yield self._viewer("claiming", self.tenants["claiming"], "global admin", everything, served=())
        yield self._viewer("apart", self.tenants["apart"], "global admin", everything, served=("aparts",))
        nowhere = make_staff(None, email="nowhere@x.example")
        yield Viewer("nobody's staff", nowhere, frozenset(everything))
        gone = make_staff(here.partner, Role.GLOBAL_ADMIN, email="gone@x.example", is_active=False)
        yield Viewer("deactivated", gone, frozenset(everything))
        yield Viewer("operator", self.operator, frozenset())
        yield Viewer("anonymous", None, frozenset(everything))

    def _viewer(self, name: str, tenant: Tenant, role: str, everything: set[str], *, served: tuple[str, ...]) -> Viewer:
        staff = tenant.staff[role]
        allowed = {mark(tenant.slug), str(tenant.partner.partner_id)}
        for customer in served:
            allowed |= {mark(customer), str(self.customers[customer].tenant_id)}
        allowed |= {mark(word) for word, action in SEEN_BY.items() if staff.may(action)}
        if served:
            allowed |= PRICES
        if tenant.slug == "claiming":
            allowed |= {str(self.customers[name].tenant_id) for name in ("shared", "theirs", "ours")}
        if tenant.slug == "here":
            allowed.add(str(self.customers["aparts"].tenant_id))
        token = create_token(actor=None, staff=staff, name=mark(tenant.slug)).plain
        once = {mark("ours"), str(self.customers["ours"].tenant_id)} if tenant.slug == "apart" else set()
        return Viewer(name, staff, frozenset(everything - allowed), token, frozenset(once))

    def viewer(self, name: str) -> Viewer:
        return next(viewer for viewer in self.viewers if viewer.name == name)

    def fingerprint(self, *slugs: str) -> list[tuple[Any, ...]]:
        """All that is kept of these partners, to see whether any of it has changed."""
        keys = [self.tenants[slug].partner.pk for slug in slugs]
        with connection.cursor() as cursor:
            cursor.execute(_FINGERPRINT, {"partners": keys})
            return cursor.fetchall()


def use_up_small_numbers() -> None:
    """Keys that are like nothing else in an answer: no count, no day, no key of another table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename")
        names = [name for (name,) in cursor.fetchall() if name.startswith(("partners_", "customers_", "insights_"))]
        for place, name in enumerate(names):
            if name not in {"customers_family_id_seq", "customers_workload_id_seq"}:
                cursor.execute(f"SELECT max(nextval('{name}')) FROM generate_series(1, {30_000 + 1_000 * place})")


_OF_PARTNER = {
    "partners_partner": "id",
    "partners_staff": "partner_id",
    "partners_invitation": "partner_id",
    "partners_auditentry": "partner_id",
    "customers_load": "stated_by_id",
    "customers_relationship": "partner_id",
    "customers_customerprofile": "stated_by_id",
    "customers_subscription": "seller_id",
    "customers_subscriptionversion": "seller_id",
    "customers_entitlementperiod": "stated_by_id",
    "customers_holding": "stated_by_id",
    "customers_seenlist": "stated_by_id",
    "customers_seensubscription": "stated_by_id",
    "customers_skutotal": "stated_by_id",
    "customers_activity": "source",
    "customers_application": "partner_id",
    "customers_connection": "partner_id",
    "insights_suggestion": "partner_id",
    "insights_suggestionevent": "partner_id",
    "insights_silence": "partner_id",
    "insights_stepsettings": "partner_id",
    "insights_playbook": "partner_id",
    "insights_course": "partner_id",
    "insights_trainingsession": "partner_id",
    "insights_selfservicelink": "partner_id",
    "customers_account": "partner_id",
    "customers_supportcase": "partner_id",
    "customers_satisfactionresponse": "partner_id",
    "insights_exportjob": "partner_id",
    "insights_report": "partner_id",
    "insights_savedview": "partner_id",
}
_OF_STAFF = {"partners_apitoken": "staff_id", "account_emailaddress": "user_id", "mfa_authenticator": "user_id"}
_SUM = "SELECT '{table}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {table} t "
_FINGERPRINT = " UNION ALL ".join(
    [
        *(_SUM.format(table=table) + f"WHERE {column} = ANY(%(partners)s)" for table, column in _OF_PARTNER.items()),
        *(
            _SUM.format(table=table)
            + f"JOIN partners_staff s ON s.id = t.{column} WHERE s.partner_id = ANY(%(partners)s)"
            for table, column in _OF_STAFF.items()
        ),
        _SUM.format(table="customers_contact")
        + "JOIN customers_account a ON a.id = t.account_id WHERE a.partner_id = ANY(%(partners)s)",
    ]
)
