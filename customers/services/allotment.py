"""Gives holdings their places in subscriptions (customers.allotment), for customers of whom something has changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

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

_CONCERNED = """
    SELECT c.id
    FROM customers_customer c
    WHERE c.id = ANY(%s) AND (
        EXISTS (SELECT FROM customers_holding h WHERE h.customer_id = c.id)
        OR EXISTS (SELECT FROM customers_entitlementperiod e WHERE e.customer_id = c.id AND e.allotted)
    )
    ORDER BY c.id
"""

# A person is the lowest of his or her numbers; people are in the order of their first keys, whichever came first.
_PEOPLE = """
    SELECT p.number, row_number() OVER (ORDER BY least(p.key COLLATE "C", o.key)) - 1
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
    WHERE h.customer_id = %(customer)s
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
        concerned = [key for (key,) in cursor.fetchall()]
        if not concerned:
            return
        cursor.execute(_WANTED)
    sold = sold_to(concerned)
    for customer in concerned:
        for periods in _periods_of(customer, sold.get(customer, [])):
            nulls = {"valid_to": periods["valid_to"] == FOR_EVER}
            write_columns("allotment_wanted", periods, _WANTED_TYPES, nulls)
    _write(concerned)


def _write(customers: Sequence[int]) -> None:
    """Change what is stored by what differs from what is wanted."""
    states = [str(state) for state in STATES]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE allotment_wanted")
        cursor.execute(_CHANGE, {"customers": array_literal(customers), "states": states})
        for statement in (_DELETE, _UPDATE, _INSERT):
            cursor.execute(statement)
        mark_stale_from(cursor, _STALE)


def _periods_of(customer: int, sold: Sequence[SoldSubscription]) -> Iterator[Columns]:
    """The allotted periods of one customer, SKU by SKU."""
    people = read_columns(_PEOPLE, {"customer": customer}, {"number": "int4", "place": "int8"})
    places = np.zeros(int(people["number"].max(initial=-1)) + 1, dtype=np.int64)
    places[people["number"]] = people["place"]
    numbers = np.zeros(len(people["number"]), dtype=np.int64)
    numbers[people["place"]] = people["number"]
    holding = _held(customer, places)
    taken = read_columns(
        _TAKEN,
        [customer],
        {"subscription": "int8", "person": "int4", "first": "date", "past": "date", "entitled": "bool"},
    )
    for sku in np.unique(holding.sku).tolist():
        of_sku = holding.where(holding.sku == sku)
        offered = [one for one in sold if any(_is_offer(term, sku) for term in one.terms)]
        offers = [Offer([_stretch(term) for term in one.terms if _is_offer(term, sku)]) for one in offered]
        held_so = Holdings(of_sku.person, of_sku.state, of_sku.first, of_sku.past)
        made = allot(offers, held_so, _taken(taken, offered, places))
        yield _columns(customer, made, [one.id for one in offered], numbers)


def _held(customer: int, places: np.ndarray) -> Held:
    """Who holds what of all that was said."""
    names = {"customer": customer, "states": [str(s) for s in STATES], "sources": [str(s) for s in SOURCES]}
    said = read_columns(_HOLDINGS, names, _HOLDING_TYPES)
    said["person"] = places[said["person"]]
    seen = read_columns(_LISTS, names, {"day": "date", "source": "int4", "stater": "int4", "person": "int4"})
    whole = seen["person"] == EVERYBODY
    seen["person"] = np.where(whole, EVERYBODY, places[seen["person"]])
    return held(Held(*(column.astype(np.int32) for column in said.values())), Lists(**seen))


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


def _columns(customer: int, made: Allotted, subscriptions: Sequence[int], numbers: np.ndarray) -> Columns:
    return {
        "customer_id": np.full(len(made.offer), customer),
        "subscription_id": np.array(subscriptions, dtype=np.int64)[made.offer] if len(made.offer) else made.offer,
        "person_number": numbers[made.person],
        "state": made.state,
        "valid_from": made.first,
        "valid_to": made.past,
    }
