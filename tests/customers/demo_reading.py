"""A small reading of the demo's files for its tests: feed.md's rules line by line, and the counts behind usage."""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from customers.demo.parts import PARTS

Line = dict[str, str]

GUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
TEXT = r"\S(.{0,254}\S)?"
DAY = r"\d{4}-\d\d-\d\d"
FLAG = "true|false"
STATES = "entitled|suspended_fraud|suspended_nonpayment|upgraded|cancelled"
SERVICE = "EXO|SPO|ODB|TEAMS|YAM|SFB|PROPLUS|CRM"

# File -> the number of its key columns, and column -> pattern of a cell; what may be empty says so.
FORM: dict[str, tuple[int, dict[str, str]]] = {
    "partners": (1, {"partner_id": GUID, "name": TEXT, "slug": "[a-z]+"}),
    "customers": (1, {"customer_id": GUID, "name": TEXT, "domain": TEXT, "country": "[A-Z]{2}", "segment": TEXT}),
    "relationships": (3, {"partner_id": GUID, "customer_id": GUID, "from": DAY, "to": f"({DAY})?"}),
    "skus": (
        1,
        {"sku_id": GUID, "part_number": TEXT, "name": TEXT, "family": "o365|crm", "workloads": "[A-Z]+(;[A-Z]+)*"},
    ),
    "subscriptions": (
        2,
        {
            "subscription_id": TEXT,
            "effective_on": DAY,
            "customer_id": GUID,
            "seller": f"{GUID}|external",
            "sku_id": GUID,
            "status": "active|grace|disabled|deprovisioned",
            "quantity": r"\d{1,9}",
            "is_trial": FLAG,
            "term_end": f"({DAY})?",
            "auto_renew": f"({FLAG})?",
            "cancel_until": f"({DAY})?",
            "unit_price": r"(\d+(\.\d{1,4})?)?",
            "currency": "(EUR|SEK|CNY|USD)?",
        },
    ),
    "entitlements": (3, {"subscription_id": TEXT, "user_id": TEXT, "from": DAY, "state": STATES, "to": f"({DAY})?"}),
    "activity": (4, {"customer_id": GUID, "user_id": TEXT, "service": SERVICE, "day": DAY}),
    "coverage": (3, {"customer_id": GUID, "service": rf"{SERVICE}|\*", "day": DAY}),
    "support_cases": (
        2,
        {
            "partner_id": GUID,
            "case_id": TEXT,
            "customer_id": GUID,
            "opened_on": DAY,
            "kind": "how_to|incident|billing|other",
            "closed_on": f"({DAY})?",
        },
    ),
    "satisfaction": (
        2,
        {
            "partner_id": GUID,
            "response_id": TEXT,
            "customer_id": GUID,
            "responded_on": DAY,
            "score": "[1-5]",
            "comment": r"[\s\S]{0,10000}",
        },
    ),
}

OWNERS = {"partner_id": "partners", "customer_id": "customers", "sku_id": "skus", "subscription_id": "subscriptions"}


@dataclass
class Counts:
    """One customer's row over all SKUs, workload `any`, all sellers (metrics.md, "Base counts")."""

    sold: int = 0
    entitlements: int = 0
    assigned: int = 0
    active: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def usage(self) -> float:
        """Usage in percent."""
        return 100 * sum(self.active.values()) / self.entitlements

    @property
    def deployment(self) -> float:
        """Deployment in percent."""
        return 100 * self.assigned / self.sold

    @property
    def causes(self) -> dict[str, int]:
        """What isn't current, by class, where there is any."""
        return {name: count for name, count in sorted(self.active.items()) if count and name != "current"}


class Reading:
    """The lines of the demo's parts: each by file, and all of them together."""

    def __init__(self, folder: Path) -> None:
        self.parts = {part: _files(folder / part) for part in PARTS}
        self.files = {name: [line for files in self.parts.values() for line in files[name]] for name in FORM}
        self._counted: dict[date, dict[str, Counts]] = {}
        self.names = {line["customer_id"]: line["name"] for line in self.files["customers"]}

    def of(self, file: str, name: str) -> list[Line]:
        """The lines of a file that concern the customer of that name."""
        wanted = next(key for key, found in self.names.items() if found == name)
        return [line for line in self.files[file] if line["customer_id"] == wanted]

    def faults(self, today: date) -> list[str]:
        """Every line that breaks a rule of feed.md, in words."""
        found = [
            f"{part}: {fault}"
            for part, files in self.parts.items()
            for file, lines in files.items()
            for fault in self._file_faults(file, lines)
        ]
        found += _overlaps(self.files["entitlements"], ("subscription_id", "user_id"))
        found += _overlaps(self.files["relationships"], ("partner_id", "customer_id"))
        late = [line for file in ("activity", "coverage") for line in self.files[file] if line["day"] > str(today)]
        moved = [
            key
            for key, lines in _grouped(self.files["subscriptions"], "subscription_id").items()
            if len({(line["customer_id"], line["seller"]) for line in lines}) > 1
        ]
        return (
            found
            + [f"after today: {line}" for line in late]
            + [f"changed its customer or seller: {key}" for key in moved]
        )

    def _file_faults(self, file: str, lines: list[Line]) -> list[str]:
        keys, form = FORM[file]
        patterns = {column: re.compile(pattern) for column, pattern in form.items()}
        known = {column: {line[column] for line in self.files[owner]} for column, owner in OWNERS.items()}
        seen: set[tuple[str, ...]] = set()
        found = []
        for line in lines:
            if list(line) != list(form):
                return [f"{file}: columns {list(line)}"]
            found += [
                f"{file}: {column} of {line}" for column, rule in patterns.items() if not rule.fullmatch(line[column])
            ]
            found += [
                f"{file}: unknown {column} of {line}"
                for column in OWNERS.keys() & form
                if line[column] not in known[column]
            ]
            key = tuple(list(line.values())[:keys])
            found += [f"{file}: twice {key}"] * (key in seen)
            seen.add(key)
        return found

    def counts(self, day: date) -> dict[str, Counts]:
        """Customer name -> its counts as of `day`, read off the lines with nothing but sets."""
        if day not in self._counted:
            self._counted[day] = self._counts(day)
        return self._counted[day]

    def _counts(self, day: date) -> dict[str, Counts]:
        result = {name: Counts() for name in self.names.values()}
        used = self._used(day)
        workloads = {line["sku_id"]: set(line["workloads"].split(";")) for line in self.files["skus"]}
        periods = _grouped(self.files["entitlements"], "subscription_id")
        yammer: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for key, version in self._holding(day).items():
            customer = version["customer_id"]
            counts = result[self.names[customer]]
            usable = workloads[version["sku_id"]]
            current, blocked = 0, 0
            for user, lines in _grouped(periods.get(key, []), "user_id").items():
                entitled = [line for line in lines if line["state"] == "entitled" and line["from"] <= str(day)]
                blocked += any(line["state"] != "entitled" and _covers(line, str(day)) for line in lines)
                if not entitled:
                    continue
                name = _class(version, entitled, day)
                current += name == "current"
                days = {when for service, when in used.get((customer, user), ()) if service in usable}
                counts.active[name] += any(_covers(line, when) for line in entitled for when in days)
                if "YAM" in usable:
                    yammer[customer, user] += entitled
            if version["is_trial"] == "false" and status_as_of(version, day) == "active":
                quantity = int(version["quantity"])
                counts.sold += quantity
                counts.assigned += current
                counts.entitlements += quantity - min(blocked, max(quantity - current, 0))
        for (customer, user), what in used.items():
            days = {when for service, when in what if service == "YAM"}
            free = any(not any(_covers(line, when) for line in yammer[customer, user]) for when in days)
            result[self.names[customer]].active["unlicensed"] += free
        return result

    def _used(self, day: date) -> dict[tuple[str, str], set[tuple[str, str]]]:
        first = str(day - timedelta(27))
        used: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        for line in self.files["activity"]:
            if first <= line["day"] <= str(day):
                service = "SPO" if line["service"] == "ODB" else line["service"]
                used[line["customer_id"], line["user_id"]].add((service, line["day"]))
        return used

    def _holding(self, day: date) -> dict[str, Line]:
        """Subscription -> the version that holds on `day`."""
        versions = [line for line in self.files["subscriptions"] if line["effective_on"] <= str(day)]
        return {line["subscription_id"]: line for line in sorted(versions, key=lambda line: line["effective_on"])}

    def statuses(self, day: date) -> set[str]:
        """Every status that some subscription has as of `day`, aged."""
        return {status_as_of(version, day) for version in self._holding(day).values()}

    def covered_days(self, name: str, service: str, day: date) -> int:
        """The covered days of a customer's workload in the window."""
        window = {str(day - timedelta(ago)) for ago in range(28)}
        lines = self.of("activity", name) + self.of("coverage", name)
        return len({line["day"] for line in lines if line["service"] in {service, "*"}} & window)


def status_as_of(version: Line, day: date) -> str:
    """The status as of `day`, aged."""
    if version["status"] != "active" or version["auto_renew"] != "false" or not version["term_end"]:
        return version["status"]
    overdue = (day - date.fromisoformat(version["term_end"])).days
    steps = ((0, "active"), (30, "grace"), (120, "disabled"))
    return next((status for last, status in steps if overdue <= last), "deprovisioned")


def _files(folder: Path) -> dict[str, list[Line]]:
    """The lines of a part by file; none of a file that it doesn't have."""
    paths = {name: folder / f"{name}.csv" for name in FORM}
    return {name: list(_lines(path)) if path.exists() else [] for name, path in paths.items()}


def _lines(path: Path) -> Iterable[Line]:
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file, strict=True):
            yield {column: sys.intern(value) for column, value in line.items()}


def _grouped(lines: Iterable[Line], column: str) -> dict[str, list[Line]]:
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        groups[line[column]].append(line)
    return groups


def _covers(line: Line, day: str) -> bool:
    return line["from"] <= day and (not line["to"] or day < line["to"])


def _class(version: Line, entitled: list[Line], day: date) -> str:
    rules: list[tuple[str, Callable[[], bool]]] = [
        ("trial", lambda: version["is_trial"] == "true"),
        ("lapsed", lambda: status_as_of(version, day) != "active"),
        ("former", lambda: not any(_covers(line, str(day)) for line in entitled)),
    ]
    return next((name for name, holds in rules if holds()), "current")


def _overlaps(lines: list[Line], columns: tuple[str, str]) -> list[str]:
    found = []
    last: dict[tuple[str, str], Line] = {}
    for line in sorted(lines, key=lambda line: line["from"]):
        key = (line[columns[0]], line[columns[1]])
        before = last.get(key)
        if before is not None and (not before["to"] or before["to"] > line["from"]):
            found.append(f"overlap: {line}")
        if line["to"] and line["to"] <= line["from"]:
            found.append(f"to not after from: {line}")
        last[key] = line
    return found
