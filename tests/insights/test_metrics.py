"""The figures that follow from the counts: percentages as ratios of sums, half up (metrics.md, "Figures")."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from insights.metrics import COUNTS, percentage, percentages, with_measured


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (49, 400, 12.3),
        (0, 7, 0.0),
        (7, 7, 100.0),
        (5, 3, 166.7),
        (1, 3, 33.3),
        (2, 3, 66.7),
        (1, 8, 12.5),
        (1, 2000, 0.1),
        (1, 2001, 0.0),
        (1999, 2000, 100.0),
        (1998, 2000, 99.9),
        (3, 1, 300.0),
    ],
)
def test_percentage_one_decimal_half_up(part: int, whole: int, shown: float) -> None:
    assert percentage(part, whole) == shown


def test_percentage_of_nothing_is_none() -> None:
    assert (percentage(0, 0), percentage(5, 0)) == (None, None)


def test_percentage_equals_decimal_arithmetic() -> None:
    for whole in range(1, 130):
        for part in range(2 * whole):
            exact = (Decimal(100 * part) / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)
            assert percentage(part, whole) == float(exact)


def test_percentage_of_numbers_beyond_floating_point() -> None:
    assert percentage(10**30, 10**30) == 100.0
    assert percentage(1225 * 10**26, 10**30) == 12.3
    assert percentage(1225 * 10**26 - 1, 10**30) == 12.2
    assert percentage(2**53 + 1, 2**54 + 2) == 50.0


def counts(**given: int) -> dict[str, int]:
    return dict.fromkeys(COUNTS, 0) | given


def test_active_is_the_sum_of_the_five() -> None:
    five = {"active_current": 1, "active_former": 2, "active_lapsed": 4, "active_trial": 8, "active_unlicensed": 16}
    assert with_measured(counts(**five), covered_days=1)["active"] == 31


@pytest.mark.parametrize(("covered_days", "measured"), [(0, (0, 0, 0)), (1, (9, 6, 5)), (28, (9, 6, 5))])
def test_measured_from_the_first_covered_day(covered_days: int, measured: tuple[int, int, int]) -> None:
    row = with_measured(counts(entitlements=9, users=6, assigned=7, active_current=2), covered_days=covered_days)
    assert (row["measured_entitlements"], row["measured_users"], row["idle"]) == measured


def test_percentages_divide_by_what_metrics_says() -> None:
    row = counts(sold=8, entitlements=5, assigned=4, users=3, active_users=5, active_current=1, active_former=5)
    assert percentages(with_measured(row, covered_days=3)) == {
        "deployment_pct": 50.0,
        "usage_pct": 120.0,
        "adjusted_usage_pct": 20.0,
        "user_usage_pct": 166.7,
    }
    assert percentages(with_measured(row, covered_days=0)) == {
        "deployment_pct": 50.0,
        "usage_pct": None,
        "adjusted_usage_pct": None,
        "user_usage_pct": None,
    }
