"""Why a vendor's percentage differs from ours: each rule by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from insights.evidence import Cause, Compared, is_prorated, likely_causes
from insights.evidence_words import CAUSE_WORDS
from insights.metrics import COUNTS, with_measured

OURS = dict.fromkeys(COUNTS, 0) | {
    "sold": 100,
    "entitlements": 98,
    "blocked": 2,
    "assigned": 80,
    "users": 75,
    "active_current": 50,
    "active_former": 5,
    "active_users": 52,
}


def row(*, covered_days: int = 28, **counts: int) -> dict[str, int]:
    return with_measured(OURS | counts, covered_days=covered_days) | {"covered_days": covered_days}


def usage(numerator: int, denominator: int, **more: object) -> Compared:
    plain = {"percent": None, "channel": "", "ours": row(), "own": None, "concealed": False}
    return Compared(metric="usage", numerator=numerator, denominator=denominator, **plain | more)


def deployment(numerator: int, denominator: int, **more: object) -> Compared:
    return replace(usage(numerator, denominator, **more), metric="deployment")


@pytest.mark.parametrize(
    ("compared", "causes"),
    [
        (deployment(80, 100), []),
        (usage(55, 98), []),
        (usage(52, 75), [Cause.PEOPLE]),
        (usage(50, 98), [Cause.CURRENT]),
        (usage(55, 100), [Cause.BLOCKED]),
        (deployment(30, 40, channel="reseller", own=row(sold=40)), [Cause.CHANNEL]),
        (deployment(30, 40, own=row(sold=40)), [Cause.UNKNOWN]),
        (deployment(80, 100, channel="reseller", own=row()), []),
        (deployment(80, 120, ours=row(active_lapsed=3)), [Cause.GRACE]),
        (deployment(80, 120, ours=row(active_trial=3)), [Cause.TRIAL]),
        (usage(10, 98, concealed=True), [Cause.CONCEALED]),
        (usage(60, 98, ours=row(covered_days=20)), [Cause.COVERAGE]),
        (deployment(80, 100, percent=91.5), [Cause.PRORATED]),
        (deployment(80, 100, percent=80.0), []),
        (deployment(80, 100, percent=0.8), []),
        (deployment(70, 90), [Cause.UNKNOWN]),
    ],
)
def test_likely_causes(compared: Compared, causes: list[Cause]) -> None:
    assert likely_causes(compared) == causes


def test_percentages_and_their_difference() -> None:
    compared = usage(50, 98)
    assert (compared.theirs_pct, compared.ours_pct, compared.difference) == (51.0, 56.1, -5.1)
    assert usage(0, 0).difference is None


def test_nothing_is_prorated_of_nothing() -> None:
    assert not is_prorated(deployment(0, 0, percent=12.0))


def test_every_cause_has_its_words() -> None:
    assert set(CAUSE_WORDS) == set(Cause)
