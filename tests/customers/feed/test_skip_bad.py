"""--skip-bad: good lines load, bad ones are written out in the same form."""

from __future__ import annotations

import csv

import pytest

from customers.feed.faults import Fault
from customers.feed.reader import LINE_LIMIT
from customers.models import Activity, Customer, CustomerProfile
from customers.services.feed import load_feed
from tests.customers.feed.conftest import FABRIKAM, SUBSCRIPTIONS, TAILSPIN, TODAY, Feeds, version

HEADER = "customer_id,user_id,service,day\n"


def rows(feeds: Feeds, name: str) -> list[list[str]]:
    text = (feeds.rejected / f"{name}.rejected.csv").read_bytes().decode("utf-8", "surrogateescape")
    return list(csv.reader(text.splitlines(keepends=True)))


def test_rejected_file_has_the_same_form_and_the_error(world: Feeds) -> None:
    text = f'\ufeffNote, Customer_ID ,name,domain,country\nkeep,x ,"a\nb",d,IT\n,{FABRIKAM},F,f.com, XY\n,{FABRIKAM},F,f.com,IT\n'
    assert world.counts("customers.csv", text, skip_bad=True) == (0, 1, 0, 0, 2)
    assert rows(world, "customers.csv") == [
        ["Note", " Customer_ID ", "name", "domain", "country", "error"],
        ["keep", "x ", "a\nb", "d", "IT",
         "customers.csv, line 2, column customer_id: “x” is not a GUID; expected 32 hexadecimal digits, bare or as 8-4-4-4-12."],
        ["", FABRIKAM, "F", "f.com", " XY",
         "customers.csv, line 4, column country: “XY” is not a country; expected a two-letter code of ISO 3166-1."],
    ]  # fmt: skip


def test_rejected_file_loads_again_and_keeps_one_error_column(world: Feeds) -> None:
    bad = "customer_id,name,domain,country\nx,A,a.com,IT\n"
    world.counts("customers.csv", bad, skip_bad=True)
    again = (world.rejected / "customers.csv.rejected.csv").read_bytes()
    assert world.counts("customers.csv", again, skip_bad=True) == (0, 0, 0, 0, 1)
    assert (world.rejected / "customers.csv.rejected.csv").read_bytes() == again
    assert world.counts("customers.csv", again.replace(b"\nx,", f"\n{TAILSPIN[:-1]}8,".encode())) == (1, 0, 0, 0, 0)
    assert Customer.objects.count() == 4


def test_rejected_lines_keep_their_bytes_and_all_their_fields(world: Feeds) -> None:
    lines = [b"a\xff,b,c,d", b"a,b", b"a,b,c,d,e", b'a,"b"c,d,e', b"a\0,b,c,d"]
    world.load({"activity.csv": HEADER.encode() + b"\n".join(lines)}, skip_bad=True)
    found = [[*row[:4], *row[5:]] for row in rows(world, "activity.csv")[1:]]
    assert found == [
        ["a\udcff", "b", "c", "d"],
        ["a", "b", "", ""],
        ["a", "b", "c", "d", "e"],
        ["a", "bc", "d", "e"],
        ["a\0", "b", "c", "d"],
    ]


def test_nothing_is_written_when_nothing_is_refused(world: Feeds) -> None:
    report = world.load({"activity.csv": HEADER + f"{FABRIKAM},ann,EXO,2026-11-01\n"}, skip_bad=True)
    assert (report.refused, report.files[0].rejected, list(world.rejected.iterdir())) == (False, "", [])


def test_rejected_file_of_before_is_kept_with_a_number(world: Feeds) -> None:
    told = [
        world.load({"activity.csv": HEADER + f"{value},ann,EXO,2026-11-01\n"}, skip_bad=True).files[0].rejected
        for value in ("x", "y", "z")
    ]
    assert set(told) == {str(world.rejected / "activity.csv.rejected.csv")}
    names = ["activity.csv.rejected.1.csv", "activity.csv.rejected.2.csv", "activity.csv.rejected.csv"]
    assert [(world.rejected / name).read_text().splitlines()[1][0] for name in names] == ["x", "y", "z"]


def test_rejected_file_that_cannot_be_written_refuses_the_file(world: Feeds) -> None:
    source = world.write({"activity.csv": HEADER + f"x,ann,EXO,2026-11-01\n{FABRIKAM},ann,EXO,2026-11-01\n"})
    missing = world.folder / "missing"
    [file] = load_feed(source=source, stated_by=None, skip_bad=True, rejected=missing, today=TODAY).files
    assert file.refusal == f"The refused lines can't be written to {missing}: No such file or directory."
    assert Activity.objects.count() == 0


def test_lone_carriage_return_survives_the_rejected_file(world: Feeds) -> None:
    text = 'customer_id,name,domain,country\nx,"a\rb",a.com,IT\n'
    world.counts("customers.csv", text, skip_bad=True)
    again = (world.rejected / "customers.csv.rejected.csv").read_bytes().replace(b'"x"', TAILSPIN.encode())
    assert world.counts("customers.csv", again) == (0, 1, 0, 0, 0)
    assert CustomerProfile.objects.get(domain="a.com").name == "a\rb"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("activity.csv", HEADER + "{long}\n" + f"{FABRIKAM},ann,EXO,2026-11-01\nx,ann,EXO,2026-11-01\n"),
        ("customers.csv", "customer_id,name,domain,country\n{long}\n" + f"{TAILSPIN},T,t.com,IT\nx,T,t.com,IT\n"),
    ],
)
@pytest.mark.parametrize("long", ["a" * 2_500_000, '"a",' * 600_000, "x," * LINE_LIMIT])
def test_line_too_long_is_bad_and_the_next_ones_count_on(world: Feeds, name: str, text: str, long: str) -> None:
    report = world.load({name: text.replace("{long}", long)}, skip_bad=True)
    assert [(bad.line, bad.fault) for bad in report.bad()] == [(2, Fault.LONG_LINE), (4, Fault.GUID)]
    counts = report.files[0].counts
    assert counts.new + counts.changed == 1


def test_bad_line_gives_way_to_an_earlier_good_one(world: Feeds) -> None:
    lines = version("S1") + version("S1", quantity=-1) + version("S1", seller="external")
    assert world.counts("subscriptions.csv", SUBSCRIPTIONS + lines, skip_bad=True) == (1, 0, 0, 0, 1)
    lines = version("S2") + version("S2", day="2026-02-01") + version("S2", seller="external")
    assert world.counts("subscriptions.csv", SUBSCRIPTIONS + lines, skip_bad=True) == (2, 0, 0, 0, 1)


def test_all_files_load_however_many_lines_are_bad(world: Feeds) -> None:
    files = {
        "customers.csv": "customer_id,name,domain,country\nx,A,a.com,IT\n",
        "activity.csv": HEADER + "x,y,z,w\n" * 250,
    }
    report = world.load(files, skip_bad=True)
    assert [(file.loaded, file.counts.refused, len(file.bad)) for file in report.files] == [
        (True, 1, 1),
        (True, 250, 100),
    ]
    assert (report.refused, len(report.bad())) == (True, 100)
    assert len(rows(world, "activity.csv")) == 251
