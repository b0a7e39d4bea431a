"""Corrections of activity and coverage, day by day."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from customers.models import Customer
from customers.services.corrections.days import ACTIVITY_FACT, COVERAGE_FACT, correct_days
from partners.services.corrections import CorrectionError, undo
from tests.customers.feed.conftest import ALPHA, BETA, FABRIKAM
from tests.customers.installation import Installation

ANN = {"customer_id": FABRIKAM, "user_id": "ann", "service": "EXO"}
EXCHANGE = {"customer_id": FABRIKAM, "service": "EXO"}
NINTH, ELEVENTH = date(2026, 11, 9), date(2026, 11, 11)


def told(days: list[str], cells: dict = ANN, source: str | None = ALPHA) -> dict:
    return {**cells, "days": days, "stated_by": source}


def test_activity_stated_on_the_days_that_lack_it_only(installation: Installation) -> None:
    entry = correct_days(
        actor=installation.agent,
        fact=ACTIVITY_FACT,
        cells=ANN,
        first=NINTH,
        last=ELEVENTH,
        add=True,
        source=installation.alpha,
        reason="Forgotten",
    )
    assert (entry.before, entry.after) == (None, told(["2026-11-09", "2026-11-11"]))
    assert entry.object_id == f"{FABRIKAM} / ann / EXO / 2026-11-09 - 2026-11-11"
    everything = told(["2026-11-09", "2026-11-10", "2026-11-11"])
    assert ACTIVITY_FACT.read(everything) == everything
    undo(actor=installation.agent, entry=entry, reason="No")
    assert ACTIVITY_FACT.read(everything) == told(["2026-11-10"])


def test_activity_of_one_source_retracted_leaves_that_of_others(installation: Installation) -> None:
    zoe = {**ANN, "user_id": "CANARY-zoe"}
    arguments = {"fact": ACTIVITY_FACT, "cells": zoe, "first": NINTH, "last": ELEVENTH, "reason": "Why"}
    correct_days(actor=installation.operator, add=True, source=installation.alpha, **arguments)
    correct_days(actor=installation.operator, add=True, source=None, **arguments)
    entry = correct_days(actor=installation.operator, add=False, source=installation.alpha, **arguments)
    days = ["2026-11-09", "2026-11-10", "2026-11-11"]
    assert ACTIVITY_FACT.read(told(days, zoe)) is None
    assert ACTIVITY_FACT.read(told(days, zoe, None)) == told(days, zoe, None)
    assert ACTIVITY_FACT.read(told(days, zoe, BETA)) == told(["2026-11-10"], zoe, BETA)
    undo(actor=installation.operator, entry=entry, reason="Back")
    assert ACTIVITY_FACT.read(told(days, zoe)) == told(days, zoe)


def test_activity_that_stands_there_already_changes_nothing(installation: Installation) -> None:
    day = date(2026, 11, 10)
    with pytest.raises(CorrectionError, match="changes nothing"):
        correct_days(
            actor=installation.agent,
            fact=ACTIVITY_FACT,
            cells=ANN,
            first=day,
            last=day,
            add=True,
            source=installation.alpha,
            reason="Why",
        )


def test_activity_of_a_person_not_known_yet_numbers_a_new_one(installation: Installation) -> None:
    people = Customer.objects.get(tenant_id=FABRIKAM).next_person_number
    correct_days(
        actor=installation.agent,
        fact=ACTIVITY_FACT,
        cells={**ANN, "user_id": "new"},
        first=NINTH,
        last=NINTH,
        add=True,
        source=installation.alpha,
        reason="Why",
    )
    assert Customer.objects.get(tenant_id=FABRIKAM).next_person_number == people + 1


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (ELEVENTH, NINTH, "The last day lies before the first; expected the same day or a later one."),
        (date(2025, 1, 1), date(2026, 11, 1), "These are 670 days; expected at most 366 at once."),
        (date(2999, 1, 1), date(2999, 1, 1), "“2999-01-01” lies after today; expected today (UTC) or a day before."),
        (date(2020, 1, 1), date(2020, 1, 1), "aren't kept any more."),
    ],
)
def test_activity_on_days_that_cannot_be(installation: Installation, first: date, last: date, sentence: str) -> None:
    with pytest.raises(CorrectionError) as caught:
        correct_days(
            actor=installation.agent,
            fact=ACTIVITY_FACT,
            cells=ANN,
            first=first,
            last=last,
            add=True,
            source=installation.alpha,
            reason="Why",
        )
    assert sentence in str(caught.value)


def test_activity_in_the_name_of_another_partner_is_forbidden(installation: Installation) -> None:
    with pytest.raises(PermissionDenied):
        correct_days(
            actor=installation.agent,
            fact=ACTIVITY_FACT,
            cells=ANN,
            first=NINTH,
            last=NINTH,
            add=True,
            source=installation.beta,
            reason="Why",
        )


@pytest.mark.parametrize("service", ["EXO", "*"])
def test_coverage_stated_retracted_and_put_back(installation: Installation, service: str) -> None:
    cells = {**EXCHANGE, "service": service}
    arguments = {"fact": COVERAGE_FACT, "cells": cells, "source": installation.alpha, "reason": "Why"}
    correct_days(actor=installation.agent, first=date(2026, 10, 30), last=date(2026, 11, 2), add=True, **arguments)
    entry = correct_days(
        actor=installation.agent, first=date(2026, 11, 1), last=date(2026, 11, 5), add=False, **arguments
    )
    days = ["2026-10-30", "2026-10-31", "2026-11-01", "2026-11-02"]
    assert entry.before == told(days[2:], cells)
    assert COVERAGE_FACT.read(told(days, cells)) == told(days[:2], cells)
    undo(actor=installation.agent, entry=entry, reason="Why")
    assert COVERAGE_FACT.read(told(days, cells)) == told(days, cells)
