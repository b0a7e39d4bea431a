"""Gives holdings their places in subscriptions (customers.allotment), for customers of whom something has changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from django.db import connection

from customers.allotment import Allotted, Holdings, Offer, Rank, Stretch, Taken, allot
from customers.columns import Columns, array_literal, read_columns, write_columns
from customers.held import EVERYBODY, FOR_EVER, SOURCES, Held, Lists, held
from customers.lifecycle import PeriodState, Status
from customers.selectors.sold import SoldSubscription, Term, sold_to
from customers.services.external import keep_external
from customers.services.stale import WINDOW_DAYS, mark_stale_from

STATES = tuple(PeriodState)
_RANKS = {Status.ACTIVE: Rank.QUALIFYING, Status.GRACE: Rank.GRACE, Status.DISABLED: Rank.DISABLED}
_CHUNK = 500
_PART = 50_000
"""So many people, or periods, of one customer are read or written at once, because a customer may have a million."""

_CONCERNED = """
    SELECT c.id, c.next_person_number
    FROM customers_customer c
    WHERE c.id = ANY(%s) AND (
        EXISTS (SELECT FROM customers_holding h WHERE h.customer_id = c.id)
        OR EXISTS (SELECT FROM customers_entitlementperiod e WHERE e.customer_id = c.id AND e.allotted)
    )
    ORDER BY c.id
"""

# A person is the lowest of his or her numbers; people are in the order of their first keys, whichever came first.
_PEOPLE = """
    SELECT p.number, (row_number() OVER (ORDER BY least(p.key COLLATE "C", o.key)) - 1)::int
    FROM customers_person p
    LEFT JOIN (
        SELECT same_as AS number, min(key COLLATE "C") AS key
        FROM customers_person
        WHERE customer_id = %(customer)s AND same_as IS NOT NULL
        GROUP BY same_as
    ) o ON o.number = p.number
    WHERE p.customer_id = %(customer)s AND p.same_as IS NULL
"""
_HOLDINGS = """
    SELECT h.sku_id, coalesce(p.same_as, p.number), array_position(%(states)s::text[], h.state::text) - 1,
           array_position(%(sources)s::text[], h.source::text) - 1, coalesce(h.stated_by_id, 0), h.valid_from,
           coalesce(h.valid_to, 'infinity'::date)
    FROM customers_holding h
    JOIN customers_person p ON p.customer_id = h.customer_id AND p.number = h.person_number
    WHERE h.customer_id = %(customer)s AND h.person_number >= %(first)s AND h.person_number < %(past)s
"""
_HOLDING_TYPES = {
    "sku": "int4", "person": "int4", "state": "int4", "source": "int4", "stater": "int4", "first": "date", "past": "date",
}  # fmt: skip
_LISTS = """
    SELECT l.day, array_position(%(sources)s::text[], l.source::text) - 1, coalesce(l.stated_by_id, 0),
           coalesce(p.same_as, p.number, -1)
    FROM customers_seenlist l
    LEFT JOIN customers_person p ON p.customer_id = l.customer_id AND p.number = l.person_number
    WHERE l.customer_id = %(customer)s
"""
_TAKEN = """
    SELECT e.subscription_id, coalesce(p.same_as, p.number), e.valid_from, coalesce(e.valid_to, 'infinity'::date),
           e.state = 'entitled'
    FROM customers_entitlementperiod e
    JOIN customers_person p ON p.customer_id = e.customer_id AND p.number = e.person_number
    WHERE e.customer_id = %s AND NOT e.allotted
"""

_WANTED = """
    DROP TABLE IF EXISTS pg_temp.allotment_wanted;
    CREATE TEMP TABLE allotment_wanted (
        customer_id int, subscription_id bigint, person_number int, state int2, valid_from date, valid_to date
    ) ON COMMIT DROP
"""
_WANTED_TYPES = {
    "customer_id": "int4", "subscription_id": "int8", "person_number": "int4", "state": "int2", "valid_from": "date",
    "valid_to": "date",
}  # fmt: skip
_CHANGE = """
    DROP TABLE IF EXISTS pg_temp.allotment_change;
    CREATE TEMP TABLE allotment_change ON COMMIT DROP AS
    SELECT coalesce(e.customer_id, w.customer_id) AS customer_id,
           coalesce(e.subscription_id, w.subscription_id) AS subscription_id,
           coalesce(e.person_number, w.person_number) AS person_number,
           coalesce(e.valid_from, w.valid_from) AS valid_from,
           e.id, e.state AS old_state, e.valid_to AS old_to, w.state, w.valid_to
    FROM (
        SELECT * FROM customers_entitlementperiod WHERE allotted AND customer_id = ANY(%(customers)s)
    ) e
    FULL JOIN (
        SELECT customer_id, subscription_id, person_number, (%(states)s::text[])[state + 1] AS state, valid_from, valid_to
        FROM allotment_wanted
    ) w USING (customer_id, subscription_id, person_number, valid_from)
    WHERE (e.state, e.valid_to) IS DISTINCT FROM (w.state, w.valid_to) OR e.id IS NULL OR w.state IS NULL
"""
_DELETE = "DELETE FROM customers_entitlementperiod e USING allotment_change c WHERE c.id = e.id AND c.state IS NULL"
_UPDATE = """
    UPDATE customers_entitlementperiod e
    SET state = c.state, valid_to = c.valid_to
    FROM allotment_change c
    WHERE c.id = e.id AND c.state IS NOT NULL
"""
_INSERT = """
    INSERT INTO customers_entitlementperiod
        (customer_id, subscription_id, person_number, state, valid_from, valid_to, allotted)
    SELECT customer_id, subscription_id, person_number, state, valid_from, valid_to, true
    FROM allotment_change
    WHERE id IS NULL
    ORDER BY customer_id, subscription_id, person_number, valid_from
"""
# Only the days that are another than before: a period that was closed says the same until then.
_STALE = f"""
    SELECT customer_id, lower(days) AS first, upper(days) + {WINDOW_DAYS} AS past
    FROM (
        SELECT customer_id, unnest((old - new) + (new - old)) AS days
        FROM (
            SELECT customer_id, coalesce(range_agg(days) FILTER (WHERE NOT is_new), '{{}}') AS old,
                   coalesce(range_agg(days) FILTER (WHERE is_new), '{{}}') AS new
            FROM (
                SELECT customer_id, subscription_id, person_number, old_state AS state, false AS is_new,
                       daterange(valid_from, old_to) AS days
                FROM allotment_change WHERE id IS NOT NULL
                UNION ALL
                SELECT customer_id, subscription_id, person_number, state, true, daterange(valid_from, valid_to)
                FROM allotment_change WHERE state IS NOT NULL
            ) both_states
            GROUP BY customer_id, subscription_id, person_number, state
        ) said
    ) differing
"""  # noqa: S608 - constants


def allot_anew(customers: Collection[int]) -> None:
    """Bring external subscriptions and allotted periods of these customers (keys) in step with all that is known.

    Within the caller's transaction, under the lock of loading, in the operator's scope: places depend on all sellers. Periods that stay keep their rows; the days on which
    anything became another are marked stale.
    """
    everybody = sorted(customers)
    for place in range(0, len(everybody), _CHUNK):
        some = everybody[place : place + _CHUNK]
        keep_external(some)
        _allot(some)


def _allot(customers: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_CONCERNED, [array_literal(customers)])
        concerned = dict(cursor.fetchall())
        if not concerned:
            return
        cursor.execute(_WANTED)
    sold = sold_to(list(concerned))
    for customer, people in concerned.items():
        for periods in _periods_of(customer, people, sold.get(customer, [])):
            nulls = {"valid_to": periods["valid_to"] == FOR_EVER}
            write_columns("allotment_wanted", periods, _WANTED_TYPES, nulls)
    _write(list(concerned))


def _write(customers: Sequence[int]) -> None:
    """Change what is stored by what differs from what is wanted."""
    states = [str(state) for state in STATES]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE allotment_wanted")
        cursor.execute(_CHANGE, {"customers": array_literal(customers), "states": states})
        for statement in (_DELETE, _UPDATE, _INSERT):
            cursor.execute(statement)
        mark_stale_from(cursor, _STALE)


def _periods_of(customer: int, numbered: int, sold: Sequence[SoldSubscription]) -> Iterator[Columns]:
    """The allotted periods of one customer, whose people have numbers below `numbered`, SKU by SKU and in parts."""
    people = read_columns(_PEOPLE, {"customer": customer}, {"number": "int4", "place": "int4"}, narrow=True)
    places = np.zeros(int(people["number"].max(initial=-1)) + 1, dtype=np.int32)
    places[people["number"]] = people["place"]
    numbers = np.zeros(len(people["number"]), dtype=np.int32)
    numbers[people["place"]] = people["number"]
    del people
    holding = _held(customer, numbered, places)
    taken = read_columns(
        _TAKEN,
        [customer],
        {"subscription": "int8", "person": "int4", "first": "date", "past": "date", "entitled": "bool"},
    )
    for sku, of_sku in _by_sku(holding):
        offered = [one for one in sold if any(_is_offer(term, sku) for term in one.terms)]
        offers = [Offer([_stretch(term) for term in one.terms if _is_offer(term, sku)]) for one in offered]
        held_so = Holdings(of_sku.person, of_sku.state, of_sku.first, of_sku.past)
        made = allot(offers, held_so, _taken(taken, offered, places))
        subscriptions = np.array([one.id for one in offered], dtype=np.int64)
        for first in range(0, len(made.offer), _PART):
            part = Allotted(*(column[first : first + _PART] for column in made))
            yield _columns(customer, part, subscriptions, numbers)


def _by_sku(holding: Held) -> Iterator[tuple[int, Held]]:
    """What is held, which is in the order of SKUs, of each of them."""
    starts = np.flatnonzero(np.diff(holding.sku, prepend=-1)).tolist()
    for first, past in pairwise([*starts, len(holding.sku)]):
        yield int(holding.sku[first]), holding.where(slice(first, past))


def _held(customer: int, numbered: int, places: np.ndarray) -> Held:
    """Who holds what of all that was said."""
    names = {"customer": customer, "states": [str(s) for s in STATES], "sources": [str(s) for s in SOURCES]}
    said = _said(names, numbered)
    said["person"] = places[said["person"]]
    seen = read_columns(_LISTS, names, {"day": "date", "source": "int4", "stater": "int4", "person": "int4"})
    whole = seen["person"] == EVERYBODY
    seen["person"] = np.where(whole, EVERYBODY, places[seen["person"]])
    return held(Held(**said), Lists(**seen))


def _said(names: Mapping[str, Any], numbered: int) -> Columns:
    """All that was said of who holds what, some people at a time."""
    parts: dict[str, list[np.ndarray]] = {name: [] for name in _HOLDING_TYPES}
    for first in range(0, max(numbered, 1), _PART):
        read = read_columns(_HOLDINGS, {**names, "first": first, "past": first + _PART}, _HOLDING_TYPES, narrow=True)
        for name, column in read.items():
            parts[name].append(column)
    return {name: np.concatenate(parts.pop(name)) for name in _HOLDING_TYPES}


def _is_offer(term: Term, sku: int) -> bool:
    return term.sku == sku and term.status is not Status.DEPROVISIONED


def _stretch(term: Term) -> Stretch:
    rank = Rank.TRIAL if term.is_trial else _RANKS[term.status]
    return Stretch(term.first, term.past, rank, term.quantity)


def _taken(stated: Columns, offered: Sequence[SoldSubscription], places: np.ndarray) -> list[Taken]:
    """The licences that were stated for these subscriptions directly."""
    place_of = {one.id: place for place, one in enumerate(offered)}
    chosen = np.isin(stated["subscription"], list(place_of))
    columns = {name: column[chosen].tolist() for name, column in stated.items()}
    offers = [place_of[one] for one in columns["subscription"]]
    people = places[columns["person"]].tolist() if offers else []
    rows = zip(offers, people, columns["first"], columns["past"], columns["entitled"], strict=True)
    return [Taken(*row) for row in rows]


def _columns(customer: int, made: Allotted, subscriptions: np.ndarray, numbers: np.ndarray) -> Columns:
    return {
        "customer_id": np.full(len(made.offer), customer),
        "subscription_id": subscriptions[made.offer],
        "person_number": numbers[made.person],
        "state": made.state,
        "valid_from": made.first,
        "valid_to": made.past,
    }
