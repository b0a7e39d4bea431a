"""The generated portfolio in memory: customers, people, subscriptions, and who holds what, as numpy columns."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.catalogue import SKUS, USED_WORKLOADS
from bench.feed_lines import Bytes, guid_table

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

PEOPLE_PER_ENTITLEMENT = 0.3
ENTITLEMENTS_PER_CUSTOMER = 50
MEDIAN_PEOPLE = 5
LARGEST_SHARE = 0.02  # of all entitlements, in people: 20,000 of 1 million
PARTNERS = 3
EXTERNAL = PARTNERS
WINDOW_DAYS = 28
NEVER = 10_000  # days after D


@dataclass(frozen=True)
class People:
    """A row a person. Days count from D (0), earlier ones negative; `joins` inclusive, `leaves` exclusive."""

    customer: Ints
    ids: Bytes
    joins: Ints
    leaves: Ints
    diligence: NDArray[np.float64]  # probability of being active on a mean day


@dataclass(frozen=True)
class Subscriptions:
    """A row a subscription of a customer; `kind` is its life (subscription_kinds), `uptake` the share of people who hold it."""

    customer: Ints
    ids: Bytes
    seller: Ints  # a partner's number, or EXTERNAL
    sku: Ints
    kind: NDArray[np.str_]
    starts: Ints
    uptake: NDArray[np.float64]


@dataclass(frozen=True)
class Portfolio:
    """Everything but the dated lines. `pair_*` are the entitlements: positions of subscription and person."""

    customer_ids: Bytes
    partner_ids: Bytes
    sku_ids: Bytes
    main_partner: Ints
    second_partner: Ints  # -1: not shared
    people: People
    subscriptions: Subscriptions
    pair_subscription: Ints
    pair_person: Ints


def make_portfolio(*, random: np.random.Generator, size: int) -> Portfolio:
    """A portfolio of about `size` entitlements: 0.3 people and 0.02 customers for each."""
    sizes = customer_sizes(random=random, size=size)
    customers = len(sizes)
    main = random.choice(PARTNERS, size=customers, p=[0.5, 0.35, 0.15])
    shared = random.random(customers) < 0.10
    second = np.where(shared, (main + random.integers(1, PARTNERS, size=customers)) % PARTNERS, -1)
    people = make_people(random=random, sizes=sizes)
    subscriptions = make_subscriptions(random=random, main=main, second=second)
    pair_subscription, pair_person = make_pairs(random=random, sizes=sizes, subscriptions=subscriptions, size=size)
    return Portfolio(
        customer_ids=guid_table(random=random, count=customers),
        partner_ids=guid_table(random=random, count=PARTNERS),
        sku_ids=guid_table(random=random, count=len(SKUS)),
        main_partner=main,
        second_partner=second,
        people=people,
        subscriptions=subscriptions,
        pair_subscription=pair_subscription,
        pair_person=pair_person,
    )


def customer_sizes(*, random: np.random.Generator, size: int) -> Ints:
    """People of each customer: log-normal with median 5, one customer with 2 % of `size`."""
    customers = max(size // ENTITLEMENTS_PER_CUSTOMER, 3)
    largest = max(int(size * LARGEST_SHARE), 20)
    mean = (size * PEOPLE_PER_ENTITLEMENT - largest) / (customers - 1)
    sigma = math.sqrt(2 * math.log(mean / MEDIAN_PEOPLE))
    sizes = np.rint(random.lognormal(math.log(MEDIAN_PEOPLE), sigma, size=customers)).astype(np.int64)
    sizes = np.clip(sizes, 1, largest)
    sizes[random.integers(customers)] = largest
    return sizes


def make_people(*, random: np.random.Generator, sizes: Ints) -> People:
    """The people of customers with these sizes: 1.5 % join and 1.5 % leave inside the window, 3 % left before it."""
    count = int(sizes.sum())
    joins = np.full(count, -NEVER)
    leaves = np.full(count, NEVER)
    fate = random.random(count)
    inside = random.integers(1 - WINDOW_DAYS, 1, size=count)
    joins[fate < 0.015] = inside[fate < 0.015]
    leavers = (fate >= 0.015) & (fate < 0.03)
    leaves[leavers] = inside[leavers]
    former = (fate >= 0.03) & (fate < 0.06)
    leaves[former] = -WINDOW_DAYS - random.integers(0, 20, size=int(former.sum()))
    diligence = np.where(random.random(count) < 0.25, 0.02, 0.527)  # a quarter hardly work with it: 40 % on a mean day
    return People(
        customer=np.repeat(np.arange(len(sizes)), sizes),
        ids=guid_table(random=random, count=count),
        joins=joins,
        leaves=leaves,
        diligence=diligence,
    )


def make_subscriptions(*, random: np.random.Generator, main: Ints, second: Ints) -> Subscriptions:
    """Three to seven subscriptions for each customer; 6 % sold by somebody outside, of shared customers 40 % by the second partner."""
    customer = np.repeat(np.arange(len(main)), random.integers(3, 8, size=len(main)))
    count = len(customer)
    draw = random.random(count)
    seller = np.where((second[customer] >= 0) & (draw < 0.4), second[customer], main[customer])
    seller[draw > 0.94] = EXTERNAL
    return Subscriptions(
        customer=customer,
        ids=guid_table(random=random, count=count),
        seller=seller,
        sku=choose_skus(random=random, customer=customer),
        kind=subscription_kinds(random=random, count=count),
        starts=-random.integers(60, 900, size=count),
        uptake=random.choice([0.9, 0.5, 0.25], size=count, p=[0.55, 0.2, 0.25]),
    )


def choose_skus(*, random: np.random.Generator, customer: Ints) -> Ints:
    """A SKU for each subscription by its weight; 8 % repeat the customer's subscription before (a second one of the SKU)."""
    weights = np.array([sku.weight for sku in SKUS])
    chosen = random.choice(len(SKUS), size=len(customer), p=weights / weights.sum())
    repeats = np.flatnonzero((random.random(len(customer) - 1) < 0.08) & (customer[1:] == customer[:-1])) + 1
    chosen[repeats] = chosen[repeats - 1]
    return chosen


def subscription_kinds(*, random: np.random.Generator, count: int) -> NDArray[np.str_]:
    """How each subscription lives: 1 % trials, 3 % in grace or beyond (stated, or by ageing), some resized or upgraded inside the window."""
    kinds = ["trial", "grace", "disabled", "deprovisioned", "aged", "resized", "upgraded", "steady"]
    return random.choice(kinds, size=count, p=[0.01, 0.013, 0.008, 0.003, 0.006, 0.05, 0.005, 0.905])


def make_pairs(
    *, random: np.random.Generator, sizes: Ints, subscriptions: Subscriptions, size: int
) -> tuple[Ints, Ints]:
    """Who holds which subscription: (subscription, person) positions, about `size` of them, sorted."""
    first_person = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    seats = sizes[subscriptions.customer]
    subscription = np.repeat(np.arange(len(seats)), seats)
    within = np.arange(len(subscription)) - np.repeat(np.cumsum(seats) - seats, seats)
    scale = size / float((subscriptions.uptake * seats).sum())
    held = random.random(len(subscription)) < np.minimum(subscriptions.uptake * scale, 1.0)[subscription]
    person = first_person[subscriptions.customer[subscription]] + within
    return subscription[held], person[held]


def held_workloads(*, portfolio: Portfolio) -> Flags:
    """Of each person (row) and each of USED_WORKLOADS (column): whether a subscription of the person contains it."""
    contains = np.array([[code in sku.workloads for code in USED_WORKLOADS] for sku in SKUS])
    held = np.zeros((len(portfolio.people.customer), len(USED_WORKLOADS)), dtype=bool)
    np.logical_or.at(held, portfolio.pair_person, contains[portfolio.subscriptions.sku[portfolio.pair_subscription]])
    return held
