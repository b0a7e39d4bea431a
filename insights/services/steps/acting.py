"""What people make of suggestions: planned, done, put off, dismissed, or open again; each written down."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from customers.clock import today
from insights.models import Suggestion, SuggestionEvent
from partners.failures import WrongStateError
from partners.models import AuditEntry, Staff
from partners.permissions import Action
from partners.services.audit import record

LONGEST_REASON = 500
MOST_DAYS_PUT_OFF = 180
State = Suggestion.State


def plan(*, actor: Staff, suggestion: int, owner: int, planned_for: date) -> Suggestion:
    """Give the suggestion (key) an owner among the partner's active staff who may follow it, and a day from today on.

    What is planned already is planned anew. Raises ValidationError by field, PermissionDenied, WrongStateError,
    Suggestion.DoesNotExist.
    """
    _judge(actor)
    if planned_for < today():
        raise ValidationError({"planned_for": _("This day is over; expected today or a later one.")})
    person = Staff.objects.filter(partner=actor.partner_id, is_active=True, pk=owner).first()
    if person is None or not person.may(Action.PLAN_STEPS):
        raise ValidationError({"owner": _("Choose one of your colleagues who may follow next steps.")})
    with transaction.atomic():
        one = _locked(actor, suggestion, Suggestion.LIVE)
        one.owner, one.planned_for = person, planned_for
        one.planned_on = one.planned_on or today()
        return _turn(actor, one, State.PLANNED, day=planned_for)


def finish(*, actor: Staff, suggestion: int, reason: str = "") -> Suggestion:
    """Mark the suggestion (key) as done today; `reason` may say what was done. Raises as `plan` does."""
    _judge(actor)
    with transaction.atomic():
        one = _locked(actor, suggestion, Suggestion.LIVE)
        one.closed_on = today()
        return _turn(actor, one, State.DONE, reason=_said(reason, required=False))


def put_off(*, actor: Staff, suggestion: int, until: date, reason: str) -> Suggestion:
    """Say nothing of it before the day `until`, at most 180 days ahead, for a reason. Raises as `plan` does."""
    _judge(actor)
    if not today() < until <= today() + timedelta(days=MOST_DAYS_PUT_OFF):
        message = _("Expected a day after today, at most %(most)d days ahead.")
        raise ValidationError({"until": message % {"most": MOST_DAYS_PUT_OFF}})
    said = _said(reason, required=True)
    with transaction.atomic():
        one = _locked(actor, suggestion, Suggestion.LIVE)
        one.put_off_until = until
        return _turn(actor, one, State.PUT_OFF, reason=said, day=until)


def dismiss(*, actor: Staff, suggestion: int, reason: str) -> Suggestion:
    """Close it, since it doesn't fit, for a reason. Raises as `plan` does."""
    _judge(actor)
    said = _said(reason, required=True)
    with transaction.atomic():
        one = _locked(actor, suggestion, Suggestion.LIVE)
        one.closed_on = today()
        return _turn(actor, one, State.DISMISSED, reason=said)


def reopen(*, actor: Staff, suggestion: int) -> Suggestion:
    """Open again what was done, put off or dismissed; what has been raised anew since stays. Raises as `plan` does."""
    _judge(actor)
    with transaction.atomic():
        one = _locked(actor, suggestion, (State.DONE, State.DISMISSED, State.PUT_OFF))
        same = {"partner": one.partner_id, "customer": one.customer_id, "rule": one.rule, "subject": one.subject}
        if Suggestion.objects.filter(**same, state__in=Suggestion.LIVE).exclude(pk=one.pk).exists():
            raise WrongStateError(_("The same has been suggested again since; go on with that one."))
        one.closed_on = one.put_off_until = None
        return _turn(actor, one, State.OPEN)


def _judge(actor: Staff) -> None:
    if not actor.may(Action.PLAN_STEPS):
        raise PermissionDenied(_("Your role doesn't include planning next steps."))


def _locked(actor: Staff, suggestion: int, states: tuple[str, ...]) -> Suggestion:
    one = Suggestion.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=suggestion)
    if one.state not in states:
        raise WrongStateError(_("This suggestion is %(state)s.") % {"state": one.get_state_display()})
    return one


def _said(reason: str, *, required: bool) -> str:
    said = reason.strip()
    if required and not said:
        raise ValidationError({"reason": _("Expected a few words why.")})
    if len(said) > LONGEST_REASON:
        message = _("A reason has at most %(most)d characters; this one has %(count)d.")
        raise ValidationError({"reason": message % {"most": LONGEST_REASON, "count": len(said)}})
    return said


def _turn(actor: Staff, one: Suggestion, state: State, *, reason: str = "", day: date | None = None) -> Suggestion:
    before, one.state = one.state, state
    one.save(update_fields=["state", "owner", "planned_for", "planned_on", "put_off_until", "closed_on"])
    SuggestionEvent.objects.create(
        partner=actor.partner, suggestion=one, actor=actor, state=state, day=day, reason=reason,
        owner=one.owner if state == State.PLANNED else None,
    )  # fmt: skip
    record(
        actor=actor,
        partner=actor.partner,
        kind=AuditEntry.Kind.CUSTOMER,
        action=f"next_step.{_VERBS[state]}",
        object_type="next_step",
        object_id=one.pk,
        reason=reason,
        before={"state": before},
        after=_told(one, day),
    )
    return one


_VERBS = {
    State.PLANNED: "plan",
    State.DONE: "finish",
    State.PUT_OFF: "put_off",
    State.DISMISSED: "dismiss",
    State.OPEN: "reopen",
}


def _told(one: Suggestion, day: date | None) -> dict[str, Any]:
    told: dict[str, Any] = {"state": str(one.state)}
    if one.state == State.PLANNED and one.owner is not None:
        told["owner"] = one.owner.email
    return told | ({"day": day.isoformat()} if day else {})
