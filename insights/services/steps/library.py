"""What helps with next steps: playbooks, courses and their sessions, links to pass on, thresholds; each written down."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from insights.models import Course, Playbook, SelfServiceLink, StepSettings, Suggestion, TrainingSession
from insights.steps.thresholds import DEFAULTS, Thresholds
from partners.models import AuditEntry, Staff
from partners.permissions import Action
from partners.services.audit import record

KEPT = {Playbook: "playbook", Course: "course", SelfServiceLink: "self_service_link"}
"""What a partner keeps in its library, and what the audit log calls it."""

Told = dict[str, Any] | None


def keep(*, actor: Staff, of: type[Model], key: int | None = None, **fields: Any) -> Any:
    """Add a playbook, course or link of the actor's partner, or change the one with this key.

    Raises PermissionDenied, ValidationError by field, and its DoesNotExist.
    """
    _judge(actor, Action.PLAN_STEPS)
    with transaction.atomic():
        one = of(partner=actor.partner) if key is None else _locked(actor, of, key)
        before = None if key is None else {name: getattr(one, name) for name in fields}
        for name, value in fields.items():
            setattr(one, name, value)
        one.full_clean()
        if before != fields:
            one.save()
            _record(actor, one, "add" if key is None else "change", before, fields)
    return one


def remove(*, actor: Staff, of: type[Model], key: int) -> None:
    """Remove a playbook, course (and its sessions) or link. Raises PermissionDenied and its DoesNotExist."""
    _judge(actor, Action.PLAN_STEPS)
    with transaction.atomic():
        one = _locked(actor, of, key)
        _record(actor, one, "remove", {"title": one.title}, None)
        one.delete()


def plan_session(*, actor: Staff, suggestion: int, course: int, held_on: date, invited: int) -> TrainingSession:
    """Plan a course of the partner for the customer of a suggestion (keys). Raises as `keep` does."""
    _judge(actor, Action.PLAN_STEPS)
    with transaction.atomic():
        one = Suggestion.objects.visible_to(actor).get(pk=suggestion)
        session = TrainingSession(
            partner=actor.partner,
            course=Course.objects.visible_to(actor).get(pk=course),
            customer_id=one.customer_id,
            suggestion=one,
            held_on=held_on,
            invited=invited,
        )
        session.full_clean()
        session.save()
        _record(actor, session, "add", None, {"day": held_on.isoformat(), "people": invited})
    return session


def note_attendance(*, actor: Staff, session: int, attended: int | None) -> None:
    """How many came to a session (key); None: not known. Raises as `keep` does."""
    _judge(actor, Action.PLAN_STEPS)
    with transaction.atomic():
        one = TrainingSession.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=session)
        before, one.attended = one.attended, attended
        one.full_clean()
        one.save(update_fields=["attended"])
        if before != attended:
            _record(actor, one, "change", {"people": before}, {"people": attended})


def remove_session(*, actor: Staff, session: int) -> None:
    """Take a session back. Raises as `keep` does."""
    _judge(actor, Action.PLAN_STEPS)
    with transaction.atomic():
        one = TrainingSession.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=session)
        _record(actor, one, "remove", {"day": one.held_on.isoformat()}, None)
        one.delete()


def set_thresholds(*, actor: Staff, thresholds: Thresholds) -> None:
    """From where on the rules speak for the actor's partner, from their next run on. Raises PermissionDenied."""
    _judge(actor, Action.PARTNER_SETTINGS)
    defaults = asdict(DEFAULTS)
    changed = {name: number for name, number in asdict(thresholds).items() if number != defaults[name]}
    with transaction.atomic():
        settings = _settings(actor)
        before, settings.thresholds = settings.thresholds, changed
        if before != changed:
            settings.save(update_fields=["thresholds"])
            _record_settings(actor, "settings.thresholds", before, changed)


def renew_address(*, actor: Staff) -> None:
    """Earlier addresses of the page of links lead nowhere from now on. Raises PermissionDenied."""
    _judge(actor, Action.PLAN_STEPS)
    with transaction.atomic():
        settings = _settings(actor)
        settings.link_generation += 1
        settings.save(update_fields=["link_generation"])
        _record_settings(actor, "settings.self_service_address", None, None)


def _judge(actor: Staff, action: Action) -> None:
    if not actor.may(action):
        raise PermissionDenied(_("Your role doesn't include this."))


def _locked(actor: Staff, kind: type[Model], key: int) -> Any:
    return kind.objects.visible_to(actor).select_for_update().get(pk=key)  # type: ignore[attr-defined]


def _settings(actor: Staff) -> StepSettings:
    StepSettings.objects.get_or_create(partner=actor.partner)
    return StepSettings.objects.select_for_update().get(partner=actor.partner)


def _record(actor: Staff, one: Model, verb: str, before: Told, after: Told) -> None:
    name = KEPT.get(type(one), "training_session")
    record(
        actor=actor,
        partner=actor.partner,
        kind=AuditEntry.Kind.CUSTOMER,
        action=f"{name}.{verb}",
        object_type=name,
        object_id=one.pk,
        before=before,
        after=after,
    )


def _record_settings(actor: Staff, action: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
    record(
        actor=actor,
        partner=actor.partner,
        kind=AuditEntry.Kind.SETTINGS,
        action=action,
        object_type="partner",
        object_id=actor.partner.partner_id,
        before=before,
        after=after,
    )
