"""Writes the generated data set as a feed on disk (feed.md): a base of 30 days and one further day's activity."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.catalogue import SKUS, USED_WORKLOADS
from bench.feed_lines import LineFile, text_table, texts_of
from bench.portfolio import EXTERNAL, PARTNERS, WINDOW_DAYS, Flags, Ints, Portfolio, held_workloads, make_portfolio

VERSION = 1
SEED = 20260331
HISTORY_DAYS = WINDOW_DAYS + 3
FIRST_DAY = -1000
LAST_DAY = 400
NO_DAY = LAST_DAY + 1  # written as an empty cell
OUTSIDE_YAMMER = 0.02
WEEKDAY_FACTOR = (1.3, 1.3, 1.3, 1.3, 1.3, 0.25, 0.25)  # 1.0 over a week
STATES = ("entitled", "suspended_nonpayment", "suspended_fraud", "upgraded", "cancelled")


@dataclass(frozen=True)
class Manifest:
    """What was generated: `base` and `day` are the feed's folders, the day is the as-of date D."""

    version: int
    size: int
    seed: int
    day: str
    base: str
    day_folder: str
    customers: int
    people: int
    subscriptions: int
    entitlements: int
    largest_customer: int
    activity_lines: int
    day_lines: int


@dataclass(frozen=True)
class Periods:
    """A row a line of entitlements.csv; days count from D, NO_DAY is open."""

    pair: Ints
    from_day: Ints
    state: Ints
    to_day: Ints


def generate(*, folder: Path, size: int, day: dt.date, seed: int = SEED) -> Manifest:
    """Write the feed of about `size` entitlements as of `day` into `folder`; the same arguments give the same bytes."""
    random = np.random.default_rng(seed)
    base, day_folder = folder / "base", folder / "day"
    for each in (base, day_folder):
        each.mkdir(parents=True, exist_ok=True)
    portfolio = make_portfolio(random=random, size=size)
    days = text_table([*((day + dt.timedelta(d)).isoformat() for d in range(FIRST_DAY, NO_DAY)), ""])
    write_parties(folder=base, portfolio=portfolio, day=day)
    write_subscriptions(folder=base, portfolio=portfolio, day=day, random=random)
    write_entitlements(folder=base, portfolio=portfolio, days=days, random=random)
    write_coverage(folder=base, portfolio=portfolio, days=days, random=random)
    base_lines, day_lines = write_activity(
        folders=(base, day_folder), portfolio=portfolio, days=days, day=day, random=random
    )
    manifest = Manifest(
        version=VERSION, size=size, seed=seed, day=day.isoformat(), base=str(base), day_folder=str(day_folder),
        customers=len(portfolio.customer_ids), people=len(portfolio.people.customer),
        subscriptions=len(portfolio.subscriptions.customer), entitlements=len(portfolio.pair_person),
        largest_customer=int(np.bincount(portfolio.people.customer).max()), activity_lines=base_lines, day_lines=day_lines,
    )  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    return manifest


def cached(*, folder: Path, size: int, today: dt.date, seed: int = SEED) -> Manifest:
    """The data set in `folder`, generated unless it is there, of this size, seed and version, and at most a year old."""
    path = folder / "manifest.json"
    if path.exists():
        manifest = Manifest(**json.loads(path.read_text(encoding="utf-8")))
        age = today - dt.date.fromisoformat(manifest.day)
        if (manifest.version, manifest.size, manifest.seed) == (VERSION, size, seed) and age.days < 365:
            return manifest
    return generate(folder=folder, size=size, day=latest_tuesday(today=today), seed=seed)


def latest_tuesday(*, today: dt.date) -> dt.date:
    """The latest Tuesday before `today`: an ordinary working day as D."""
    return today - dt.timedelta((today.weekday() - 2) % 7 + 1)


def write_rows(*, path: Path, header: str, rows: Iterable[Sequence[Any]]) -> None:
    """A small CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def write_parties(*, folder: Path, portfolio: Portfolio, day: dt.date) -> None:
    """partners.csv, customers.csv, relationships.csv and skus.csv."""
    partners, customers = texts_of(portfolio.partner_ids), texts_of(portfolio.customer_ids)
    write_rows(
        path=folder / "partners.csv", header="partner_id,name,slug",
        rows=[(partners[n], f"Bench partner {n + 1}", f"bench-{n + 1}") for n in range(PARTNERS)],
    )  # fmt: skip
    countries = ("IT", "CN", "ES", "SE", "NL", "DE", "FR")
    write_rows(
        path=folder / "customers.csv", header="customer_id,name,domain,country,segment",
        rows=[(c, f"Customer {n:06}", f"c{n:06}.example", countries[n % 7], "") for n, c in enumerate(customers)],
    )  # fmt: skip
    since = (day - dt.timedelta(900)).isoformat()
    pairs = [
        (p, c)
        for side in (portfolio.main_partner, portfolio.second_partner)
        for c, p in enumerate(side.tolist())
        if p >= 0
    ]
    write_rows(
        path=folder / "relationships.csv", header="partner_id,customer_id,from,to",
        rows=[(partners[p], customers[c], since, "") for p, c in pairs],
    )  # fmt: skip
    skus = zip(texts_of(portfolio.sku_ids), SKUS, strict=True)
    write_rows(
        path=folder / "skus.csv", header="sku_id,part_number,name,family,workloads",
        rows=[(i, s.part_number, s.part_number.replace("_", " ").title(), s.family, ";".join(s.workloads)) for i, s in skus],
    )  # fmt: skip


def write_subscriptions(*, folder: Path, portfolio: Portfolio, day: dt.date, random: np.random.Generator) -> None:
    """subscriptions.csv: one version each, and a second one where the kind says that something changed."""
    held = portfolio.subscriptions
    ids, customers, skus = texts_of(held.ids), texts_of(portfolio.customer_ids), texts_of(portfolio.sku_ids)
    sellers = [*texts_of(portfolio.partner_ids), "external"]
    assert len(sellers) - 1 == EXTERNAL
    assigned = np.bincount(portfolio.pair_subscription, minlength=len(ids))
    slack = random.choice([0.95, 1.0, 1.1, 1.4], size=len(ids), p=[0.1, 0.3, 0.3, 0.3])
    quantity = np.maximum(np.ceil(assigned * slack), 1).astype(int).tolist()
    recent = random.integers(1 - WINDOW_DAYS, 1, size=len(ids)).tolist()
    term = random.integers(1, 365, size=len(ids)).tolist()
    rows = []
    for n, kind in enumerate(held.kind.tolist()):
        for starts, sku, status, count, trial, ends, renews in versions_of(
            kind=kind,
            starts=int(held.starts[n]),
            sku=int(held.sku[n]),
            quantity=quantity[n],
            recent=recent[n],
            term=term[n],
        ):
            rows.append((
                ids[n], (day + dt.timedelta(starts)).isoformat(), customers[held.customer[n]], sellers[held.seller[n]], skus[sku], status,
                count, trial, (day + dt.timedelta(ends)).isoformat(), renews,
            ))  # fmt: skip
    header = "subscription_id,effective_on,customer_id,seller,sku_id,status,quantity,is_trial,term_end,auto_renew"
    write_rows(path=folder / "subscriptions.csv", header=header, rows=rows)


def versions_of(
    *, kind: str, starts: int, sku: int, quantity: int, recent: int, term: int
) -> list[tuple[int, int, str, int, str, int, str]]:
    """The versions (effective day, SKU, status, quantity, trial, term end, auto-renew) of one subscription; days count from D."""
    first = (starts, sku, "active", quantity, "false", term, "true")
    match kind:
        case "trial":
            return [(starts, sku, "active", 25, "true", term, "false")]
        case "grace" | "disabled" | "deprovisioned":
            return [first, (recent, sku, kind, quantity, "false", recent - 1, "false")]
        case "aged":
            return [(starts, sku, "active", quantity, "false", -(term % 59), "false")]
        case "resized":
            return [first, (recent, sku, "active", quantity + 1 + quantity // 10, "false", term, "true")]
        case "upgraded":
            return [first, (recent, (sku + 1) % len(SKUS), "active", quantity, "false", term, "true")]
        case _:
            return [first]


def write_entitlements(
    *, folder: Path, portfolio: Portfolio, days: NDArray[np.uint8], random: np.random.Generator
) -> None:
    """entitlements.csv, one line a period."""
    periods = make_periods(portfolio=portfolio, random=random)
    states = text_table(STATES)
    with LineFile(path=folder / "entitlements.csv", header="subscription_id,user_id,from,state,to") as file:
        file.write([
            (portfolio.subscriptions.ids, portfolio.pair_subscription[periods.pair]),
            (portfolio.people.ids, portfolio.pair_person[periods.pair]),
            (days, periods.from_day - FIRST_DAY),
            (states, periods.state),
            (days, periods.to_day - FIRST_DAY),
        ])  # fmt: skip


def make_periods(*, portfolio: Portfolio, random: np.random.Generator) -> Periods:
    """Each pair's periods: 5 % begin or end inside the window, with their people (3 %) or on their own (2 %)."""
    people, pairs = portfolio.people, np.arange(len(portfolio.pair_person))
    starts = np.maximum(
        portfolio.subscriptions.starts[portfolio.pair_subscription], -random.integers(30, 800, size=len(pairs))
    )
    joins, leaves = people.joins[portfolio.pair_person], people.leaves[portfolio.pair_person]
    starts = np.maximum(starts, joins)
    starts = np.where(leaves <= starts, leaves - 5, starts)
    ends = np.where(leaves > LAST_DAY, NO_DAY, leaves)
    change = np.where((joins < -LAST_DAY) & (ends == NO_DAY), random.random(len(pairs)), 1.0)
    inside = random.integers(2 - WINDOW_DAYS, 1, size=len(pairs))
    begins, stops, pauses = change < 0.006, (change >= 0.006) & (change < 0.014), (change >= 0.014) & (change < 0.018)
    blocked, long_blocked = (change >= 0.018) & (change < 0.022), (change >= 0.022) & (change < 0.027)
    starts = np.where(begins, inside, starts)
    starts = np.where(long_blocked, np.minimum(starts, -50), starts)
    cut = np.where(long_blocked, -40, inside)
    entitled_to = np.where(stops | pauses | blocked | long_blocked, cut, ends)
    starts = np.where(entitled_to <= starts, entitled_to - 10, starts)
    back = pairs[pauses & (inside < -1)]
    held_back = pairs[blocked | long_blocked]
    return Periods(
        pair=np.concatenate([pairs, back, held_back]),
        from_day=np.concatenate([starts, inside[back] + 2, cut[held_back]]),
        state=np.concatenate(
            [np.zeros(len(pairs) + len(back), dtype=int), random.integers(1, len(STATES), size=len(held_back))]
        ),
        to_day=np.concatenate([entitled_to, np.full(len(back) + len(held_back), NO_DAY)]),
    )


def write_coverage(*, folder: Path, portfolio: Portfolio, days: NDArray[np.uint8], random: np.random.Generator) -> None:
    """coverage.csv: every service (`*`) for most customers, four services by name for 10 %, gaps for 5 %."""
    services = text_table(["*", *USED_WORKLOADS[:4]])
    way = random.random(len(portfolio.customer_ids))
    by_name, with_gaps = np.flatnonzero(way < 0.10), way > 0.95
    with LineFile(path=folder / "coverage.csv", header="customer_id,service,day") as file:
        for offset in range(1 - HISTORY_DAYS, 1):
            told = np.flatnonzero((way >= 0.10) & ~(with_gaps & (random.random(len(way)) < 0.5)))
            customers = np.concatenate([told, np.repeat(by_name, 4)])
            service = np.concatenate([np.zeros(len(told), dtype=int), np.tile(np.arange(1, 5), len(by_name))])
            day_rows = np.full(len(customers), offset - FIRST_DAY)
            file.write([(portfolio.customer_ids, customers), (services, service), (days, day_rows)])


def write_activity(
    *,
    folders: tuple[Path, Path],
    portfolio: Portfolio,
    days: NDArray[np.uint8],
    day: dt.date,
    random: np.random.Generator,
) -> tuple[int, int]:
    """activity.csv of all days but the last into the first folder, of the last (D) into the second; answers with their lines."""
    uses = workloads_in_use(portfolio=portfolio, random=random)
    header = "customer_id,user_id,service,day"
    counts = []
    for folder, offsets in zip(folders, (range(1 - HISTORY_DAYS, 0), range(1)), strict=True):
        with LineFile(path=folder / "activity.csv", header=header) as file:
            for offset in offsets:
                write_activity_day(
                    file=file, portfolio=portfolio, uses=uses, days=days, day=day, offset=offset, random=random
                )
        counts.append(file.lines)
    return counts[0], counts[1]


def workloads_in_use(*, portfolio: Portfolio, random: np.random.Generator) -> Flags:
    """What people can be seen in: what they hold, and Yammer for some who don't hold it."""
    uses = held_workloads(portfolio=portfolio)
    uses[:, USED_WORKLOADS.index("YAM")] |= random.random(len(uses)) < OUTSIDE_YAMMER
    return uses


def write_activity_day(
    *,
    file: LineFile,
    portfolio: Portfolio,
    uses: Flags,
    days: NDArray[np.uint8],
    day: dt.date,
    offset: int,
    random: np.random.Generator,
) -> None:
    """One day's lines: each active person in two or three of the workloads of those held."""
    people = portfolio.people
    chance = people.diligence * WEEKDAY_FACTOR[(day + dt.timedelta(offset)).weekday()]
    here = (people.joins <= offset) & (offset < people.leaves + 2)  # the account outlives the licence by two days
    active = np.flatnonzero(here & (random.random(len(chance)) < chance))
    score = np.where(uses[active], random.random((len(active), len(USED_WORKLOADS))), -1.0)
    ranks = np.sort(score, axis=1)
    least = np.where(random.random(len(active)) < 0.5, ranks[:, -3], ranks[:, -2])
    person, workload = np.nonzero((score >= least[:, None]) & (score >= 0))
    rows = active[person]
    file.write([
        (portfolio.customer_ids, people.customer[rows]), (people.ids, rows), (text_table(USED_WORKLOADS), workload),
        (days, np.full(len(rows), offset - FIRST_DAY)),
    ])  # fmt: skip
