"""Allotment: worked examples, and generated ones against a naive reading of the rule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from customers.allotment import Holdings, Offer, Rank, Stretch, Taken, allot
from customers.held import FOR_EVER
from tests.customers.naive_allotment import Naive

DAYS = 12
Row = tuple[int, int, int, int]


def offer(*stretches: Stretch) -> Offer:
    return Offer(stretches)


def active(quantity: int, first: int = 0, past: int = FOR_EVER) -> Stretch:
    return Stretch(first, past, Rank.QUALIFYING, quantity)


def holdings(rows: Sequence[Row]) -> Holdings:
    """Of (person, state, first, past)."""
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Holdings(*columns)


def periods(offers: Sequence[Offer], rows: Sequence[Row], taken: Sequence[Taken] = ()) -> list[tuple[int, ...]]:
    """(offer, person, state, first, past) in order."""
    return sorted(zip(*(column.tolist() for column in allot(offers, holdings(rows), taken)), strict=True))


def open_ended(*people: int, first: int = 0) -> list[Row]:
    return [(person, 0, first, FOR_EVER) for person in people]


def test_first_with_room_is_filled_first_and_what_fits_nowhere_goes_to_the_first() -> None:
    assert periods([offer(active(1)), offer(active(2))], open_ended(0, 1, 2, 3)) == [
        (0, 0, 0, 0, FOR_EVER),
        (0, 3, 0, 0, FOR_EVER),
        (1, 1, 0, 0, FOR_EVER),
        (1, 2, 0, 0, FOR_EVER),
    ]


def test_qualifying_comes_before_grace_disabled_and_trial() -> None:
    offers = [offer(Stretch(0, FOR_EVER, rank, 1)) for rank in reversed(Rank)]
    assert [row[:2] for row in periods(offers, open_ended(0, 1, 2, 3))] == [(0, 3), (1, 2), (2, 1), (3, 0)]


def test_nobody_is_placed_without_a_subscription_and_who_waits_is_placed_when_one_appears() -> None:
    assert periods([], open_ended(0)) == []
    assert periods([offer(active(1, first=5))], open_ended(0)) == [(0, 0, 0, 5, FOR_EVER)]


def test_place_is_kept_when_a_better_one_gets_free() -> None:
    rows = [(0, 0, 0, 5), (1, 0, 0, FOR_EVER)]
    assert periods([offer(active(1)), offer(active(1))], rows) == [(0, 0, 0, 0, 5), (1, 1, 0, 0, FOR_EVER)]


def test_place_is_kept_when_the_state_changes_without_a_gap() -> None:
    rows = [(0, 0, 0, 5), (1, 0, 0, FOR_EVER), (0, 2, 5, FOR_EVER)]
    assert periods([offer(active(1)), offer(active(1))], rows) == [
        (0, 0, 0, 0, 5),
        (0, 0, 2, 5, FOR_EVER),
        (1, 1, 0, 0, FOR_EVER),
    ]


def test_end_of_a_subscription_moves_everybody() -> None:
    offers = [offer(active(2, past=5)), offer(active(1))]
    assert periods(offers, open_ended(0, 1)) == [
        (0, 0, 0, 0, 5),
        (0, 1, 0, 0, 5),
        (1, 0, 0, 5, FOR_EVER),
        (1, 1, 0, 5, FOR_EVER),
    ]


def test_shrinking_moves_the_last_placed_and_of_one_day_the_last_by_key() -> None:
    offers = [offer(active(3, past=5), active(1, first=5)), offer(active(9))]
    rows = [(2, 0, 0, FOR_EVER), (1, 0, 0, FOR_EVER), (0, 0, 1, FOR_EVER)]
    assert periods(offers, rows) == [
        (0, 0, 0, 1, 5),
        (0, 1, 0, 0, FOR_EVER),
        (0, 2, 0, 0, 5),
        (1, 0, 0, 5, FOR_EVER),
        (1, 2, 0, 5, FOR_EVER),
    ]


def test_shrinking_moves_nobody_who_would_come_back_at_once() -> None:
    assert periods([offer(active(3, past=5), active(1, first=5))], open_ended(0, 1)) == [
        (0, 0, 0, 0, FOR_EVER),
        (0, 1, 0, 0, FOR_EVER),
    ]


def test_licence_stated_directly_takes_room() -> None:
    taken = [Taken(0, 7, 0, FOR_EVER, entitled=True)]
    assert periods([offer(active(1)), offer(active(1))], open_ended(0), taken) == [(1, 0, 0, 0, FOR_EVER)]


def test_whoever_has_an_entitled_licence_of_the_sku_by_statement_gets_no_place_meanwhile() -> None:
    taken = [Taken(1, 0, 3, 5, entitled=True)]
    assert periods([offer(active(1)), offer(active(1))], open_ended(0), taken) == [
        (0, 0, 0, 0, 3),
        (0, 0, 0, 5, FOR_EVER),
    ]


def test_blocked_licence_by_statement_keeps_the_place_of_that_subscription_only() -> None:
    taken = [Taken(0, 0, 3, FOR_EVER, entitled=False)]
    assert periods([offer(active(2)), offer(active(1))], open_ended(0), taken) == [
        (0, 0, 0, 0, 3),
        (1, 0, 0, 3, FOR_EVER),
    ]


spans = st.tuples(st.integers(0, DAYS - 1), st.integers(1, DAYS)).map(lambda pair: (pair[0], pair[0] + pair[1]))
states = st.integers(0, 2)


@st.composite
def apart(draw: st.DrawFn, most: int) -> list[tuple[int, int]]:
    """Spans of days that don't overlap, adjoining ones among them."""
    days = sorted(draw(st.sets(st.integers(0, DAYS), max_size=most + 1)))
    kept = draw(st.lists(st.booleans(), min_size=len(days), max_size=len(days)))
    return [(first, past) for first, past, keep in zip(days, days[1:], kept, strict=False) if keep]


@st.composite
def offers_strategy(draw: st.DrawFn) -> list[Offer]:
    return [
        Offer([Stretch(*span, draw(st.sampled_from(Rank)), draw(st.integers(0, 3))) for span in draw(apart(3))])
        for _number in range(draw(st.integers(0, 3)))
    ]


@st.composite
def rows_strategy(draw: st.DrawFn) -> list[Row]:
    return [(person, draw(states), *span) for person in range(draw(st.integers(0, 5))) for span in draw(apart(3))]


@st.composite
def taken_strategy(draw: st.DrawFn, offers: int) -> list[Taken]:
    return [
        Taken(index, person, *span, draw(st.booleans()))
        for index in range(offers)
        for person in draw(st.sets(st.integers(0, 6), max_size=2))
        for span in draw(apart(2))
    ]


@given(st.data())
def test_allotment_is_the_naive_one(data: st.DataObject) -> None:
    offers, rows = data.draw(offers_strategy()), data.draw(rows_strategy())
    taken = data.draw(taken_strategy(len(offers)))
    made = periods(offers, rows, taken)
    naive = Naive(offers, rows, taken).places(range(DAYS + 1))
    for day, places in naive.items():
        now = [(person, (place, state)) for place, person, state, first, past in made if first <= day < past]
        assert len(now) == len(dict(now))
        assert dict(now) == places
    assert not any(one[:3] == other[:3] and one[4] == other[3] for one in made for other in made), (
        "periods that adjoin are one"
    )
