"""The guided start of a partner that serves nobody yet: what is to do, and what of it is done."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.models import Connection, LeftOutSku, Relationship, Upload
from partners.models import Invitation, Partner, Staff
from partners.permissions import Action


@dataclass(frozen=True, slots=True)
class Way:
    """A link of a step, and who may follow it."""

    name: str
    label: Promise
    action: Action


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody does to get going; `facts` of which one shows that it is done (none: nothing does)."""

    title: Promise
    text: Promise
    ways: tuple[Way, ...]
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GuideStep:
    """A step as one person sees it."""

    title: Promise
    text: Promise
    ways: tuple[Way, ...]
    done: bool


STEPS = (
    Step(
        _("Bring in what your customers hold and use"),
        _(
            "Upload the reports that you have, or connect a customer's tenant or your Partner Center once: "
            "then files come in by themselves, every day."
        ),
        (
            Way("insights:imports", _("Upload files"), Action.CORRECT_FACTS),
            Way("customers:connections", _("Connect"), Action.PARTNER_SETTINGS),
        ),
        ("uploaded", "connected"),
    ),
    Step(
        _("Say whom you serve"),
        _("A customer that others have told of is claimed; the operator of this installation confirms it."),
        (Way("customers:claim", _("Claim a customer"), Action.CLAIM_CUSTOMER),),
        ("claimed",),
    ),
    Step(
        _("Invite your colleagues"),
        _("Everybody has a role: who sees names, who imports, who plans next steps."),
        (Way("partners:invite", _("Invite somebody"), Action.MANAGE_STAFF),),
        ("colleagues", "invited"),
    ),
    Step(
        _("Leave out what blurs the picture"),
        _("Free SKUs, and those that people sign up for by themselves, needn't count on your pages."),
        (Way("insights:left_out_skus", _("SKUs left out"), Action.PARTNER_SETTINGS),),
        ("left_out",),
    ),
    Step(
        _("Learn the words"),
        _("Deployment, usage, idle: each figure says what it counts, and why it can be above 100 %."),
        (Way("insights:terms", _("What the words mean"), Action.SEE_PORTFOLIO),),
    ),
)


def guide_of(user: Staff) -> list[GuideStep]:
    """The steps of which this person may take one, and whether they are done. One query."""
    facts = _facts(user)
    return [
        GuideStep(step.title, step.text, ways, any(facts[name] for name in step.facts))
        for step in STEPS
        if (ways := tuple(way for way in step.ways if user.may(way.action)))
    ]


def _facts(user: Staff) -> dict[str, bool]:
    own: dict[str, QuerySet] = {
        "uploaded": Upload.objects.filter(partner=OuterRef("pk")),
        "connected": Connection.objects.filter(partner=OuterRef("pk")),
        "claimed": Relationship.objects.filter(partner=OuterRef("pk")),
        "colleagues": Staff.objects.filter(partner=OuterRef("pk"), is_active=True).exclude(pk=user.pk),
        "invited": Invitation.objects.filter(partner=OuterRef("pk")),
        "left_out": LeftOutSku.objects.filter(partner=OuterRef("pk")),
    }
    asked = Partner.objects.annotate(**{name: Exists(rows) for name, rows in own.items()})
    return asked.values(*own).get(pk=user.partner_id)
