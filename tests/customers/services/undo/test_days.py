"""What an undo does to activity and coverage."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from customers.models import ActivityStatement, CoverageStatement, JournalEntry, Load, LoadStep
from customers.services.undo import purge
from tests.customers.feed.conftest import FABRIKAM
from tests.customers.feed.reading import activity, coverage
from tests.customers.services.undo.conftest import Undoer

ACTIVITY = "customer_id,user_id,service,day\n"
RETRACTED = "customer_id,user_id,service,day,retract\n"
ANN = f"{FABRIKAM},ann,EXO,2026-11-09"
COVERAGE = "customer_id,service,day\n"


def test_bit_that_another_load_of_the_source_stated_stays(undoer: Undoer) -> None:
    first = undoer.load({"activity.csv": ACTIVITY + ANN + "\n"}, partner="alpha")
    before = activity()
    second = undoer.load({"activity.csv": ACTIVITY + ANN + "\n"}, partner="alpha")
    undoer.undo(first)
    assert activity() == before
    undoer.undo(second)
    assert activity() == {entry for entry in before if entry[2] != "2026-11-09"}


def test_bit_that_a_load_stated_whose_statements_are_not_kept_stays(undoer: Undoer) -> None:
    undoer.load({"activity.csv": ACTIVITY + ANN + "\n", "coverage.csv": COVERAGE + f"{FABRIKAM},*,2026-11-09\n"})
    Load.objects.update(started_at=timezone.now() - timedelta(days=91))
    purge()
    before = activity(), coverage()
    load = undoer.load({"activity.csv": ACTIVITY + ANN + "\n", "coverage.csv": COVERAGE + f"{FABRIKAM},*,2026-11-09\n"})
    assert ActivityStatement.objects.count() == 1
    undoer.undo(load)
    assert (activity(), coverage()) == before


def test_retraction_is_taken_back(undoer: Undoer) -> None:
    before = activity()
    load = undoer.load({"activity.csv": RETRACTED + f"{FABRIKAM},ann,EXO,2026-11-10,true\n"}, partner="alpha")
    assert activity() != before
    undoer.undo(load)
    assert activity() == before


def test_later_retraction_holds(undoer: Undoer) -> None:
    retraction = {"activity.csv": RETRACTED + f"{FABRIKAM},ann,EXO,2026-11-10,true\n"}
    first = undoer.load(retraction, partner="alpha")
    undoer.load(retraction, partner="alpha")
    before = activity()
    undoer.undo(first)
    assert activity() == before


def test_retraction_by_the_operator_gives_back_what_others_stated(undoer: Undoer) -> None:
    before = activity(), coverage()
    load = undoer.load(
        {
            "activity.csv": RETRACTED + f"{FABRIKAM},ann,EXO,2026-11-10,true\n",
            "coverage.csv": f"customer_id,service,day,retract\n{FABRIKAM},TEAMS,2026-11-12,true\n",
        }
    )
    assert (len(activity()), len(coverage())) == (len(before[0]) - 1, len(before[1]) - 1)
    undoer.undo(load)
    assert (activity(), coverage()) == before


def test_retraction_by_the_operator_falls_to_others_once_its_own_statement_is_undone(undoer: Undoer) -> None:
    line = f"{FABRIKAM},ann,EXO,2026-11-10"
    stated = undoer.load({"activity.csv": ACTIVITY + line + "\n"})
    undoer.load({"activity.csv": RETRACTED + line + ",true\n"})
    assert ("ann", "EXO", "2026-11-10", undoer.installation.alpha.pk) in activity()
    undoer.undo(stated)
    assert ("ann", "EXO", "2026-11-10", undoer.installation.alpha.pk) not in activity()


def test_coverage_of_the_rest_of_the_month_stays(undoer: Undoer) -> None:
    before = coverage()
    load = undoer.load(
        {"coverage.csv": COVERAGE + f"{FABRIKAM},EXO,2026-11-11\n{FABRIKAM},EXO,2026-11-12\n"}, partner="alpha"
    )
    undoer.undo(load)
    assert coverage() == before
    assert not CoverageStatement.objects.filter(load=load).exists()


def test_purge_lets_go_of_old_loads_alone(undoer: Undoer) -> None:
    old = LoadStep.objects.count()
    Load.objects.update(started_at=timezone.now() - timedelta(days=91))
    load = undoer.load({"activity.csv": ACTIVITY + f"{FABRIKAM},new,EXO,2026-11-09\n"})
    entries = JournalEntry.objects.filter(step__in=load.steps.values("pk")).count()
    assert entries == 1
    purge()
    assert (old > 0, LoadStep.objects.count(), JournalEntry.objects.count()) == (True, 2, 1)
    assert list(ActivityStatement.objects.values_list("load", flat=True)) == [load.pk]
    assert purge() == 0
