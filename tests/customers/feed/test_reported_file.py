"""reported.csv: percentages that a vendor reported."""

from __future__ import annotations

from customers.models import Reported
from tests.customers.feed.conftest import CONTOSO, E3, FABRIKAM, Feeds
from tests.customers.feed.importing import faults, imported
from tests.customers.feed.reading import stale

HEADER = "customer_id,day,metric,service,workload,sku_id,product_name,channel,numerator,denominator,percent\n"


def line(
    *, metric: str = "usage", workload: str = "EXO", sku: str = E3, numerator: str = "40", percent: str = "80.5"
) -> str:
    """One line of reported.csv, about Fabrikam on the first of November."""
    return f"{FABRIKAM},2026-11-01,{metric},O365,{workload},{sku},OFFICE 365 E3,Reseller,{numerator},50,{percent}\n"


def counts(text: str, **options: object) -> tuple[int, int, int, int, int]:
    return imported({"reported.csv": text}, **options)["reported.csv"]


def test_percentage_is_stored_once_and_replaced(world: Feeds) -> None:
    assert counts(HEADER + line()) == (1, 0, 0, 0, 0)
    assert counts(HEADER + line()) == (0, 0, 1, 0, 0)
    assert counts(HEADER + line(numerator="41")) == (0, 1, 0, 0, 0)
    [stored] = Reported.objects.all()
    assert (stored.service, stored.workload, stored.channel, str(stored.sku_id)) == ("o365", "exo", "reseller", E3)
    assert (stored.numerator, stored.denominator, str(stored.percent)) == (41, 50, "80.500000")


def test_figures_dont_depend_on_it(world: Feeds) -> None:
    before = stale()
    counts(HEADER + line())
    assert stale() == before


def test_what_isnt_known_here_is_evidence_all_the_same(world: Feeds) -> None:
    unknown = "54b84594-0000-0000-0000-000000000000"
    text = HEADER + line(sku=unknown, workload="NEW") + line(sku="", workload="", metric="deployment", percent="")
    assert counts(text) == (2, 0, 0, 0, 0)


def test_each_source_keeps_its_own(world: Feeds) -> None:
    assert counts(HEADER + line()) == (1, 0, 0, 0, 0)
    assert counts(HEADER + line(), partner="alpha") == (1, 0, 0, 0, 0)
    assert counts(HEADER + line(numerator="7"), partner="alpha") == (0, 1, 0, 0, 0)
    assert sorted(Reported.objects.values_list("numerator", flat=True)) == [7, 40]


def test_percentage_is_retracted(world: Feeds) -> None:
    counts(HEADER + line())
    text = f"{HEADER.strip()},retract\n{line().strip()},true\n"
    assert counts(text) == (0, 0, 0, 1, 0)
    assert counts(text) == (0, 0, 1, 0, 0)
    assert Reported.objects.count() == 0


def test_last_line_of_a_key_wins(world: Feeds) -> None:
    assert counts(HEADER + line(numerator="1") + line(numerator="2")) == (1, 0, 0, 0, 0)
    assert Reported.objects.get().numerator == 2


def test_bad_lines_are_named(world: Feeds) -> None:
    later = line().replace("2026-11-01", "2026-12-01")
    other = line().replace(FABRIKAM, CONTOSO)
    text = HEADER + line(metric="mood") + line(percent="many") + line(numerator="-1") + later + other
    sentences = faults("reported.csv", text, partner="alpha")
    assert [sentence.partition(";")[0] for sentence in sentences] == [
        "reported.csv, line 2, column metric: “mood” is not a metric",
        "reported.csv, line 3, column percent: “many” is not a percentage",
        "reported.csv, line 4, column numerator: “-1” is not a quantity",
        "reported.csv, line 5, column day: “2026-12-01” lies after today",
        f"reported.csv, line 6, column customer_id: “{CONTOSO}” is not known",
    ]
