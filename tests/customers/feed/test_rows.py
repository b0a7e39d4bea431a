"""Lines are read column by column where all of them are usual, and one by one where one isn't: with the same result."""

from __future__ import annotations

from itertools import chain

import pytest
from django.db import connection

from customers.models import LoadLines
from tests.customers.feed.conftest import E3, FABRIKAM, Feeds

HEADER = "customer_id,user_id,sku_id,from,state,to\n"
MANY = 9_000
"""More lines than are read, and more than are kept, in one piece."""
USUAL = [
    (f"{FABRIKAM},ann,{E3},2026-01-01,entitled,\n", ("ann", "ann", "entitled", "2026-01-01", None)),
    (f"{FABRIKAM.upper()},Bob, {E3} ,2026-01-01,ENTITLED,2026-02-01\n", ("Bob", "bob", "entitled", "2026-01-01", "2026-02-01")),
    (f"{FABRIKAM},cat\\t,{E3},2026-01-02,cancelled,\r\n", ("cat\\t", "cat\\t", "cancelled", "2026-01-02", None)),
    (f"{FABRIKAM},d\tan,{E3},2026-01-02,upgraded,\n", ("d\tan", "d\tan", "upgraded", "2026-01-02", None)),
    (
        f"{FABRIKAM},{{AAAAAAAA-0000-4000-8000-000000000001}},{E3},2026-01-02,entitled,\n",
        ("{AAAAAAAA-0000-4000-8000-000000000001}", "aaaaaaaa-0000-4000-8000-000000000001", "entitled", "2026-01-02", None),
    ),
]  # fmt: skip
QUOTED = (f'{FABRIKAM},"eve, the ""last""",{E3},2026-01-03,entitled,\n', ("eve", "entitled"))


def held() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.user_id, p.key, h.state, h.valid_from::text, h.valid_to::text FROM customers_holding h"
            " JOIN customers_person p ON p.customer_id = h.customer_id AND p.number = h.person_number ORDER BY p.number"
        )
        return cursor.fetchall()


def test_lines_say_the_same_beside_an_unusual_one(world: Feeds) -> None:
    lines = [line for line, _said in USUAL]
    expected = [said for _line, said in USUAL]
    assert world.load({"holdings.csv": HEADER + "".join(lines)}).files[0].counts.new == len(USUAL)
    assert held() == expected
    quoted = world.load({"holdings.csv": HEADER + "".join([*lines, QUOTED[0]])}).files[0].counts
    assert (quoted.new, quoted.unchanged) == (1, len(USUAL))
    assert held() == [*expected, ('eve, the "last"', 'eve, the "last"', "entitled", "2026-01-03", None)]


@pytest.mark.parametrize("cell", ["", "false", "False"])
def test_lines_that_retract_nothing_are_usual(world: Feeds, cell: str) -> None:
    lines = [f"{line.strip()},{cell}\n" for line, _said in USUAL]
    world.load({"holdings.csv": HEADER.replace("to\n", "to,retract\n") + "".join(lines)})
    assert held() == [said for _line, said in USUAL]


def test_bad_line_among_many_is_found(world: Feeds) -> None:
    lines = [f"{FABRIKAM},user{number},{E3},2026-01-01,entitled,\n" for number in range(MANY)]
    lines[5_000] = lines[5_000].replace("entitled", "dozing")
    report = world.load({"holdings.csv": HEADER + "".join(lines)}, skip_bad=True).files[0]
    assert (report.counts.new, report.counts.refused) == (MANY - 1, 1)
    assert [(bad.line, bad.column, bad.value) for bad in report.bad] == [(5_002, "state", "dozing")]


@pytest.mark.parametrize("bad", ["", f"{FABRIKAM},late,{E3},2026-01-01,dozing,\n"], ids=["all hold", "one is bad"])
def test_every_line_that_holds_is_kept_once(world: Feeds, bad: str) -> None:
    lines = [f"{FABRIKAM},user{number},{E3},2026-01-01,entitled,\n" for number in range(MANY)]
    world.load({"holdings.csv": HEADER + "".join([*lines, bad])}, skip_bad=True)
    kept = list(
        chain.from_iterable(LoadLines.objects.filter(step__name="holdings.csv").values_list("lines", flat=True))
    )
    assert sorted(int(line[1:].partition(",")[0]) for line in kept) == list(range(2, MANY + 2))
