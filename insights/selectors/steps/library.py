"""What helps with next steps, as a partner's staff sees it; and its page of links, as anybody with its address does."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core import signing
from django.db.models import Count, Q
from django.db.models.functions import Lower

from customers.clock import today
from customers.models.visibility import OwnQuerySet
from insights.models import Course, Playbook, SelfServiceLink, StepSettings, TrainingSession
from insights.steps.thresholds import Thresholds, thresholds_from
from partners.models import Partner, Staff
from partners.permissions import Action
from partners.tenancy import Scope, within

_SIGNER = signing.Signer(sep=".", salt="insights.self_service")


def playbooks(user: Any) -> OwnQuerySet:
    """The partner's own playbooks, by rule and title."""
    return Playbook.objects.visible_to(user).order_by("rule", Lower("title"), "pk")


def courses(user: Any) -> OwnQuerySet:
    """The partner's courses by title, with `held` and `planned`: numbers of sessions up to today and later."""
    past = Q(sessions__held_on__lte=today())
    return (
        Course.objects.visible_to(user)
        .annotate(held=Count("sessions", filter=past), planned=Count("sessions", filter=~past & Q(sessions__isnull=False)))
        .order_by(Lower("title"), "pk")
    )  # fmt: skip


def sessions(user: Any, **about: Any) -> list[TrainingSession]:
    """The partner's training sessions about a course, suggestion or customer, the latest first."""
    found = TrainingSession.objects.visible_to(user).filter(**about).select_related("course", "customer")
    return list(found.order_by("-held_on", "-pk"))


def links(user: Any) -> OwnQuerySet:
    """The partner's links, by product and title."""
    return SelfServiceLink.objects.visible_to(user).order_by(Lower("product"), Lower("title"), "pk")


def thresholds_of(partner: Partner) -> Thresholds:
    """From where on the rules speak for the partner."""
    changed = StepSettings.objects.filter(partner=partner).values_list("thresholds", flat=True).first()
    return thresholds_from(changed or {})


def who_may_follow(user: Any) -> dict[int, str]:
    """The partner's active staff whose roles include next steps, by key: what they are called."""
    staff = Staff.objects.visible_to(user).filter(is_active=True).order_by(Lower("email"))
    return {person.pk: person.get_full_name() or person.email for person in staff if person.may(Action.PLAN_STEPS)}


def address_token(partner: Partner) -> str:
    """What opens the partner's page of links: signed, always the same, and good until the address is renewed."""
    return _SIGNER.sign(f"{partner.pk}-{_generation(partner)}")


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What a partner passes on to its customers."""

    partner: str
    products: list[tuple[str, list[SelfServiceLink]]]
    """Links by product; of no product first."""
    languages: set[str]


def link_page(token: str) -> LinkPage | None:
    """The page that a token opens; None: it opens nothing, or nothing any more. Shows nothing else of the partner."""
    try:
        key, generation = map(int, _SIGNER.unsign(token).split("-"))
    except signing.BadSignature:
        return None
    with within(Scope(partner=key)):
        partner = Partner.objects.filter(pk=key).first()
        if partner is None or _generation(partner) != generation:
            return None
        found = list(SelfServiceLink.objects.filter(partner=partner).order_by(Lower("product"), Lower("title"), "pk"))
    by_product = [(product, list(of)) for product, of in groupby(found, key=lambda link: link.product)]
    return LinkPage(partner.name, by_product, {link.language for link in found})


def _generation(partner: Partner) -> int:
    return StepSettings.objects.filter(partner=partner).values_list("link_generation", flat=True).first() or 1
