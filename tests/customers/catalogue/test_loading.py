"""Stating SKUs: what is written, what counts as changed, and when every figure is restated."""

from pathlib import Path
from uuid import UUID

import pytest

from customers.catalogue.statement import SkuStatement
from customers.catalogue.vendor import BadLinesError
from customers.models import CatalogueEpoch, Family, Load, LoadedFile, Sku, Workload
from customers.services.catalogue import SkuCounts, load_catalogue, state_skus
from tests.customers.catalogue.conftest import WriteFile

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parent / "data"
NEW = UUID("00000000-0000-4000-8000-000000000001")


def statement(**other: object) -> SkuStatement:
    values = {
        "sku_id": NEW,
        "part_number": "NEW",
        "name": "New",
        "family": "O365",
        "workloads": frozenset({"exo", "SPO"}),
    }
    return SkuStatement(**{**values, **other})


def state(*rows: SkuStatement) -> SkuCounts:
    return state_skus(load=Load.objects.create(kind=Load.Kind.FEED, source="feed"), rows=rows)


def epoch() -> int:
    return CatalogueEpoch.objects.get().number


def workloads(sku_id: UUID = NEW) -> set[str]:
    return set(Workload.objects.filter(skus__sku_id=sku_id).values_list("code", flat=True))


@pytest.fixture
def known() -> Sku:
    state(statement(is_free=True))
    return Sku.objects.get(sku_id=NEW)


def test_new_sku_is_stored_with_codes_in_any_case_and_restates_nothing() -> None:
    counts = state(statement())
    sku = Sku.objects.get(sku_id=NEW)
    assert (counts.new, counts.changed, counts.unchanged, counts.restated) == (1, 0, 0, False)
    assert (sku.part_number, sku.name, sku.family.code, workloads()) == ("NEW", "New", "o365", {"EXO", "SPO"})
    assert (sku.load_id, sku.stated_by_id) == (Load.objects.get().pk, None)
    assert epoch() == 1


def test_family_and_workload_named_first_are_created_switched_off_as_first_written() -> None:
    counts = state(statement(family="Azure", workloads=frozenset({"Vm"})), statement(family="AZURE"))
    assert (counts.families, counts.workloads) == (["AZURE"], [])
    state(statement(workloads=frozenset({"Vm"})), statement(sku_id=UUID(int=2), workloads=frozenset({"VM"})))
    family, workload = Family.objects.get(key="azure"), Workload.objects.get(key="vm")
    assert (family.code, family.name, family.in_insights) == ("AZURE", "AZURE", False)
    assert (workload.code, workload.name, workload.unlicensed_family) == ("Vm", "Vm", None)


def test_onedrive_as_workload_is_sharepoint() -> None:
    state(statement(workloads=frozenset({"odb", "SPO"})))
    assert workloads() == {"SPO"}
    assert not Workload.objects.filter(key="odb").exists()


def test_last_row_of_a_sku_holds() -> None:
    counts = state(statement(name="First"), statement(name="Last"))
    assert (counts.new, Sku.objects.get(sku_id=NEW).name) == (1, "Last")


def test_same_statement_again_changes_nothing_and_keeps_who_stated_it(known: Sku) -> None:
    counts = state(statement(is_free=True))
    assert (counts.new, counts.changed, counts.unchanged, epoch()) == (0, 0, 1, 1)
    assert Sku.objects.get(sku_id=NEW).load_id == known.load_id


def test_other_name_is_a_change_that_restates_nothing(known: Sku) -> None:
    counts = state(statement(name="Other"))
    assert [str(change) for change in counts.changes] == ["Other (NEW): name 'New' -> 'Other'"]
    assert (counts.restated, epoch()) == (False, 1)
    assert Sku.objects.get(sku_id=NEW).load_id != known.load_id


def test_other_marks_are_a_change_that_restates_nothing(known: Sku) -> None:
    counts = state(statement(is_free=False, is_viral=True))
    sku = Sku.objects.get(sku_id=NEW)
    assert (counts.changed, sku.is_free, sku.is_viral, epoch()) == (1, False, True, 1)


def test_marks_not_said_stay(known: Sku) -> None:
    assert (state(statement()).unchanged, Sku.objects.get(sku_id=NEW).is_free) == (1, True)


def test_other_family_restates_everything(known: Sku) -> None:
    counts = state(statement(family="crm"))
    assert [change.parts for change in counts.changes] == [(("family", "o365", "crm"),)]
    assert (Sku.objects.get(sku_id=NEW).family.code, counts.restated, epoch()) == ("crm", True, 2)


@pytest.mark.parametrize("stated", [{"EXO"}, {"EXO", "SPO", "YAM"}, {"EXO", "YAM"}, set()])
def test_other_workloads_restate_everything(known: Sku, stated: set[str]) -> None:
    counts = state(statement(workloads=frozenset(stated)))
    assert (workloads(), counts.restated, epoch()) == (stated, True, 2)


def test_several_changes_of_one_load_are_one_epoch(known: Sku) -> None:
    shipped = Sku.objects.get(part_number="SPE_E3")
    state(statement(family="crm"), statement(sku_id=shipped.sku_id, family="crm"))
    assert epoch() == 2


def test_epoch_that_was_lost_begins_anew(known: Sku) -> None:
    CatalogueEpoch.objects.all().delete()
    state(statement(family="crm"))
    assert epoch() == 2


def test_vendor_file_with_the_shipped_skus_changes_nothing() -> None:
    before = set(Sku.objects.values_list("sku_id", "name", "load"))
    report = load_catalogue(source=DATA / "shipped.csv")
    assert (report.new, report.changes, report.unchanged, report.restated) == (0, [], 46, False)
    assert set(Sku.objects.values_list("sku_id", "name", "load")) == before
    assert epoch() == 1


def test_vendor_file_twice_the_second_changes_nothing() -> None:
    first, second = load_catalogue(source=DATA / "dirty.csv"), load_catalogue(source=DATA / "dirty.csv")
    assert (first.new, len(first.changes), first.unchanged) == (6, 1, 0)
    assert (second.new, second.changes, second.unchanged) == (0, [], 7)
    assert Sku.objects.count() == 46 + 6


def test_vendor_file_replaces_what_the_operator_stated_and_says_so() -> None:
    e3 = UUID("6fd2c87f-b296-42f0-b197-1e91e994b900")
    load_catalogue(source=DATA / "shipped.csv")
    state(statement(sku_id=e3, part_number="E3", name="Our E3", family="o365", workloads=frozenset({"EXO"})))
    report = load_catalogue(source=DATA / "shipped.csv")
    assert [str(change) for change in report.changes] == [
        (
            "Office 365 E3 (ENTERPRISEPACK): part_number 'E3' -> 'ENTERPRISEPACK'; name 'Our E3' -> 'Office 365 E3'; "
            "workloads 'EXO' -> 'EXO;PROPLUS;SFB;SPO;TEAMS;YAM'"
        )
    ]
    assert epoch() == 3


def test_load_is_recorded_with_its_counts() -> None:
    load_catalogue(source=DATA / "dirty.csv")
    file = LoadedFile.objects.get()
    assert (file.name, file.outcome, file.new, file.changed, file.unchanged) == ("dirty.csv", "loaded", 6, 1, 0)
    assert (file.load.kind, file.load.stated_by, file.load.finished_at is None) == ("catalogue", None, False)


def test_refused_file_writes_nothing_and_is_recorded(write_file: WriteFile) -> None:
    before = set(Sku.objects.values_list("sku_id", flat=True))
    good = (DATA / "dirty.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    with pytest.raises(BadLinesError):
        load_catalogue(source=write_file(good, "x"))
    file = LoadedFile.objects.get()
    assert (file.outcome, file.refused, file.load.finished_at is None) == ("refused", 1, False)
    assert set(Sku.objects.values_list("sku_id", flat=True)) == before
