"""Where SKUs are placed: by plan, by part number, and what nobody knows."""

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from customers.catalogue.placement import place, unreviewed_plans, workloads_of
from customers.catalogue.shipped import shipped_skus
from customers.catalogue.statement import SkuStatement
from customers.catalogue.tables import reviewed_tables
from customers.catalogue.vendor import read_catalogue

EXCHANGE = UUID("9aaf7827-d63c-4b61-89c3-182f06f82e5c")
EXCHANGE_FOUNDATION = UUID("113feb6c-3fe4-4440-bddc-54d774bf0318")
SHAREPOINT = UUID("5dbe027f-2339-4123-9542-606e4d348a72")
ONEDRIVE = UUID("13696edf-5a08-49f6-8134-03083ed8ba30")
ONEDRIVE_BASIC = UUID("da792a53-cbc0-4184-a10d-e544dd34b3c1")
SALES = UUID("2da8e897-7791-486b-b08f-cc63c8129df7")
TEAMS = UUID("57ff2da0-773e-42df-b2af-ffb7a2317929")
TEAMS_KIOSK = UUID("a42de799-58ae-4e6a-aa1d-948e7abec726")


@dataclass
class Offer:
    part_number: str
    plans: dict[UUID, str]
    name: str = "A product"
    sku_id: UUID = field(default_factory=uuid4)


def placed(part_number: str, *plans: UUID) -> tuple[str, set[str]]:
    statement = place([Offer(part_number, dict.fromkeys(plans, "PLAN"))], reviewed_tables()).skus[0]
    return statement.family, set(statement.workloads)


def test_shipped_skus_stand_where_the_tables_place_them() -> None:
    vendor = read_catalogue(Path(__file__).parent / "data" / "shipped.csv")
    placement = place(vendor.skus.values(), reviewed_tables())
    assert placement.skus == shipped_skus()
    assert (len(placement.skus), placement.unplaced, placement.unreviewed) == (46, [], {})


def test_suite_is_office_with_the_workloads_of_its_plans() -> None:
    assert placed("SPE_NEW", EXCHANGE, SHAREPOINT, TEAMS) == ("o365", {"EXO", "SPO", "TEAMS"})


def test_foundation_and_basic_plans_make_no_workload() -> None:
    assert workloads_of([EXCHANGE_FOUNDATION, ONEDRIVE_BASIC, TEAMS_KIOSK], reviewed_tables()) == frozenset()


def test_onedrive_counts_as_sharepoint() -> None:
    assert placed("WACONEDRIVESTANDARD", ONEDRIVE) == ("o365", {"SPO"})


def test_dynamics_with_sharepoint_has_both() -> None:
    assert placed("DYN365_ENTERPRISE_SALES", SALES, SHAREPOINT) == ("crm", {"CRM", "SPO"})


def test_dynamics_without_an_app_is_no_family_of_the_insights() -> None:
    assert placed("CRMSTORAGE", EXCHANGE_FOUNDATION) == ("other", set())


def test_visio_and_project_keep_their_family_whatever_plans_they_have() -> None:
    assert placed("VISIOCLIENT", ONEDRIVE) == ("visio", {"SPO"})
    assert placed("ProjectProfessional", SHAREPOINT) == ("project", {"SPO"})


def test_room_and_robot_are_other_though_they_have_workloads() -> None:
    assert placed("MEETING_ROOM", TEAMS) == ("other", {"TEAMS"})
    assert placed("SPE_E3_RPA1", EXCHANGE) == ("other", {"EXO"})


def test_what_no_rule_knows_is_other_and_said() -> None:
    offer = Offer("BRAND_NEW", {})
    placement = place([offer, Offer("STREAM", {})], reviewed_tables())
    assert [sku.family for sku in placement.skus] == ["other", "other"]
    assert placement.unplaced == [
        SkuStatement(
            sku_id=offer.sku_id,
            part_number="BRAND_NEW",
            name="A product",
            family="other",
            workloads=frozenset(),
            is_free=False,
            is_viral=False,
        )
    ]


def test_unknown_plan_is_said_where_its_name_sounds_like_a_workload() -> None:
    new, quiet = uuid4(), uuid4()
    plans = {new: "Exchange_S_New", quiet: "SWAY", EXCHANGE: "EXCHANGE_S_STANDARD"}
    assert unreviewed_plans(plans, reviewed_tables()) == {new: "Exchange_S_New"}


def test_free_and_viral_are_marked_by_guid() -> None:
    exploratory = Offer("ANY", {}, sku_id=UUID("710779e8-3d4a-4c88-adb9-386c958d1fdf"))
    store = Offer("ANY", {}, sku_id=UUID("6470687e-a428-4b7a-bef2-8a291ad947c9"))
    placement = place([exploratory, store, Offer("ANY", {})], reviewed_tables())
    assert [(sku.is_free, sku.is_viral) for sku in placement.skus] == [(True, True), (True, False), (False, False)]
