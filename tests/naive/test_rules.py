"""The naive loader's own corner rules: feed.md with the operator's rights."""

from datetime import date

import pytest

from tests.naive.checks import first_kept_day
from tests.naive.feed import Facts
from tests.naive.small import (
    ACTIVITY,
    COVERAGE,
    CRM,
    E3,
    ONE,
    OTHER,
    PERIOD,
    RELATIONSHIP,
    TODAY,
    TWO,
    US,
    VERSION,
    bad_line,
    csv,
    load,
    state,
    tally,
    version,
    world,
)  # fmt: skip
from tests.naive.values import BadCellError, guid, opaque

CUSTOMER = "customer_id,name,domain,country"


DIGITS, DASHED = "ABCDEF00000000000000000000000001", "ABCDEF00-0000-0000-0000-000000000001"


@pytest.mark.parametrize("cell", [DIGITS, DIGITS.lower(), f"{{{DIGITS}}}", DASHED, DASHED.lower(), f"{{{DASHED}}}"])
def test_guid_forms_are_the_same(cell: str) -> None:
    assert guid(cell) == opaque(cell) == DASHED.lower()


@pytest.mark.parametrize(
    "cell", ["{" + "a" * 32, "a" * 32 + "}", "{{" + "a" * 32 + "}}", "a" * 31, "a" * 8 + "-" + "a" * 24]
)
def test_guid_other_forms_are_none(cell: str) -> None:
    assert opaque(cell) == cell
    with pytest.raises(BadCellError):
        guid(cell)


def test_ids_fold_case_and_white_space() -> None:
    facts = world()
    report = state(
        facts, "entitlements.csv", PERIOD, " s ,STRASSE,2026-01-01,,Entitled", "S,\u00a0straße ,2026-01-01,,entitled"
    )
    assert tally(report) == (1, 0, 0, 0, 0, 0)
    report = state(
        facts, "activity.csv", ACTIVITY, f"{{{ONE.upper()}}},ann,odb,2026-06-01", f"{ONE},ANN,SPO,2026-06-01"
    )
    assert tally(report) == (1, 0, 0, 0, 0, 0)


def test_layout_bom_crlf_quotes_blank_lines_and_columns() -> None:
    facts = world()
    text = f'\ufeffDAY, Service,"user_id",customer_id,else\r\n\r\n \u00a0\r\n2026-06-01,exo,"a\r\nb",{ONE},x\r\n,,,\r\n'
    report = facts.load({"activity.csv": text.encode()}, TODAY)["activity.csv"]
    assert (report.unknown_columns, report.outcome) == (["else"], "refused")
    assert report.bad == [(6, None, None)]
    report = facts.load({"activity.csv": text.replace(",,,\r\n", ",,,,\r\n")}, TODAY)["activity.csv"]
    assert report.bad == [(6, "customer_id", "")]


@pytest.mark.parametrize(
    "text", ["", " \n\n", "customer_id,user_id,service\n", "customer_id,user_id,service,day,Day\n"]
)
def test_file_bad_as_a_whole(text: str) -> None:
    facts = world()
    report = facts.load({"activity.csv": text, "coverage.csv": csv(COVERAGE)}, TODAY, skip_bad=True)
    assert [each.outcome for each in report.files] == ["refused", "not reached"]
    assert report.exit_status == 1


def test_first_refused_file_ends_the_load() -> None:
    facts = world()
    files: dict[str, str | bytes] = {
        "coverage.csv": csv(COVERAGE, f"{ONE},*,2026-06-01"),
        "entitlements.csv": csv(PERIOD, "S,ann,2026-01-01,,entitled", "T,ann,2026-01-01,,entitled"),
        "subscriptions.csv": csv(VERSION, version("U")),
    }
    report = facts.load(files, TODAY)
    outcomes = [(each.name, each.outcome) for each in report.files]
    assert outcomes == [
        ("subscriptions.csv", "loaded"),
        ("entitlements.csv", "refused"),
        ("coverage.csv", "not reached"),
    ]
    assert report["entitlements.csv"].bad == [(3, "subscription_id", "T")]
    assert facts.statements["entitlements.csv"] == {}
    skipped = facts.load(files, TODAY, skip_bad=True)
    assert [each.outcome for each in skipped.files] == ["loaded", "loaded", "loaded"]
    assert tally(skipped["entitlements.csv"]) == (1, 0, 0, 0, 1, 0)
    assert skipped["entitlements.csv"].rejected == [["T", "ann", "2026-01-01", "", "entitled"]]


def test_last_line_of_a_key_wins_and_counts_once() -> None:
    facts = world()
    lines = ("S,ann,2026-01-01,2026-02-01,cancelled", "S,ann,2026-01-01,,entitled")
    assert tally(state(facts, "entitlements.csv", PERIOD, *lines)) == (1, 0, 0, 0, 0, 0)
    assert facts.periods("s") == [("ann", "entitled", date(2026, 1, 1), None)]
    assert tally(state(facts, "entitlements.csv", PERIOD, *lines)) == (0, 0, 1, 0, 0, 0)


def test_missing_optional_column_leaves_and_empty_cell_blanks() -> None:
    facts = world()
    state(facts, "entitlements.csv", PERIOD, "S,ann,2026-01-01,2026-02-01,entitled")
    short = "subscription_id,user_id,from,state"
    assert tally(state(facts, "entitlements.csv", short, "S,ann,2026-01-01,entitled")) == (0, 0, 1, 0, 0, 0)
    assert tally(state(facts, "entitlements.csv", short, "S,ann,2026-01-01,cancelled")) == (0, 1, 0, 0, 0, 0)
    assert facts.periods("s") == [("ann", "cancelled", date(2026, 1, 1), date(2026, 2, 1))]
    state(facts, "entitlements.csv", PERIOD, "S,ann,2026-01-01,,cancelled")
    assert facts.periods("s") == [("ann", "cancelled", date(2026, 1, 1), None)]


def test_kept_end_counts_for_overlaps() -> None:
    facts = world()
    state(facts, "entitlements.csv", PERIOD, "S,ann,2026-01-01,2026-02-01,entitled")
    short = "subscription_id,user_id,from,state"
    state(facts, "entitlements.csv", short, "S,ann,2026-01-01,entitled", "S,ann,2026-02-01,entitled")
    assert bad_line(facts, "entitlements.csv", short, "S,ann,2026-01-31,entitled") == "from"


def test_retract_reads_the_key_alone() -> None:
    facts = world()
    header = f"{PERIOD},retract"
    state(facts, "entitlements.csv", PERIOD, "S,ann,2026-01-01,,entitled")
    report = state(facts, "entitlements.csv", header, "S,ann,2026-01-01,junk,,TRUE", "nobody,bob,2026-01-01,,,true")
    assert tally(report) == (0, 0, 1, 1, 0, 0)
    assert bad_line(facts, "entitlements.csv", header, "S,ann,2026-13-01,,,true") == "from"
    assert bad_line(facts, "entitlements.csv", header, "S,ann,2026-01-01,,entitled,yes") == "retract"
    assert bad_line(facts, "customers.csv", f"{CUSTOMER},retract", f"{ONE},One,one,IT,true") == "retract"
    for nothing in (f"{US},a,EXO,2026-06-01,true", f"{ONE},a,NOPE,2026-06-01,true"):
        assert tally(state(facts, "activity.csv", f"{ACTIVITY},retract", nothing)) == (0, 0, 1, 0, 0, 0)


def test_last_version_retracted_takes_the_periods() -> None:
    facts = world()
    state(facts, "entitlements.csv", PERIOD, "S,ann,2026-01-01,,entitled")
    header = f"{VERSION},retract"
    moved = state(facts, "subscriptions.csv", header, version("S") + ",true", version("S", "2026-01-02") + ",")
    assert tally(moved) == (1, 0, 0, 1, 0, 0)
    assert len(facts.periods("s")) == 1
    assert tally(state(facts, "subscriptions.csv", header, "S,2026-01-02,,,,,,,true")) == (0, 0, 0, 1, 0, 0)
    assert facts.statements["entitlements.csv"] == {}
    assert bad_line(facts, "entitlements.csv", PERIOD, "S,ann,2026-01-01,,entitled") == "subscription_id"
    state(facts, "subscriptions.csv", VERSION, version("S", customer=TWO, seller=OTHER))


def test_overlap_is_checked_after_the_whole_file() -> None:
    facts = world()
    state(facts, "entitlements.csv", PERIOD, "S,ann,2026-01-01,,entitled")
    state(facts, "entitlements.csv", PERIOD, "S,ann,2026-03-01,,cancelled", "S,ann,2026-01-01,2026-03-01,entitled")
    assert bad_line(facts, "entitlements.csv", PERIOD, "S,ann,2026-02-28,2026-03-01,cancelled") == "from"
    assert bad_line(facts, "entitlements.csv", PERIOD, "S,ann,2025-02-28,2025-02-28,cancelled") == "to"
    assert bad_line(facts, "relationships.csv", RELATIONSHIP, f"{US},{ONE},2026-01-01,") == "from"
    state(facts, "relationships.csv", RELATIONSHIP, f"{US},{TWO},2026-01-01,")


def test_contradictions_lowest_line_first() -> None:
    facts = world()
    lines = (
        "S,ann,2026-01-01,2026-01-10,entitled",  # 2: good
        "S,ann,2026-01-05,2026-01-20,entitled",  # 3: overlaps 2
        "S,ann,2026-01-15,2026-01-30,entitled",  # 4: overlaps only 3, which counts as absent, so it is good
        "S,bob,2026-01-01,2026-01-10,entitled",  # 5: good at last
        "S,bob,2026-01-05,2026-01-20,entitled",  # 6: overlaps 8, which replaces 5; then, 8 being bad, 5: bad
        "S,bob,2026-01-15,2026-01-30,entitled",  # 7: overlaps 6 while that still stands: the first to be bad
        "S,bob,2026-01-01,2026-01-20,entitled",  # 8: overlaps 6 while that still stands: bad, and 5 holds again
    )
    report = load(facts, "entitlements.csv", PERIOD, *lines, skip_bad=True)
    assert [line for line, *_ in report.bad] == [3, 6, 7, 8]
    assert tally(report) == (3, 0, 0, 0, 4, 0)


def test_contradiction_with_a_record_that_a_good_line_replaces() -> None:
    facts = world()
    state(facts, "entitlements.csv", PERIOD, "S,ann,2026-01-01,,entitled")
    lines = ("S,ann,2026-02-01,,entitled", "S,ann,2026-01-01,2026-02-01,entitled", "S,bob,2026-01-01,x,entitled")
    report = load(facts, "entitlements.csv", PERIOD, *lines, skip_bad=True)
    assert report.bad == [(4, "to", "x")]
    assert tally(report) == (1, 1, 0, 0, 1, 0)
    lines = ("S,cat,2026-02-01,,entitled", "S,cat,2026-01-01,2026-02-01x,entitled")
    state(facts, "entitlements.csv", PERIOD, "S,cat,2026-01-01,,entitled")
    report = load(facts, "entitlements.csv", PERIOD, *lines, skip_bad=True)
    assert report.bad == [(2, "from", "2026-02-01"), (3, "to", "2026-02-01x")]


def test_customer_and_seller_for_life() -> None:
    facts = world()
    for change in (version("S", "2026-02-01", customer=TWO), version("S", "2025-02-01", seller="external")):
        assert bad_line(facts, "subscriptions.csv", VERSION, change) in ("customer_id", "seller")
    state(facts, "subscriptions.csv", VERSION, version("S", "2026-02-01", sku=CRM))
    lines = (version("T"), version("T", "2025-01-01", seller=OTHER), version("T", seller=OTHER))
    assert tally(state(facts, "subscriptions.csv", VERSION, *lines)) == (2, 0, 0, 0, 0, 0)
    lines = (version("U"), version("U", "2025-01-01", seller=OTHER), version("U", customer=TWO))
    report = load(facts, "subscriptions.csv", VERSION, *lines, skip_bad=True)
    assert report.bad == [(3, "seller", OTHER), (4, "customer_id", TWO)]


def test_sku_creates_family_and_workload_switched_off() -> None:
    facts = world()
    assert not facts.families["vis"].on
    header = "sku_id,part_number,name,family,workloads"
    state(facts, "skus.csv", header, f"{E3},E3,E3,O365, exo ; odb;New")
    assert facts.stated("skus.csv", (E3,))["operator"]["workloads"] == {"exo", "spo", "new"}
    assert facts.workloads["new"].flagged_family is None
    assert "odb" not in facts.workloads
    state(facts, "activity.csv", ACTIVITY, f"{ONE},ann,NEW,2026-06-01")


def test_retention_and_today() -> None:
    assert first_kept_day(date(2026, 6, 30)) == date(2024, 5, 30)
    assert first_kept_day(date(2026, 3, 31)) == date(2024, 2, 29)
    assert first_kept_day(date(2026, 1, 15)) == date(2023, 12, 15)
    facts = world()
    lines = (f"{ONE},a,EXO,2024-05-29", f"{ONE},a,EXO,2024-05-30", f"{ONE},a,EXO,2026-06-30")
    assert tally(state(facts, "activity.csv", ACTIVITY, *lines)) == (2, 0, 0, 0, 0, 1)
    assert bad_line(facts, "activity.csv", ACTIVITY, f"{ONE},a,EXO,2026-07-01") == "day"
    assert bad_line(facts, "coverage.csv", COVERAGE, f"{TWO},*,2026-07-01") == "day"
    assert bad_line(facts, "activity.csv", ACTIVITY, f"{US},a,EXO,2020-01-01") == "customer_id"
    assert bad_line(facts, "activity.csv", ACTIVITY, f"{ONE},a,*,2026-06-01") == "service"


@pytest.mark.parametrize(
    ("column", "line"),
    [
        ("effective_on", version("T", "20260101")),
        ("customer_id", version("T", customer=US)),
        ("seller", version("T", seller=ONE)),
        ("sku_id", version("T", sku=US)),
        ("status", version("T", status="lapsed")),
        ("status", version("T", status="")),
        ("is_trial", version("T", trial="1")),
        ("quantity", version("T").replace(",5,", ",-1,")),
        ("quantity", version("T").replace(",5,", ",٣,")),
        ("quantity", version("T", quantity=2147483648)),
        ("", version("T", quantity=2147483647)),
        ("subscription_id", version("x" * 257)),
        ("", version("x" * 256)),
        (None, version("T") + ",x"),
    ],
)
def test_bad_cells(column: str | None, line: str) -> None:
    assert bad_line(world(), "subscriptions.csv", VERSION, line) == column


def test_initial_catalogue() -> None:
    facts = Facts()
    assert {code for code, family in facts.families.items() if family.on} == {"o365", "crm"}
    assert [each.code for each in facts.workloads.values()] == ["EXO", "SPO", "TEAMS", "YAM", "SFB", "PROPLUS", "CRM"]
    assert {each.code: each.flagged_family for each in facts.workloads.values() if each.flagged_family} == {
        "YAM": "o365"
    }
