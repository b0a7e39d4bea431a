"""What the demo portfolio shows of next steps: suggestions of its figures, a course, links, a plan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from customers.clock import today
from insights.models import Course, Playbook, SelfServiceLink, Silence, StepSettings, Suggestion
from insights.services.steps import library
from insights.services.steps.acting import plan
from insights.services.steps.raising import raise_suggestions
from insights.steps.rules import Rule
from partners.models import Partner, Staff
from partners.permissions import Role
from partners.services.demo_logins import address_of

COURSE = {"title": "Teams in a morning", "kind": "online", "language": "en", "link": "https://training.example/teams"}
LINKS = (
    {"title": "First day with Teams", "language": "en", "address": "https://help.example/teams", "product": "Teams"},
    {"title": "Condividere un file", "language": "it", "address": "https://help.example/it/file", "product": "SharePoint"},
    {"title": "Dela en fil", "language": "sv", "address": "https://help.example/sv/fil", "product": "SharePoint"},
)  # fmt: skip
PLAYBOOK = {
    "rule": Rule.LOW_ADOPTION.value,
    "title": "An hour with the head of office",
    "problem": "",
    "consider": "Who in the house would gain an hour a week by it?",
    "attempt": "Sit down with that person, and do one of the week's tasks together in Teams.",
}
PLANNED_IN_DAYS = 5


def forget_demo_steps(*, partners: Iterable[Partner]) -> None:
    """Nothing is suggested to the demo's partners any more: before another day's demo."""
    with transaction.atomic():
        for model in (Suggestion, Silence, StepSettings):
            model.objects.filter(partner__in=list(partners)).delete()


def keep_demo_steps(*, partners: Iterable[Partner], day: date) -> None:
    """Let the rules look at the demo as of `day`, in the name of nobody; the rest in that of its demo logins."""
    for partner in partners:
        raise_suggestions(partner=partner, day=day)
        agent = Staff.objects.get(email__iexact=address_of(partner, Role.SALES_AGENT))
        if not Course.objects.filter(partner=partner).exists():
            _keep_library(agent)
        _plan_training(agent)


def _keep_library(agent: Staff) -> None:
    library.keep(actor=agent, of=Course, **COURSE)
    library.keep(actor=agent, of=Playbook, **PLAYBOOK)
    for link in LINKS:
        library.keep(actor=agent, of=SelfServiceLink, **link)


def _plan_training(agent: Staff) -> None:
    """The customer with the most questions gets a session."""
    asked = Suggestion.objects.visible_to(agent).filter(rule=Rule.MANY_QUESTIONS.value, state=Suggestion.State.OPEN)
    worst = asked.order_by("-weight").first()
    if worst is None:
        return
    soon = today() + timedelta(days=PLANNED_IN_DAYS)
    plan(actor=agent, suggestion=worst.pk, owner=agent.pk, planned_for=soon)
    course = Course.objects.visible_to(agent).order_by("pk").first()
    if course is not None:
        library.plan_session(actor=agent, suggestion=worst.pk, course=course.pk, held_on=soon, invited=worst.weight)
