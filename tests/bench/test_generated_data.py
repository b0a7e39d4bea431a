"""The generated data set: its shape, that it repeats, and bench/plain.sql over it against the naive reading."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection

from bench import plain
from bench.generate import Manifest, cached, generate, latest_tuesday
from tests.naive.feed import Facts
from tests.naive.metrics import insights

DAY = dt.date(2026, 11, 17)
TODAY = dt.date(2026, 11, 20)
SIZE = 1500
KEY = ("customer_id", "family", "sku_id", "workload")


@pytest.fixture(scope="module")
def data_set(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    folder = tmp_path_factory.mktemp("bench")
    return folder, generate(folder=folder, size=SIZE, day=DAY)


@pytest.fixture(scope="module")
def facts(data_set: tuple[Path, Manifest]) -> Facts:
    known = Facts()
    for part in ("base", "day"):
        report = known.load(
            {p.name: p.read_text(encoding="utf-8") for p in (data_set[0] / part).iterdir()}, today=TODAY
        )
        assert report.exit_status == 0
    return known


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def naive_rows(facts: Facts, partners: list[str], day: dt.date) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """The rows of plain.figures by (customer, seller view, scope, family, SKU, workload), out of the naive reading."""
    found = {}
    for partner in partners:
        for by in ("sku", "family", "all"):
            for seller in ("all", "us"):
                for row in insights(facts, partner, day, by, seller):
                    key = (
                        row["customer_id"],
                        partner if seller == "us" else None,
                        by,
                        row["family"],
                        row["sku_id"],
                        row["workload"],
                    )
                    found[key] = tuple(row[name] for name in plain.FIGURES)
    return found


@pytest.mark.parametrize("days_back", [0, 9, 26])
def test_plain_sql_equals_the_naive_reading(
    data_set: tuple[Path, Manifest], facts: Facts, plain_connection: Connection[Any], days_back: int
) -> None:
    day = DAY - dt.timedelta(days_back)
    plain.load(connection=plain_connection, folders=[data_set[0] / "base", data_set[0] / "day"])
    plain.compute(connection=plain_connection, day=day)
    found = {(*row[:5], row[5] or "any"): tuple(row[6:]) for row in plain.named_figures(connection=plain_connection)}
    partners = [row["partner_id"] for row in rows_of(data_set[0] / "base" / "partners.csv")]
    assert found == naive_rows(facts, partners, day)


def test_same_arguments_give_the_same_bytes(data_set: tuple[Path, Manifest], tmp_path: Path) -> None:
    generate(folder=tmp_path, size=SIZE, day=DAY)
    written = sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*.csv"))
    assert len(written) == 9
    assert [p for p in written if (tmp_path / p).read_bytes() != (data_set[0] / p).read_bytes()] == []


def test_manifest_counts_what_was_written(data_set: tuple[Path, Manifest]) -> None:
    folder, manifest = data_set
    periods = rows_of(folder / "base" / "entitlements.csv")
    assert manifest.customers == len(rows_of(folder / "base" / "customers.csv"))
    assert manifest.activity_lines == len(rows_of(folder / "base" / "activity.csv"))
    assert manifest.day_lines == len(rows_of(folder / "day" / "activity.csv"))
    assert manifest.entitlements == len({(row["subscription_id"], row["user_id"]) for row in periods})


def test_the_day_is_apart_from_the_base(data_set: tuple[Path, Manifest]) -> None:
    assert {row["day"] for row in rows_of(data_set[0] / "day" / "activity.csv")} == {DAY.isoformat()}
    days = {row["day"] for row in rows_of(data_set[0] / "base" / "activity.csv")}
    assert days == {(DAY - dt.timedelta(back)).isoformat() for back in range(1, 31)}


def test_cached_data_set_is_generated_once(tmp_path: Path) -> None:
    first = cached(folder=tmp_path, size=500, today=TODAY)
    stamp = (tmp_path / "base" / "activity.csv").stat().st_mtime_ns
    assert cached(folder=tmp_path, size=500, today=TODAY) == first
    assert (tmp_path / "base" / "activity.csv").stat().st_mtime_ns == stamp


@pytest.mark.parametrize("today", [dt.date(2026, 11, 18), dt.date(2026, 11, 21), dt.date(2026, 11, 24)])
def test_the_as_of_date_is_the_latest_tuesday_before_today(today: dt.date) -> None:
    assert latest_tuesday(today=today) == dt.date(2026, 11, 17)
