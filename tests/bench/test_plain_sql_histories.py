"""bench/plain.sql against the naive reading, over generated small histories full of corner cases."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from psycopg import Connection

from bench import plain
from tests.naive.feed import Facts
from tests.naive.metrics import insights
from tests.naive.strategies import History, histories

TODAY = date(2026, 11, 20)


def told(facts: Facts) -> dict[str, list[Sequence[Any]]]:
    """All facts as the lines of one clean feed."""
    stated = facts.statements
    subscriptions = [
        (
            sub,
            on,
            v["customer_id"],
            v["seller"],
            v["sku_id"],
            v["status"],
            v["quantity"],
            v["is_trial"],
            v["term_end"],
            v["auto_renew"],
        )
        for sub in facts.subscriptions()
        for on, v in facts.held_versions(sub).items()
    ]
    skus = [
        (i, "P", "P", s["family"], ";".join(s["workloads"]))
        for (i,), by in stated["skus.csv"].items()
        for s in by.values()
    ]
    return {
        "partners": [(partner, "P", "p") for (partner,) in stated["partners.csv"]],
        "customers": [(c, "C", "d", "IT", "") for c in facts.customers()],
        "skus": skus,
        "subscriptions": [(*row, None, None, None) for row in subscriptions],
        "entitlements": [
            (sub, user, start, state, to)
            for sub in facts.subscriptions()
            for user, state, start, to in facts.periods(sub)
        ],
        "activity": [(c, user, work.upper(), day) for c in facts.customers() for user, work, day in facts.activity(c)],
        "coverage": [(c, work.upper(), day) for c in facts.customers() for work, day in facts.coverage(c)],
    }


def write(folder: Path, files: dict[str, list[Sequence[Any]]]) -> None:
    folder.mkdir(exist_ok=True)
    for kind, rows in files.items():
        with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([plain.COLUMNS[kind], *rows])


def switch(connection: Connection[Any], facts: Facts) -> None:
    """The catalogue's switches as they are in the facts."""
    on = [code for code, family in facts.families.items() if family.on]
    connection.execute("UPDATE plain.families SET insights = lower(code) = ANY(%s)", [on])
    connection.execute("UPDATE plain.workloads SET unlicensed_family = NULL")
    for code, workload in facts.workloads.items():
        if workload.flagged_family:
            connection.execute(
                "INSERT INTO plain.families SELECT max(family) + 1, %(code)s, %(on)s FROM plain.families"
                " HAVING count(*) FILTER (WHERE lower(code) = %(code)s) = 0",
                {"code": workload.flagged_family, "on": workload.flagged_family in on},
            )
            connection.execute(
                "INSERT INTO plain.workloads SELECT max(workload) + 1, upper(%(code)s) FROM plain.workloads"
                " HAVING count(*) FILTER (WHERE lower(code) = %(code)s) = 0",
                {"code": code},
            )
            connection.execute(
                "UPDATE plain.workloads SET unlicensed_family = (SELECT family FROM plain.families WHERE lower(code) = %s)"
                " WHERE lower(code) = %s",
                [workload.flagged_family, code],
            )


def folded(row: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(part.casefold() if isinstance(part, str) else part for part in row)


def expected(facts: Facts, partners: Iterable[str], day: date) -> dict[tuple[Any, ...], tuple[int, ...]]:
    found = {}
    for partner in partners:
        for by in ("sku", "family", "all"):
            for seller in ("all", "us"):
                view = partner if seller == "us" else None
                for row in insights(facts, partner, day, by, seller):
                    key = (row["customer_id"], view, by, row["family"], row["sku_id"], row["workload"])
                    found[folded(key)] = tuple(row[name] for name in plain.FIGURES)
    return found


def computed(connection: Connection[Any], day: date) -> dict[tuple[Any, ...], tuple[int, ...]]:
    plain.compute(connection=connection, day=day)
    rows = list(plain.named_figures(connection=connection))
    return {folded((*row[:5], row[5] or "any")): tuple(row[6:]) for row in rows}


def seen(facts: Facts, partners: Iterable[str], day: date) -> set[tuple[str, str | None]]:
    """The (customer, seller view) that somebody may see: of the others the naive reading gives no rows."""
    shown = {
        (customer, partner)
        for customer in facts.customers()
        for partner in partners
        if facts.confirmed_covers(partner, customer, day)
    }
    return shown | {(customer, None) for customer, _ in shown}


@settings(max_examples=10)
@given(history=histories(today=TODAY))
def test_plain_sql_equals_the_naive_reading_of_histories(
    history: History, plain_connection: Connection[Any], tmp_path: Path
) -> None:
    plain_connection.rollback()
    facts = Facts()
    for feed in history.feeds:
        facts.load(feed, today=TODAY)
        history.switches.apply(facts)
    write(tmp_path / "feed", told(facts))
    plain.load(connection=plain_connection, folders=[tmp_path / "feed"])
    switch(plain_connection, facts)
    for day in history.days:
        visible = seen(facts, history.partners, day)
        rows = {key: row for key, row in computed(plain_connection, day).items() if key[:2] in visible}
        assert rows == expected(facts, history.partners, day)
