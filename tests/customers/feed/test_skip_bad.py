"""--skip-bad: good lines load, bad ones are written out in the same form."""

from __future__ import annotations

import csv

from customers.models import Customer
from tests.customers.feed.conftest import FABRIKAM, SUBSCRIPTIONS, TAILSPIN, Feeds, version

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


def test_rejected_file_is_overwritten(world: Feeds) -> None:
    for value in ("x", "y"):
        world.counts("activity.csv", HEADER + f"{value},ann,EXO,2026-11-01\n", skip_bad=True)
    assert [row[0] for row in rows(world, "activity.csv")] == ["customer_id", "y"]


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
