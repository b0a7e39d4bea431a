"""The reviewed tables beside this module, as data: plans to workloads, SKUs to families, what is free or viral."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

DATA = Path(__file__).parent / "data"
PART_NUMBER, WORKLOAD = "part_number", "workload"
_FLAGS = {"true": True, "false": False}


class TableError(Exception):
    """A reviewed table is at fault; the text names file, line and what was expected."""


@dataclass(frozen=True, kw_only=True)
class FamilyRule:
    """Places a SKU in `family` where its part number fits `pattern` (`*`: anything), or it has that workload."""

    match: str
    pattern: str
    family: str


@dataclass(frozen=True, kw_only=True)
class FamilyRow:
    """A family as it is installed."""

    code: str
    name: str
    in_insights: bool


@dataclass(frozen=True, kw_only=True)
class WorkloadRow:
    """A workload as it is installed. `unlicensed_family` empty: nobody uses it without a licence."""

    code: str
    name: str
    unlicensed_family: str


@dataclass(frozen=True, kw_only=True)
class Tables:
    """All reviewed tables.

    `workload_of`: service plan id -> workload code, or "" for a plan that was looked at and makes none.
    `rules`: the first that fits decides. `telling_names`: patterns of plan names that must not stay unreviewed.
    `free`, `viral`: SKU ids.
    """

    workload_of: dict[UUID, str]
    rules: tuple[FamilyRule, ...]
    telling_names: tuple[str, ...]
    free: frozenset[UUID]
    viral: frozenset[UUID]


@cache
def reviewed_tables() -> Tables:
    """The tables of this version of Seatwise; TableError where one contradicts the others."""
    workloads = {row.code for row in workload_rows()} | {""}
    return Tables(
        workload_of=_workload_plans(workloads),
        rules=tuple(_family_rules({row.code for row in family_rows()}, workloads)),
        telling_names=tuple(row["service_plan_name"].casefold() for _, row in table("telling_names.csv")),
        free=_flagged("free"),
        viral=_flagged("viral"),
    )


def family_rows() -> list[FamilyRow]:
    """The families of a fresh installation."""
    return [
        FamilyRow(code=row["code"], name=row["name"], in_insights=flag("families.csv", line, row["in_insights"]))
        for line, row in table("families.csv")
    ]


def workload_rows() -> list[WorkloadRow]:
    """The workloads of a fresh installation."""
    return [
        WorkloadRow(code=row["code"], name=row["name"], unlicensed_family=row["unlicensed_family"])
        for _, row in table("workloads.csv")
    ]


def table(name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of a data file with their numbers."""
    with (DATA / name).open(encoding="utf-8", newline="") as text:
        rows = csv.DictReader(text, strict=True)
        for row in rows:
            if None in row or None in row.values():
                raise TableError(f"{name}, line {rows.line_num}: expected {len(rows.fieldnames or ())} fields.")
            yield rows.line_num, row


def flag(name: str, line: int, value: str) -> bool:
    """`true` or `false`."""
    if value not in _FLAGS:
        raise TableError(f"{name}, line {line}: {value!r}; expected true or false.")
    return _FLAGS[value]


def table_guid(name: str, line: int, value: str) -> UUID:
    """The GUID in a data file, which has it in its plain form."""
    try:
        return UUID(value)
    except ValueError as error:
        raise TableError(f"{name}, line {line}: {value!r}; expected a GUID.") from error


def _workload_plans(workloads: set[str]) -> dict[UUID, str]:
    name, plans = "workload_plans.csv", dict[UUID, str]()
    for line, row in table(name):
        plan = table_guid(name, line, row["service_plan_id"])
        if plan in plans:
            raise TableError(f"{name}, line {line}: {plan} stands above already.")
        plans[plan] = _one_of(name, line, row["workload"], workloads)
    return plans


def _family_rules(families: set[str], workloads: set[str]) -> Iterator[FamilyRule]:
    name = "family_rules.csv"
    for line, row in table(name):
        match = _one_of(name, line, row["match"], {PART_NUMBER, WORKLOAD})
        pattern = row["pattern"] if match == PART_NUMBER else _one_of(name, line, row["pattern"], workloads)
        family = _one_of(name, line, row["family"], families)
        yield FamilyRule(match=match, pattern=pattern.casefold(), family=family)


def _flagged(column: str) -> frozenset[UUID]:
    name = "free_and_viral.csv"
    return frozenset(
        table_guid(name, line, row["sku_id"]) for line, row in table(name) if flag(name, line, row[column])
    )


def _one_of(name: str, line: int, value: str, allowed: set[str]) -> str:
    if value not in allowed:
        raise TableError(f"{name}, line {line}: {value!r}; expected one of {', '.join(sorted(allowed))}.")
    return value
