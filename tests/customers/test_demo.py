"""The demo's feed: complete, sized as told, the same every time, and like life in its content."""

from __future__ import annotations

import csv
import re
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from customers.demo import write_demo_feed
from customers.demo.activity import activity
from customers.demo.catalogue import CIRROVENTO, HAVSMOLN
from customers.demo.feed import partner_id
from customers.demo.stories import CUSTOMERS
from tests.customers.demo_reading import FORM, Reading

TODAY = date(2026, 4, 1)
AUGUST = date(2025, 9, 2)
NEW_YEAR = date(2026, 3, 2)
OURS = {partner_id(CIRROVENTO), partner_id(HAVSMOLN)}

DAY = re.compile(r"\d{4}-\d\d-\d\d")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo")
    write_demo_feed(path, TODAY)
    return path


@pytest.fixture(scope="module")
def reading(folder: Path) -> Reading:
    return Reading(folder)


def ago(days: int) -> str:
    return str(TODAY - timedelta(days))


def contents(folder: Path) -> dict[str, bytes]:
    """Part and file -> its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("*/*")}


def test_files_by_part_only_those_it_may_state(folder: Path) -> None:
    served = {"subscriptions", "entitlements", "activity", "coverage", "support_cases", "satisfaction"}
    files = {"operator": FORM.keys(), CIRROVENTO: served, HAVSMOLN: {"customers", *served}}
    assert contents(folder).keys() == {f"{part}/{name}.csv" for part, names in files.items() for name in names}


def test_facts_of_the_operator_only_those_that_no_partner_may_state(reading: Reading) -> None:
    stated = reading.parts["operator"]
    customers = {
        file: {reading.names[line["customer_id"]] for line in stated[file]}
        for file in ("coverage", "support_cases", "satisfaction")
    }
    ended = {"Hämeen Saha Oy", "Astilleros Punta Clara S.A."}
    assert customers == {
        "coverage": {"Hämeen Saha Oy", "Čistá Voda s.r.o."},
        "support_cases": ended,
        "satisfaction": ended,
    }
    sold = [line for line in stated["subscriptions"] if line["seller"] != "external"]
    assert {reading.names[line["customer_id"]] for line in sold} == ended


def test_activity_of_a_shared_customer_with_whom_licenses_the_person(reading: Reading) -> None:
    people = {
        part: len({line["user_id"] for line in files["activity"] if line["user_id"].endswith("@adriamar.example")})
        for part, files in reading.parts.items()
    }
    assert 0 < people["operator"] <= 30 < people[HAVSMOLN] <= 325 < people[CIRROVENTO] <= 505


def test_claim_one_of_a_customer_whose_relationship_has_ended(reading: Reading) -> None:
    assert [line["name"] for line in reading.parts[HAVSMOLN]["customers"]] == ["Hämeen Saha Oy"]


def test_sizes(reading: Reading) -> None:
    days = {line["day"] for line in reading.files["activity"]}
    customers = {line["subscription_id"]: line["customer_id"] for line in reading.files["subscriptions"]}
    people = {(customers[line["subscription_id"]], line["user_id"]) for line in reading.files["entitlements"]}
    people |= {(line["customer_id"], line["user_id"]) for line in reading.files["activity"]}
    assert {name: len(reading.parts["operator"][name]) for name in ("partners", "customers", "skus")} == {
        "partners": 2,
        "customers": 60,
        "skus": 9,
    }
    assert len(people) == 5000
    assert days == {ago(number) for number in range(1, 121)}


def test_people_as_many_per_customer_as_its_story_says(reading: Reading) -> None:
    sizes = sorted(customer.people for customer in CUSTOMERS)
    assert (sizes[0], sizes[1], sizes[-1], sum(sizes)) == (0, 3, 860, 5000)


def test_writing_quick_and_small(tmp_path: Path) -> None:
    began = time.perf_counter()
    write_demo_feed(tmp_path / "new" / "folder", TODAY)
    assert time.perf_counter() - began < 10
    assert sum(path.stat().st_size for path in tmp_path.glob("new/folder/*/activity.csv")) < 50_000_000


def test_same_today_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_demo_feed(tmp_path, TODAY)
    before, after = contents(folder), contents(tmp_path)
    assert after.keys() == before.keys()
    assert [name for name in before if after[name] != before[name]] == []


def test_other_today_same_story_shifted(folder: Path, tmp_path: Path) -> None:
    write_demo_feed(tmp_path, TODAY + timedelta(400))

    def later(match: re.Match[str]) -> str:
        return str(date.fromisoformat(match[0]) + timedelta(400))

    before, after = contents(folder), contents(tmp_path)
    assert after.keys() == before.keys()
    for name in before:
        if not name.endswith("/activity.csv"):
            assert after[name].decode() == DAY.sub(later, before[name].decode()), name


def test_domains_reserved_and_addresses_below_them(reading: Reading) -> None:
    domains = {line["domain"] for line in reading.files["customers"]}
    users = {line["user_id"] for line in reading.files["entitlements"]}
    assert len(domains) == 60
    assert [domain for domain in domains if not domain.endswith(".example")] == []
    assert {user.partition("@")[2] for user in users} - domains == {""}
    assert sum("@" not in user for user in users) == 160 + 95


def test_skus_those_of_the_public_catalogue(reading: Reading) -> None:
    assert {line["part_number"]: (line["sku_id"][:8], line["family"]) for line in reading.files["skus"]} == {
        "STANDARDPACK": ("18181a46", "o365"),
        "ENTERPRISEPACK": ("6fd2c87f", "o365"),
        "ENTERPRISEPREMIUM": ("c7df2760", "o365"),
        "DESKLESSPACK": ("4b585984", "o365"),
        "O365_BUSINESS_ESSENTIALS": ("3b555118", "o365"),
        "O365_BUSINESS_PREMIUM": ("f245ecc8", "o365"),
        "SPB": ("cbdc14ab", "o365"),
        "EXCHANGESTANDARD": ("4b9405b0", "o365"),
        "DYN365_ENTERPRISE_SALES": ("1e1a282c", "crm"),
    }


def test_countries_and_names_of_every_alphabet(reading: Reading) -> None:
    countries = Counter(line["country"] for line in reading.files["customers"])
    assert {code: countries[code] for code in ("IT", "CN", "ES", "SE", "NL")} == {
        "IT": 13,
        "CN": 7,
        "ES": 10,
        "SE": 9,
        "NL": 7,
    }
    assert len(countries) == 14
    assert sum(not name.isascii() for name in reading.names.values()) == 23


def test_eight_customers_shared_by_both_partners(reading: Reading) -> None:
    partners: dict[str, set[str]] = {}
    for line in reading.files["relationships"]:
        partners.setdefault(line["customer_id"], set()).add(line["partner_id"])
    sellers: dict[str, set[str]] = {}
    for line in reading.files["subscriptions"]:
        sellers.setdefault(line["customer_id"], set()).add(line["seller"])
    shared = [customer for customer, found in partners.items() if found == OURS]
    assert len(shared) == 8
    assert [customer for customer in shared if not sellers[customer] >= OURS] == []
    assert sum("external" in sellers[customer] for customer in shared) == 2


def test_activity_on_about_two_days_of_five(reading: Reading) -> None:
    worked = {(line["customer_id"], line["user_id"], line["day"]) for line in reading.files["activity"]}
    assert 0.33 < len(worked) / (5000 * 120) < 0.45


def test_activity_low_at_weekends_and_holidays(reading: Reading) -> None:
    lines = Counter(line["day"] for line in reading.files["activity"])
    weekdays = {day: count for day, count in lines.items() if date.fromisoformat(day).weekday() < 5}
    weekends = [count for day, count in lines.items() if day not in weekdays]
    assert sum(weekends) / len(weekends) < 0.25 * sum(weekdays.values()) / len(weekdays)
    assert weekdays["2026-01-01"] < 0.25 * weekdays["2026-01-15"]


def test_activity_dips_in_august_and_at_chinese_new_year() -> None:
    stories = {customer.name: customer for customer in CUSTOMERS}
    summer = Counter(day for _, _, day in activity(stories["Gruppo Adriamar S.p.A."], today=AUGUST))
    spring = Counter(day for _, _, day in activity(stories["深圳屿川国际贸易有限公司"], today=NEW_YEAR))
    assert summer[date(2025, 8, 6)] < 0.7 * summer[date(2025, 7, 2)]
    assert spring[date(2026, 2, 18)] < 0.3 * spring[date(2026, 2, 4)]


def test_activity_workloads_adopted_very_differently(reading: Reading) -> None:
    users = {service: set() for service in ("EXO", "TEAMS", "SPO", "YAM", "SFB")}
    for line in reading.files["activity"]:
        users.get(line["service"], set()).add((line["customer_id"], line["user_id"]))
    sizes = [len(found) for found in users.values()]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 6 * sizes[3]


def test_activity_of_people_grows(reading: Reading) -> None:
    lines = Counter(line["day"] for line in reading.of("activity", "上海澄舟物流有限公司"))
    first, last = (sum(lines[ago(number)] for number in days) for days in (range(93, 121), range(1, 29)))
    assert last > 3 * first


def test_every_state_of_a_licence(reading: Reading) -> None:
    assert Counter(line["state"] for line in reading.files["entitlements"] if line["state"] != "entitled") == {
        "upgraded": 40,
        "cancelled": 3,
        "suspended_fraud": 6,
        "suspended_nonpayment": 18,
    }


def test_trials_25_seats_and_30_days(reading: Reading) -> None:
    trials = [line for line in reading.files["subscriptions"] if line["is_trial"] == "true"]
    lengths = {date.fromisoformat(line["term_end"]) - date.fromisoformat(line["effective_on"]) for line in trials}
    assert len(trials) == 6
    assert {line["quantity"] for line in trials} == {"25"}
    assert lengths == {timedelta(30)}
    assert {line["unit_price"] for line in trials} == {""}


def test_versions_renewals_upgrades_conversions_and_a_future_one(reading: Reading) -> None:
    versions: dict[str, list[dict[str, str]]] = {}
    for line in reading.files["subscriptions"]:
        versions.setdefault(line["subscription_id"], []).append(line)
    changed = {
        column: sum(len({line[column] for line in lines}) > 1 for lines in versions.values())
        for column in ("sku_id", "is_trial", "quantity", "status")
    }
    assert changed == {"sku_id": 1, "is_trial": 1, "quantity": 5, "status": 3}
    assert sum(lines[-1]["effective_on"] > str(TODAY) for lines in versions.values()) == 1
    assert sum(len({line["term_end"] for line in lines}) > 1 for lines in versions.values()) == 42


def test_currencies_by_country(reading: Reading) -> None:
    countries = {line["customer_id"]: line["country"] for line in reading.files["customers"]}
    found = {(line["currency"], countries[line["customer_id"]]) for line in reading.files["subscriptions"]}
    assert {country for currency, country in found if currency == "SEK"} == {"SE"}
    assert {country for currency, country in found if currency == "CNY"} == {"CN"}
    assert {country for currency, country in found if currency == "USD"} == {"GB"}
    assert {line["currency"] for line in reading.files["subscriptions"] if line["seller"] == "external"} == {""}


def test_support_cases_and_satisfaction_only_while_the_relationship_lasts(reading: Reading) -> None:
    ties = {(line["partner_id"], line["customer_id"]): line for line in reading.files["relationships"]}
    facts = [(line, line["opened_on"]) for line in reading.files["support_cases"]]
    facts += [(line, line["responded_on"]) for line in reading.files["satisfaction"]]
    outside = [
        line
        for line, day in facts
        if not ties[line["partner_id"], line["customer_id"]]["from"]
        <= day
        < (ties[line["partner_id"], line["customer_id"]]["to"] or "9999")
    ]
    assert outside == []
    assert {line["kind"] for line in reading.files["support_cases"]} == {"how_to", "incident", "billing", "other"}
    assert {line["score"] for line in reading.files["satisfaction"]} == {"1", "2", "3", "4", "5"}


def test_docs_tell_every_customer_as_its_story_does() -> None:
    page = (Path(__file__).parents[2] / "docs" / "demo.md").read_text(encoding="utf-8")
    rows = [
        f"| {customer.name} | {customer.country} | {', '.join(tie.partner for tie in customer.ties)} | {customer.people} | {customer.shows} |"
        for customer in CUSTOMERS
        if customer.shows
    ]
    assert [row for row in rows if row not in page.splitlines()] == []
    assert [customer.name for customer in CUSTOMERS if customer.name not in page] == []


def test_csv_read_back_as_written(folder: Path) -> None:
    comments = set()
    for path in folder.glob("*/satisfaction.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            comments |= {line["comment"] for line in csv.DictReader(file)}
    assert {"Tutto perfetto.\nGrazie a Chiara.", 'We were told to "search the internet".'} <= comments
