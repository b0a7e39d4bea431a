"""bench/plain.sql against both worked examples of metrics.md."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection

from bench import plain

D = dt.date(2026, 3, 31)
US = "00000000-0000-0000-0000-0000000000a1"
THEM = "00000000-0000-0000-0000-0000000000a2"
FABRIKAM = "00000000-0000-0000-0000-0000000000c1"
E3 = "00000000-0000-0000-0000-0000000000e3"
ZERO = dict.fromkeys(plain.FIGURES, 0)
STOCK = {"sold": 6, "blocked": 1, "entitlements": 5, "assigned": 3, "users": 3, "unassigned": 2}

FEED = {
    "partners.csv": f"partner_id,name,slug\n{US},Us,us\n{THEM},Them,them\n",
    "customers.csv": f"customer_id,name,domain,country\n{FABRIKAM},Fabrikam,fabrikam.example,IT\n",
    "skus.csv": f"sku_id,part_number,name,family,workloads\n{E3},ENTERPRISEPACK,Office 365 E3,o365,EXO;SPO;TEAMS;YAM\n",
    "subscriptions.csv": "subscription_id,effective_on,customer_id,seller,sku_id,status,quantity,is_trial\n"
    f"S1,2026-01-01,{FABRIKAM},{US},{E3},active,6,false\n"
    f"S2,2026-01-01,{FABRIKAM},{THEM},{E3},active,3,false\n"
    f"S2,2026-03-20,{FABRIKAM},{THEM},{E3},grace,3,false\n"
    f"S3,2026-01-01,{FABRIKAM},external,{E3},active,25,true\n",
    "entitlements.csv": "subscription_id,user_id,from,state,to\n"
    "S1,ann,2026-01-01,entitled,\n"
    "S1,bob,2026-01-01,entitled,2026-03-15\n"
    "S1,cat,2026-03-15,entitled,\n"
    "S1,dan,2026-01-01,entitled,\n"
    "S1,gus,2026-01-01,entitled,2026-03-20\n"
    "S1,gus,2026-03-20,suspended_nonpayment,\n"
    "S2,eve,2026-01-01,entitled,\n"
    "S3,fay,2026-03-01,entitled,\n",
    "activity.csv": "customer_id,user_id,service,day\n"
    + "".join(
        f"{FABRIKAM},{user},EXO,2026-03-{day}\n"
        for user, day in [("ann", "30"), ("bob", "10"), ("cat", "16"), ("dan", "03"), ("eve", "04"), ("fay", "31")]
    ),
}
ZOE = f"{FABRIKAM},zoe,YAM,2026-03-05\n"

ALL_SELLERS = (
    ZERO
    | STOCK
    | {
        "active_current": 2,
        "active_former": 1,
        "active_lapsed": 1,
        "active_trial": 1,
        "active_users": 5,
        "covered_days": 5,
    }
)
OURS = ZERO | STOCK | {"active_current": 2, "active_former": 1, "active_users": 3, "covered_days": 5}
THEIRS = ZERO | {"active_lapsed": 1, "active_users": 1, "covered_days": 5}
UNUSED = ZERO | STOCK
SCOPES = [("sku", "o365", E3), ("family", "o365", None), ("all", None, None)]


def write_feed(*, folder: Path, files: Mapping[str, str]) -> Path:
    """Write the files of a feed into `folder`."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def rows_of(*, connection: Connection[Any], folder: Path, day: dt.date = D) -> dict[tuple[Any, ...], dict[str, int]]:
    """The rows of plain.figures by (seller view, scope, family, SKU, workload or None for `any`)."""
    plain.load(connection=connection, folders=[folder])
    plain.compute(connection=connection, day=day)
    found = list(plain.named_figures(connection=connection))
    rows = {tuple(row[1:6]): dict(zip(plain.FIGURES, row[6:], strict=True)) for row in found}
    assert len(rows) == len(found)
    return rows


def expected_first() -> dict[tuple[Any, ...], dict[str, int]]:
    """Every row of the first worked example."""
    rows = {}
    for view, used in [(None, ALL_SELLERS), (US, OURS), (THEM, THEIRS)]:
        unused = ZERO if view == THEM else UNUSED
        for scope in SCOPES:
            rows |= {(view, *scope, workload): used for workload in (None, "EXO")}
            rows |= {(view, *scope, workload): unused for workload in ("SPO", "TEAMS", "YAM")}
    return rows


def test_first_worked_example_gives_every_row(tmp_path: Path, plain_connection: Connection[Any]) -> None:
    folder = write_feed(folder=tmp_path, files=FEED)
    assert rows_of(connection=plain_connection, folder=folder) == expected_first()


def test_unlicensed_worked_example_changes_yammer_and_any_only(
    tmp_path: Path, plain_connection: Connection[Any]
) -> None:
    folder = write_feed(folder=tmp_path, files=FEED | {"activity.csv": FEED["activity.csv"] + ZOE})
    expected = expected_first()
    for view, used in [(None, ALL_SELLERS), (US, OURS), (THEM, THEIRS)]:
        for scope in SCOPES:
            expected[view, *scope, None] = used | {"covered_days": 6}
            expected[view, *scope, "YAM"] = (ZERO if view == THEM else UNUSED) | {"covered_days": 1}
    for scope in SCOPES[1:]:
        expected[None, *scope, None] |= {"active_unlicensed": 1, "active_users": 6}
        expected[None, *scope, "YAM"] |= {"active_unlicensed": 1, "active_users": 1}
    assert rows_of(connection=plain_connection, folder=folder) == expected


@pytest.mark.parametrize(
    ("days_after", "row"),
    [(0, "active_current"), (1, "active_lapsed"), (30, "active_lapsed"), (31, "active_lapsed"), (121, "active_lapsed")],
)
def test_ageing_ends_the_class_current_on_the_day_after_the_term(
    tmp_path: Path, plain_connection: Connection[Any], days_after: int, row: str
) -> None:
    term_end = D - dt.timedelta(days=days_after)
    subscriptions = (
        "subscription_id,effective_on,customer_id,seller,sku_id,status,quantity,is_trial,term_end,auto_renew\n"
        f"S1,2025-01-01,{FABRIKAM},{US},{E3},active,6,false,{term_end},false\n"
    )
    entitlements = "subscription_id,user_id,from,state,to\nS1,ann,2026-01-01,entitled,\n"
    folder = write_feed(
        folder=tmp_path, files=FEED | {"subscriptions.csv": subscriptions, "entitlements.csv": entitlements}
    )
    figures = rows_of(connection=plain_connection, folder=folder)[None, "sku", "o365", E3, "EXO"]
    assert {name for name in figures if name.startswith("active_") and figures[name] == 1} == {row, "active_users"}
    assert figures["sold"] == (6 if days_after == 0 else 0)
