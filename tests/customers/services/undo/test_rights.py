"""Who may undo which load, and until when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils import timezone

from customers.models import Load
from customers.services.corrections.records import PERIOD
from customers.services.undo import UndoRefusedError, may_undo, undo
from partners.models import AuditEntry
from partners.permissions import Role
from partners.services.corrections import correct
from tests.customers.services.undo.conftest import Undoer
from tests.people import make_staff

PERIODS = {"entitlements.csv": "subscription_id,user_id,from,state\nS1,cyd,2026-03-01,entitled\n"}


def test_partner_undoes_its_own_loads_only(undoer: Undoer) -> None:
    own = undoer.load(PERIODS, partner="alpha")
    of_operator = undoer.load(PERIODS)
    agent = undoer.installation.agent
    assert (may_undo(actor=agent, load=own), may_undo(actor=agent, load=of_operator)) == (True, False)
    with pytest.raises(PermissionDenied):
        undoer.undo(of_operator, actor=agent)
    undoer.undo(own, actor=agent)


def test_others_loads_have_no_names_for_a_partner_that_undoes(undoer: Undoer) -> None:
    own = undoer.load(PERIODS, partner="alpha")
    undoer.load(
        {"entitlements.csv": "subscription_id,user_id,from,state\nCANARY-S2,zed,2026-03-01,entitled\n"}, partner="beta"
    )
    undoer.load(
        {"entitlements.csv": "subscription_id,user_id,from,state\nS1,dee,2026-03-01,entitled\n"}, partner="alpha"
    )
    Load.objects.filter(stated_by=undoer.installation.beta).update(source="CANARY.csv")
    Load.objects.filter(stated_by=undoer.installation.alpha).update(source="mine.csv")
    said: list[str] = []
    undo(actor=undoer.installation.agent, load=own, progress=lambda name, _count: said.append(name))
    assert said == ["what somebody else has stated since", "mine.csv"]


@pytest.mark.parametrize("role", [Role.SALES_AGENT, Role.USER_ADMIN])
def test_role_that_may_not_import_undoes_nothing(undoer: Undoer, role: Role) -> None:
    load = undoer.load(PERIODS, partner="alpha")
    staff = make_staff(undoer.installation.alpha, role)
    assert not may_undo(actor=staff, load=load)
    with pytest.raises(PermissionDenied):
        undoer.undo(load, actor=staff)


def test_operator_undoes_every_load(undoer: Undoer) -> None:
    load = undoer.load(PERIODS, partner="alpha")
    assert may_undo(actor=undoer.installation.operator, load=load)
    undoer.undo(load, actor=undoer.installation.operator)
    assert Load.objects.get(pk=load.pk).undone_by == undoer.installation.operator


def test_load_is_undone_once(undoer: Undoer) -> None:
    load = undoer.load(PERIODS)
    undoer.undo(load)
    with pytest.raises(UndoRefusedError, match="This load has been undone already"):
        undoer.undo(load)


def test_load_older_than_90_days_stays(undoer: Undoer) -> None:
    load = undoer.load(PERIODS)
    Load.objects.update(started_at=timezone.now() - timedelta(days=90, minutes=1))
    with pytest.raises(UndoRefusedError, match="This load is older than 90 days"):
        undoer.undo(load)


def test_correction_is_undone_in_the_audit_log(undoer: Undoer) -> None:
    undoer.load(PERIODS, partner="alpha")
    before = {
        "subscription_id": "S1", "user_id": "cyd", "from": "2026-03-01", "state": "entitled", "to": "",
        "stated_by": str(undoer.installation.alpha.partner_id),
    }  # fmt: skip
    correct(actor=undoer.installation.agent, fact=PERIOD, before=before, after=None, reason="Wrong")
    with pytest.raises(UndoRefusedError, match="a correction is undone in the audit log"):
        undoer.undo(Load.objects.latest("pk"))


def test_load_of_which_nothing_was_taken_cannot_be_undone(undoer: Undoer) -> None:
    undoer.installation.feeds.load(
        {"entitlements.csv": "subscription_id,user_id,from,state\nS7,cyd,2026-03-01,entitled\n"}
    )
    with pytest.raises(UndoRefusedError, match="This load brought in nothing that can be undone"):
        undoer.undo(Load.objects.latest("pk"))


def test_purge_command_says_how_much(undoer: Undoer, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("purge_loads")
    assert capsys.readouterr().out == "0 rows removed.\n"


def test_command_undoes_any_load_and_says_what_came_of_it(undoer: Undoer, capsys: pytest.CaptureFixture[str]) -> None:
    load = undoer.load(PERIODS, partner="alpha")
    call_command("undo_load", str(load.pk), reason="Wrong file")
    assert (
        capsys.readouterr().out
        == "Undone. Customers looked at: 1, unknown again: 0. Later loads gone through again: 0.\n"
    )
    assert AuditEntry.objects.get(action="load.undo").reason == "Wrong file"


def test_command_says_why_a_load_stays(undoer: Undoer) -> None:
    load = undoer.load(PERIODS)
    undoer.undo(load)
    with pytest.raises(CommandError, match=r"^This load has been undone already\.$") as refused:
        call_command("undo_load", str(load.pk))
    with pytest.raises(CommandError, match=r"^There is no load 999999999;") as unknown:
        call_command("undo_load", "999999999")
    assert (refused.value.returncode, unknown.value.returncode) == (1, 2)
