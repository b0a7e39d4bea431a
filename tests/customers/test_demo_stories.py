"""The demo's stories, read off its lines as of yesterday, at times of the year that differ."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from customers.demo import write_demo_feed
from tests.customers.demo_reading import Reading

TODAY = date(2026, 4, 1)
AUGUST = date(2025, 9, 2)
NEW_YEAR = date(2026, 3, 2)
LEAP = date(2028, 2, 29)


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    path = tmp_path_factory.mktemp("demo")
    write_demo_feed(path, TODAY)
    return Reading(path)


@pytest.fixture(scope="module", params=[TODAY, AUGUST, NEW_YEAR, LEAP], ids=str)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Reading, date]:
    """The demo as of yesterday, at times of the year that differ."""
    path = tmp_path_factory.mktemp("demo")
    write_demo_feed(path, request.param)
    return Reading(path), request.param - timedelta(1)


def ago(days: int) -> str:
    return str(TODAY - timedelta(days))


def test_every_line_valid(told: tuple[Reading, date]) -> None:
    reading, yesterday = told
    assert reading.faults(yesterday + timedelta(1))[:5] == []


def test_every_status_stated_and_aged(told: tuple[Reading, date]) -> None:
    reading, yesterday = told
    every = {"active", "grace", "disabled", "deprovisioned"}
    assert {line["status"] for line in reading.files["subscriptions"]} == every
    assert reading.statuses(yesterday) == every


@pytest.mark.parametrize(
    ("name", "causes", "least", "most"),
    [
        ("Hoteles Cala Serena S.L.", {"former": 16}, 135, 141),
        ("Rossi Meccanica S.p.A.", {"lapsed": 45}, 125, 140),
        ("Kwekerij De Lage Polder B.V.", {"lapsed": 8}, 120, 133),
        ("Talleres Arrizabal S.L.", {"lapsed": 6}, 115, 134),
        ("Drukkerij Van Houtum B.V.", {"trial": 9}, 130, 140),
        ("Istituto Tecnico Valdarno", {"unlicensed": 34}, 135, 145),
        ("Comune di Pietralba", {"unlicensed": 14}, 110, 130),
        ("Nordanå Fastigheter AB", {}, 130, 140),
    ],
)
def test_cause_shown_alone(
    told: tuple[Reading, date], name: str, causes: dict[str, int], least: int, most: int
) -> None:
    reading, yesterday = told
    counts = reading.counts(yesterday)[name]
    assert counts.causes == causes
    assert least < counts.usage < most


def test_cause_all_four_at_once(told: tuple[Reading, date]) -> None:
    reading, yesterday = told
    counts = reading.counts(yesterday)["广州澜屿电子有限公司"]
    assert counts.causes.keys() == {"former", "lapsed", "trial", "unlicensed"}
    assert counts.usage > 140


def test_cause_more_handed_out_than_bought(reading: Reading) -> None:
    counts = reading.counts(TODAY - timedelta(1))
    over = {
        name: (found.assigned, found.entitlements)
        for name, found in counts.items()
        if found.assigned > found.entitlements
    }
    assert over == {"Nordanå Fastigheter AB": (41, 30)}


def test_lapsed_in_use_where_nothing_active_stands_beside(told: tuple[Reading, date]) -> None:
    reading, yesterday = told
    counts = reading.counts(yesterday)
    assert (counts["Café Lindqvist AB"].sold, counts["Café Lindqvist AB"].causes) == (0, {"lapsed": 6})
    assert (counts["Panificio Tre Archi S.n.c."].sold, counts["Panificio Tre Archi S.n.c."].causes) == (0, {})
    assert counts["Bodegas Alto Turia S.A."].causes == {"lapsed": 8}


def test_blocked_licences_and_their_use_before(told: tuple[Reading, date]) -> None:
    reading, yesterday = told
    counts = reading.counts(yesterday)
    found = {
        name: (counts[name].sold - counts[name].entitlements, counts[name].active["former"] > 0)
        for name in (
            "Klinik am Auwald GmbH",
            "Atelier Clairmont SARL",
            "苏州桥岚软件有限公司",
            "Construções Serra Alta Lda.",
        )
    }
    assert list(found.values()) == [(40, True), (3, True), (6, False), (18, True)]


def test_adoption_from_idle_to_full(told: tuple[Reading, date]) -> None:
    reading, yesterday = told
    counts = reading.counts(yesterday)
    idle, full, empty = (
        counts[name] for name in ("Ayuntamiento de Ribamar", "Svealand Precision AB", "Kommunförbundet Västerdal")
    )
    assert (idle.deployment > 80, idle.usage < 45, idle.assigned - idle.active["current"] > 130) == (True, True, True)
    assert (full.deployment > 98, full.usage > 92) == (True, True)
    assert empty.deployment < 50
    assert counts["北京知岚教育科技有限公司"].usage < 50


def test_gaps_in_coverage(told: tuple[Reading, date]) -> None:
    reading, yesterday = told
    assert {
        name: (reading.covered_days(name, "EXO", yesterday), reading.covered_days(name, "TEAMS", yesterday))
        for name in (
            "Gemeente Waterdorp",
            "杭州青篁纺织有限公司",
            "Lindholmsskolan Friskola AB",
            "Autotrasporti Brentana S.r.l.",
            "Frutas del Segrial S.L.",
            "Tramontana Legal S.L.P.",
            "Göta Finmekanik AB",
        )
    } == {
        "Gemeente Waterdorp": (14, 14),
        "杭州青篁纺织有限公司": (28, 0),
        "Lindholmsskolan Friskola AB": (10, 10),
        "Autotrasporti Brentana S.r.l.": (25, 25),
        "Frutas del Segrial S.L.": (28, 28),
        "Tramontana Legal S.L.P.": (0, 0),
        "Göta Finmekanik AB": (28, 28),
    }


def test_onedrive_stands_for_sharepoint_at_one_customer(reading: Reading) -> None:
    sites = {line["customer_id"] for line in reading.files["activity"] if line["service"] == "ODB"}
    services = {line["service"] for line in reading.of("activity", "Autotrasporti Brentana S.r.l.")}
    assert [reading.names[customer] for customer in sites] == ["Autotrasporti Brentana S.r.l."]
    assert "SPO" not in services


def test_customer_with_nothing_at_all(reading: Reading) -> None:
    files = ("relationships", "subscriptions", "activity", "coverage", "support_cases", "satisfaction")
    assert [len(reading.of(file, "Tramontana Legal S.L.P.")) for file in files] == [1, 0, 0, 0, 0, 0]


def test_relationships_ended_future_and_late(reading: Reading) -> None:
    lines = reading.files["relationships"]
    assert [reading.names[line["customer_id"]] for line in lines if line["to"] == ago(30)] == ["Hämeen Saha Oy"]
    assert [reading.names[line["customer_id"]] for line in lines if line["from"] > str(TODAY)] == ["Čistá Voda s.r.o."]
    assert [reading.names[line["customer_id"]] for line in lines if line["from"] == ago(20)] == [
        "Herrgårdens Vårdhem AB"
    ]
    assert len(lines) == 60 + 8


def test_activity_outside_every_entitlement(reading: Reading) -> None:
    licensed = {line["user_id"] for line in reading.files["entitlements"]}
    lines = [line for line in reading.files["activity"] if line["service"] != "YAM" and line["user_id"] not in licensed]
    assert {reading.names[line["customer_id"]] for line in lines} == {"Comune di Pietralba"}
    assert len({line["user_id"] for line in lines}) == 6


def test_support_cases_heavy_on_how_to_at_two_customers(reading: Reading) -> None:
    window = {ago(number) for number in range(1, 29)}
    asked = Counter(
        reading.names[line["customer_id"]]
        for line in reading.files["support_cases"]
        if line["kind"] == "how_to" and line["opened_on"] in window
    )
    counts = reading.counts(TODAY - timedelta(1))
    users = {name: sum(found.active.values()) for name, found in counts.items()}
    heavy = {name for name, cases in asked.items() if cases >= 5 and 100 * cases >= 5 * users[name]}
    assert heavy == {"Ospedale Santa Fosca", "Mleczarnia Brzezina Sp. z o.o."}
