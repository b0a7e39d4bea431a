"""activity.csv and coverage.csv: bits, sources, retractions, retention."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from customers.feed.lookup import first_kept_day
from customers.models import ActivityStatement, CoverageStatement, Person
from partners.models import Partner
from tests.customers.feed import reading
from tests.customers.feed.conftest import BETA, CONTOSO, FABRIKAM, TAILSPIN, Feeds

HEADER = "customer_id,user_id,service,day\n"
RETRACT = "customer_id,user_id,service,day,retract\n"
ANN = f"{FABRIKAM},ann,EXO,2026-11-01\n"
COVERAGE = "customer_id,service,day\n"


def retracting(line: str, flag: str = "true") -> str:
    return f"{line.strip()},{flag}\n"


def test_activity_is_stored_once_however_often_said(world: Feeds) -> None:
    assert world.counts("activity.csv", HEADER + ANN + ANN.replace("ann", " ANN ").replace("EXO", "exo")) == (
        1,
        0,
        0,
        0,
        0,
    )
    assert world.counts("activity.csv", HEADER + ANN) == (0, 0, 1, 0, 0)
    assert reading.activity() == {("ann", "EXO", "2026-11-01", 0)}
    assert [person.user_id for person in Person.objects.all()] == ["ann"]


def test_onedrive_is_sharepoint(world: Feeds) -> None:
    world.counts("activity.csv", HEADER + ANN.replace("EXO", "odb") + ANN.replace("EXO", "SPO"))
    assert reading.activity() == {("ann", "SPO", "2026-11-01", 0)}


def test_same_user_in_two_customers_is_two_people(world: Feeds) -> None:
    assert world.counts("activity.csv", HEADER + ANN + ANN.replace(FABRIKAM, CONTOSO)) == (2, 0, 0, 0, 0)
    assert Person.objects.count() == 2


def test_people_are_numbered_by_first_line_and_never_again(world: Feeds) -> None:
    world.counts("activity.csv", HEADER + "".join(ANN.replace("ann", f"u{n}") for n in range(70)))
    world.counts("activity.csv", HEADER + ANN.replace("ann", "later") + ANN.replace("ann", "u3"))
    assert list(Person.objects.order_by("number").values_list("number", "key")) == [
        *((n, f"u{n}") for n in range(70)),
        (70, "later"),
    ]
    assert len(reading.activity()) == 71


def test_guid_as_user_is_one_in_every_form(world: Feeds) -> None:
    digits = "ABCDEF0123456789ABCDEF0123456789"
    hyphens = "abcdef01-2345-6789-abcd-ef0123456789"
    forms = [
        digits,
        digits.lower(),
        hyphens,
        hyphens.upper(),
        "{" + hyphens + "}",
        "{" + digits + "}",
        f"\u00a0{hyphens}\u00a0",
    ]
    assert world.counts("activity.csv", HEADER + "".join(ANN.replace("ann", form) for form in forms)) == (1, 0, 0, 0, 0)
    assert [person.key for person in Person.objects.all()] == [hyphens]


@pytest.mark.parametrize("written", ["back\\slash", "Straße", "with space", "ÅSA@FABRIKAM.COM", "{not-a-guid}", "x\\N"])
def test_user_is_kept_as_written_and_compares_folded(world: Feeds, written: str) -> None:
    world.counts("activity.csv", HEADER + ANN.replace("ann", written))
    assert list(Person.objects.values_list("user_id", "key")) == [(written, written.casefold())]


def test_user_with_tab_and_line_break_is_kept(world: Feeds) -> None:
    world.counts("activity.csv", HEADER + ANN.replace("ann", '"a\tb\nc"'))
    assert list(Person.objects.values_list("user_id", "key")) == [("a\tb\nc", "a\tb\nc")]


def test_last_line_of_a_key_wins(world: Feeds) -> None:
    both = [retracting(ANN, ""), retracting(ANN)]
    assert world.counts("activity.csv", RETRACT + "".join(both)) == (0, 0, 1, 0, 0)
    assert reading.activity() == set()
    assert Person.objects.count() == 0
    assert world.counts("activity.csv", RETRACT + "".join(reversed(both))) == (1, 0, 0, 0, 0)
    assert reading.activity() == {("ann", "EXO", "2026-11-01", 0)}


def test_retraction_reads_the_key_and_knows_nothing_unknown(world: Feeds) -> None:
    world.counts("activity.csv", HEADER + ANN)
    unknown = [
        ANN.replace(FABRIKAM, BETA),
        ANN.replace("EXO", "NOPE"),
        ANN.replace("2026", "2027"),
        ANN.replace("ann", "bob"),
    ]
    assert world.counts("activity.csv", RETRACT + "".join(map(retracting, unknown))) == (0, 0, 4, 0, 0)
    assert world.counts("activity.csv", RETRACT + retracting(ANN)) == (0, 0, 0, 1, 0)
    assert reading.activity() == set()
    assert world.faults("activity.csv", RETRACT + retracting(ANN.replace("11-01", "11-31"))) == [
        "activity.csv, line 2, column day: “2026-11-31” is not a day; expected YYYY-MM-DD."
    ]


def test_activity_stays_until_every_source_has_retracted_it(world: Feeds) -> None:
    alpha, beta = (Partner.objects.get(slug=slug).pk for slug in ("alpha", "beta"))
    for partner in ("alpha", "beta"):
        assert world.counts("activity.csv", HEADER + ANN, partner=partner) == (1, 0, 0, 0, 0)
    assert world.counts("activity.csv", RETRACT + retracting(ANN), partner="alpha") == (0, 0, 0, 1, 0)
    assert reading.activity() == {("ann", "EXO", "2026-11-01", beta)}
    assert world.counts("activity.csv", RETRACT + retracting(ANN), partner="alpha") == (0, 0, 1, 0, 0)
    world.counts("activity.csv", HEADER + ANN, partner="alpha")
    assert {row[-1] for row in reading.activity()} == {alpha, beta}


def test_operator_retracts_what_anybody_stated(world: Feeds) -> None:
    for partner in ("alpha", "beta"):
        world.counts("activity.csv", HEADER + ANN + ANN.replace("ann", "bob"), partner=partner)
        world.counts("coverage.csv", COVERAGE + f"{FABRIKAM},*,2026-11-01\n", partner=partner)
    reading.forget_stale()
    assert world.counts("activity.csv", RETRACT + retracting(ANN)) == (0, 0, 0, 1, 0)
    assert {row[0] for row in reading.activity()} == {"bob"}
    assert reading.stale() == {"1": (1, "{[2026-11-01,2026-11-29)}")}
    assert world.counts("coverage.csv", COVERAGE.strip() + f",retract\n{FABRIKAM},*,2026-11-01,true\n") == (
        0,
        0,
        0,
        1,
        0,
    )
    assert reading.coverage() == set()


def test_operators_retraction_withdraws_its_own_first(world: Feeds) -> None:
    alpha = Partner.objects.get(slug="alpha").pk
    bob = ANN.replace("ann", "bob")
    star = f"{FABRIKAM},*,2026-11-01\n"
    world.counts("activity.csv", HEADER + ANN + bob, partner="alpha")
    world.counts("activity.csv", HEADER + ANN)
    for partner in ("alpha", None):
        world.counts("coverage.csv", COVERAGE + star, partner=partner)
    assert world.counts("activity.csv", RETRACT + retracting(ANN) + retracting(bob)) == (0, 0, 0, 2, 0)
    assert reading.activity() == {("ann", "EXO", "2026-11-01", alpha)}
    assert world.counts("coverage.csv", COVERAGE.strip() + ",retract\n" + retracting(star)) == (0, 0, 0, 1, 0)
    assert reading.coverage() == {("*", "2026-11-01", alpha)}
    assert world.counts("activity.csv", RETRACT + retracting(ANN)) == (0, 0, 0, 1, 0)
    assert world.counts("coverage.csv", COVERAGE.strip() + ",retract\n" + retracting(star)) == (0, 0, 0, 1, 0)
    assert (reading.activity(), reading.coverage()) == (set(), set())


def test_statements_keep_all_that_a_load_said(world: Feeds) -> None:
    bob = ANN.replace("ann", "bob")
    world.counts("activity.csv", HEADER + ANN + bob)
    world.counts("activity.csv", RETRACT + retracting(ANN) + retracting(bob, ""))
    assert list(ActivityStatement.objects.order_by("load").values_list("stated", "retracted")) == [(3, 0), (2, 1)]
    world.counts("coverage.csv", COVERAGE + f"{FABRIKAM},EXO,2026-11-01\n{FABRIKAM},EXO,2026-11-03\n")
    assert list(CoverageStatement.objects.values_list("stated", "retracted")) == [(5, 0)]


def test_sixty_fourth_person_is_a_bit_like_any_other(world: Feeds) -> None:
    lines = "".join(ANN.replace("ann", f"u{n:03}") for n in range(128))
    assert world.counts("activity.csv", HEADER + lines) == (128, 0, 0, 0, 0)
    assert world.counts("activity.csv", HEADER + lines) == (0, 0, 128, 0, 0)
    last = [ANN.replace("ann", f"u{n:03}") for n in (63, 127)]
    assert world.counts("activity.csv", RETRACT + "".join(map(retracting, last))) == (0, 0, 0, 2, 0)
    assert len(reading.activity()) == 126


def test_star_of_coverage_is_a_record_of_its_own(world: Feeds) -> None:
    star, exo = f"{FABRIKAM},*,2026-11-01\n", f"{FABRIKAM},EXO,2026-11-01\n"
    assert world.counts("coverage.csv", COVERAGE + star + exo) == (2, 0, 0, 0, 0)
    header = COVERAGE.strip() + ",retract\n"
    assert world.counts("coverage.csv", header + retracting(exo)) == (0, 0, 0, 1, 0)
    assert reading.coverage() == {("*", "2026-11-01", 0)}
    assert world.counts("coverage.csv", header + retracting(exo)) == (0, 0, 1, 0, 0)
    assert world.counts("coverage.csv", header + retracting(star)) == (0, 0, 0, 1, 0)
    assert reading.coverage() == set()


def test_coverage_of_the_last_day_of_a_month(world: Feeds) -> None:
    assert world.counts("coverage.csv", COVERAGE + f"{FABRIKAM},EXO,2026-10-31\n{FABRIKAM},EXO,2026-11-01\n") == (
        2,
        0,
        0,
        0,
        0,
    )
    assert reading.coverage() == {("EXO", "2026-10-31", 0), ("EXO", "2026-11-01", 0)}
    assert reading.stale() == {"1": (1, "{[2026-10-31,2026-11-29)}")}


def test_stale_days_follow_changes_only(world: Feeds) -> None:
    world.counts("activity.csv", HEADER + ANN)
    assert reading.stale() == {"1": (1, "{[2026-11-01,2026-11-29)}")}
    reading.forget_stale()
    world.counts("activity.csv", HEADER + ANN)
    assert reading.stale() == {}


def test_older_than_the_retention_limit_is_skipped_if_good(world: Feeds) -> None:
    old, kept = (ANN.replace("2026-11-01", day) for day in ("2024-10-19", "2024-10-20"))
    report = world.load(
        {"activity.csv": HEADER + old + kept, "coverage.csv": COVERAGE + f"{FABRIKAM},EXO,2024-10-19\n"}
    )
    assert [(file.counts.new, file.counts.skipped) for file in report.files] == [(1, 1), (0, 1)]
    assert (
        "activity.csv: loaded. 1 new, 0 changed, 0 unchanged, 0 retracted, 0 refused, 1 skipped as older than the retention limit."
        in list(report.lines())
    )
    assert world.faults("activity.csv", HEADER + old.replace("EXO", "NOPE")) == [
        "activity.csv, line 2, column service: “NOPE” is not known; expected the code of a known service: CRM, EXO, PROPLUS, SFB, SPO, TEAMS, YAM."
    ]


@pytest.mark.parametrize(
    ("today", "months", "first"),
    [
        (date(2026, 11, 20), 25, date(2024, 10, 20)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 31), 2, date(2025, 11, 30)),
        (date(2026, 1, 5), 1, date(2025, 12, 5)),
    ],
)
def test_first_kept_day_is_months_before_today(today: date, months: int, first: date) -> None:
    assert first_kept_day(today, months) == first


def test_mixed_batches_read_alike(world: Feeds) -> None:
    """Thousands of lines with quotes over batch borders, blank lines and bad ones keep their line numbers."""
    lines = [ANN.replace("ann", f"u{n}") for n in range(9_000)]
    lines[3_999] = f'{FABRIKAM},"quoted\nuser",EXO,2026-11-01\n'
    lines[6_000] = " \t \n"
    lines[8_500] = lines[8_500].replace("2026-11-01", "never")
    lines.append("\r\n")
    report = world.load({"activity.csv": HEADER + "".join(lines)}, skip_bad=True)
    assert [str(bad).split(":", maxsplit=1)[0] for bad in report.bad()] == ["activity.csv, line 8503, column day"]
    assert (report.files[0].counts.new, report.files[0].counts.refused) == (8_998, 1)
    rows = list(csv.reader((world.rejected / "activity.csv.rejected.csv").read_text().splitlines()))
    assert rows[1][:4] == [FABRIKAM, "u8500", "EXO", "never"]


def test_unreached_customer_is_not_known_to_a_partner(world: Feeds) -> None:
    text = HEADER + ANN.replace(FABRIKAM, CONTOSO) + ANN.replace(FABRIKAM, TAILSPIN)
    assert world.faults("activity.csv", text, partner="alpha") == [
        f"activity.csv, line {line}, column customer_id: “{customer}” is not known; expected the customer_id of a known customer."
        for line, customer in ((2, CONTOSO), (3, TAILSPIN))
    ]
    assert world.counts("activity.csv", RETRACT + retracting(ANN.replace(FABRIKAM, CONTOSO)), partner="alpha") == (
        0,
        0,
        1,
        0,
        0,
    )
