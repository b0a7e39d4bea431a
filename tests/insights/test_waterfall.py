"""The bars from adjusted to headline usage add up exactly, whatever the figures."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from insights.metrics import ACTIVE, percentages, with_measured
from insights.waterfall import TOTAL, waterfall

NUMBERS = st.integers(0, 5_000_000)
ROWS = st.fixed_dictionaries(dict.fromkeys((*ACTIVE, "sold", "entitlements", "assigned"), NUMBERS))


def row_of(counts: dict[str, int], *, covered_days: int = 28) -> dict[str, float | None]:
    whole = dict.fromkeys(("blocked", "users", "active_users", "unassigned", "overassigned"), 0) | counts
    row = with_measured(whole, covered_days=covered_days)
    return row | percentages(row) | {"covered_days": covered_days}


@given(counts=ROWS, covered_days=st.integers(0, 28))
def test_bars_add_up_exactly(counts: dict[str, int], covered_days: int) -> None:
    row = row_of(counts, covered_days=covered_days)
    *parts, total = waterfall(row).steps
    assert [(step.begin, step.end) for step in parts] == [
        (sum(one.count for one in parts[:place]), sum(one.count for one in parts[: place + 1]))
        for place in range(len(parts))
    ]
    assert (total.name, total.begin, total.count) == (TOTAL, 0, row["active"])
    assert sum(step.count for step in parts) == row["active"]
    assert parts[0].count == row["active_current"]
    assert {step.name: step.count for step in parts[1:]} == {
        name: row[name] for name in ACTIVE if name != "active_current" and row[name]
    }


@given(counts=ROWS)
def test_points_add_up_to_the_tenth(counts: dict[str, int]) -> None:
    row = row_of(counts)
    *parts, total = waterfall(row).steps
    tenths = [None if step.points is None else round(10 * step.points) for step in parts]
    if row["usage_pct"] is None:
        assert tenths == [None] * len(parts)
        return
    assert sum(tenths) == round(10 * row["usage_pct"])
    assert sum(tenths[1:]) == round(10 * row["usage_pct"]) - round(10 * row["adjusted_usage_pct"])
    assert (parts[0].usage_pct, total.usage_pct) == (row["adjusted_usage_pct"], row["usage_pct"])


@given(counts=ROWS)
def test_no_bar_leaves_the_scale(counts: dict[str, int]) -> None:
    fall = waterfall(row_of(counts))
    assert all(float(step.x) + float(step.width) <= 100.02 for step in fall.steps)
    assert fall.hundred is None or 0 <= float(fall.hundred) <= 100


def test_example() -> None:
    counts = {"active_current": 2, "active_former": 1, "active_lapsed": 1, "active_trial": 1, "active_unlicensed": 0}
    fall = waterfall(row_of(counts | {"sold": 6, "entitlements": 5, "assigned": 3}))
    assert [(step.code, step.count, step.x, step.width, step.usage_pct, step.points) for step in fall.steps] == [
        ("current", 2, "0.00", "40.00", 40.0, 40.0),
        ("turnover", 1, "40.00", "20.00", 60.0, 20.0),
        ("second", 1, "60.00", "20.00", 80.0, 20.0),
        ("trial", 1, "80.00", "20.00", 100.0, 20.0),
        ("total", 5, "0.00", "100.00", 100.0, 100.0),
    ]
    assert fall.hundred == "100.00"
