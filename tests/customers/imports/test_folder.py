"""The folder that readers fill: which files' lines are put together, and that each line still tells where it came from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from customers.imports.folder import FeedFolder, Origin, Part, RefusedRecords

A, B, C = (f"cccccccc-0000-0000-0000-00000000000{number}" for number in range(1, 4))


def people_of(tmp_path: Path, *lists: tuple[str, ...]) -> list[Part]:
    """The files of people that come of lists, each of these customers."""
    folder = FeedFolder(tmp_path, date(2026, 1, 1), RefusedRecords(tmp_path / "refused.csv", 10))
    for place, customers in enumerate(lists):
        sink = folder.sink(place, f"list {place}")
        for line, customer in enumerate(customers, 2):
            sink.add("people.csv", line, customer_id=customer, user_id="ann")
        folder.end_of_file(place, taken=True)
    folder.close()
    return folder.of_kind("people.csv")


def test_lists_of_different_customers_are_loaded_as_one_file(tmp_path: Path) -> None:
    [part] = people_of(tmp_path, (A,), (B, C), ())
    header, *lines = part.path.read_text().splitlines()
    assert (header, lines) == ('"customer_id","user_id"', [f"{customer},ann" for customer in (A, B, C)])
    assert part.lines == {0: 1, 1: 2}
    assert [part.origin(line) for line in (2, 3, 4)] == [Origin(0, 2), Origin(1, 2), Origin(1, 3)]


@pytest.mark.parametrize("again", [A, A.upper(), f"{{{A}}} "])
def test_two_lists_of_one_customer_stay_two(tmp_path: Path, again: str) -> None:
    parts = people_of(tmp_path, (A,), (B,), (again, C))
    assert [part.lines for part in parts] == [{0: 1, 1: 1}, {2: 2}]
