"""By night and by command: when the rules look, at what, and what the command says."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from customers.clock import today
from insights.models import StepSettings, Suggestion
from insights.services.rollup import rollup
from insights.services.steps.raising import raise_due
from insights.tasks import suggest
from tests.insights.world import World

DAY = today() - timedelta(days=1)


@pytest.fixture
def world(db: None) -> World:
    """A customer of ours with twenty licences, of which ten are handed out."""
    made = World()
    made.relationship(made.us, begin=DAY - timedelta(days=400))
    subscription = made.subscription(seller=made.us, quantity=20, effective_on=DAY - timedelta(days=300))
    for name in made.people(10):
        made.period(subscription, name, DAY - timedelta(days=300))
    made.coverage(None, DAY)
    return made


def command(day: date = DAY, partner: str = "us") -> str:
    stdout = io.StringIO()
    call_command("suggest", partner=partner, date=day, stdout=stdout)
    return stdout.getvalue()


def test_command_says_what_it_did(world: World) -> None:
    told = "As of {}, 1 customers: {} raised, {} still hold, 0 closed by themselves; 4 times a rule lacked its data.\n"
    assert command() == told.format(DAY, 1, 0)
    assert command() == told.format(DAY, 0, 1)


def test_command_refuses_what_it_cant_do(world: World) -> None:
    command()
    with pytest.raises(CommandError, match="have looked at"):
        command(DAY - timedelta(days=1))
    with pytest.raises(CommandError, match="still to come"):
        command(today() + timedelta(days=1))
    with pytest.raises(CommandError):
        command(partner="nobody")


def test_night_waits_for_the_figures_and_looks_once(world: World) -> None:
    assert (raise_due(), Suggestion.objects.count()) == (0, 0)
    rollup(first=DAY, last=DAY)
    assert (suggest(), Suggestion.objects.count()) == (1, 1)
    assert dict(StepSettings.objects.values_list("partner__slug", "last_run")) == {"us": DAY, "them": None}
    assert suggest() == 0


def test_failure_of_one_partner_is_nobody_elses(world: World) -> None:
    world.relationship(world.them, begin=DAY - timedelta(days=400))
    rollup(first=DAY, last=DAY)
    StepSettings.objects.create(partner=world.us, thresholds={"low_deployment": "much"})
    assert raise_due() == 1
    assert list(Suggestion.objects.values_list("partner__slug", flat=True)) == ["them"]
