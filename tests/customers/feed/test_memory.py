"""Loading does not depend on the size of the file: memory stays flat."""

from __future__ import annotations

import resource
from collections.abc import Iterator

import pytest

from tests.customers.feed.conftest import FABRIKAM, Feeds

LINES = 300_000


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def lines(*, bad: bool) -> Iterator[str]:
    for number in range(LINES):
        day = "never" if bad else f"2026-11-{number % 20 + 1:02}"
        yield f"{FABRIKAM},user{number}@fabrikam.example,EXO,{day}\n"


@pytest.mark.parametrize("bad", [False, True], ids=["good", "bad"])
def test_memory_stays_flat(world: Feeds, *, bad: bool) -> None:
    header = "customer_id,user_id,service,day\n"
    world.load({"activity.csv": header + f"{FABRIKAM},ann,EXO,2026-11-01\nx,ann,EXO,2026-11-01\n"}, skip_bad=True)
    source = world.write({})
    with (source / "activity.csv").open("w") as file:
        file.write(header)
        file.writelines(lines(bad=bad))
    before = peak_megabytes()
    report = world.load_from(source, skip_bad=True)
    assert report.files[0].counts.refused == (LINES if bad else 0)
    assert peak_megabytes() - before < 60
