"""The reviewed tables agree with one another, and every line of them says why."""

import csv
from fnmatch import fnmatchcase

import pytest

from customers.catalogue.tables import DATA, TableError, family_rows, flag, reviewed_tables, table_guid, workload_rows


@pytest.mark.parametrize(
    "name",
    [
        "workload_plans.csv",
        "family_rules.csv",
        "free_and_viral.csv",
        "telling_names.csv",
        "families.csv",
        "workloads.csv",
    ],
)
def test_every_line_has_a_reason(name: str) -> None:
    with (DATA / name).open(encoding="utf-8", newline="") as text:
        reasons = [row["reason"] for row in csv.DictReader(text)]
    assert reasons
    assert all(reasons)


def test_tables_load_and_agree() -> None:
    tables = reviewed_tables()
    assert {code for code in tables.workload_of.values() if code} == {row.code for row in workload_rows()}
    assert {rule.family for rule in tables.rules} == {row.code for row in family_rows()}
    assert tables.viral < tables.free


def test_every_telling_pattern_fits_a_reviewed_plan() -> None:
    with (DATA / "workload_plans.csv").open(encoding="utf-8", newline="") as text:
        names = [row["service_plan_name"].casefold() for row in csv.DictReader(text)]
    unused = [p for p in reviewed_tables().telling_names if not any(fnmatchcase(name, p) for name in names)]
    assert unused == []


def test_only_office_and_dynamics_are_switched_on() -> None:
    assert [row.code for row in family_rows() if row.in_insights] == ["o365", "crm"]


def test_only_yammer_is_used_without_a_licence() -> None:
    assert [(row.code, row.unlicensed_family) for row in workload_rows() if row.unlicensed_family] == [("YAM", "o365")]


def test_fault_in_a_table_names_file_line_and_expectation() -> None:
    with pytest.raises(TableError, match=r"^skus\.csv, line 7: 'yes'; expected true or false\.$"):
        flag("skus.csv", 7, "yes")
    with pytest.raises(TableError, match=r"^skus\.csv, line 7: 'x'; expected a GUID\.$"):
        table_guid("skus.csv", 7, "x")
