"""Invents a month of a customer, and tells it twice: as a feed's facts, and as the files of Microsoft Graph of every day."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

FIRST = date(2026, 10, 22)
DAYS = [FIRST + timedelta(days=number) for number in range(30)]
SUITE = "eeeeeeee-0000-0000-0000-000000000003"
APPS = "eeeeeeee-0000-0000-0000-000000000004"
SKUS = {SUITE: ("TESTPACK", "Test E3"), APPS: ("APPSPACK", "Apps + Files (Test)")}
SKUS_CSV = (
    "sku_id,part_number,name,family,workloads\n"
    f"{SUITE},TESTPACK,Test E3,o365,EXO;SPO;TEAMS;YAM\n{APPS},APPSPACK,Apps + Files (Test),o365,PROPLUS;SPO\n"
)
WORKLOADS = {
    "EXO": "Exchange",
    "SPO": "SharePoint",
    "ODB": "OneDrive",
    "SFB": "Skype For Business",
    "YAM": "Yammer",
    "TEAMS": "Teams",
}
COVERED = ("EXO", "SPO", "SFB", "YAM", "TEAMS", "PROPLUS")
Files = dict[str, str | bytes]


@dataclass(frozen=True)
class User:
    """A person, who holds each SKU on stretches of days (from, past), and was active on days in workloads."""

    object_id: str
    name: str
    pseudonym: str
    held: Mapping[str, list[tuple[int, int]]]
    active: frozenset[tuple[str, int]]

    def holds(self, day: int) -> list[str]:
        return [sku for sku, stretches in self.held.items() if any(begin <= day < past for begin, past in stretches)]

    def last(self, workload: str, day: int) -> str:
        days = [active for service, active in self.active if service == workload and active <= day]
        return DAYS[max(days)].isoformat() if days else ""


@dataclass(frozen=True)
class Month:
    """A customer, whose reports conceal names or not."""

    random: Random
    number: int
    users: list[User]
    quantities: dict[str, int]
    conceals: bool

    @property
    def fed(self) -> UUID:
        """Its tenant id where it comes by feed."""
        return UUID(int=0xFEED << 64 | self.number)

    @property
    def imported(self) -> UUID:
        """Its tenant id where it comes by Graph's files."""
        return UUID(int=0x6AF << 64 | self.number)

    def called(self, user: User) -> str:
        return user.pseudonym if self.conceals else user.name


def invented(number: int) -> Month:
    """The month of a customer; the same number, the same month."""
    random = Random(number)
    users = [_user(random, f"person{index}@customer{number}.example") for index in range(random.randint(2, 8))]
    quantities = {sku: random.randint(1, 9) for sku in SKUS}
    return Month(random, number, users, quantities, conceals=number % 2 == 1)


def _user(random: Random, name: str) -> User:
    held = {sku: _stretches(random) for sku in SKUS}
    share = random.choice((0.02, 0.1, 0.5))
    active = {(service, day) for service in (*WORKLOADS, "PROPLUS") for day in range(30) if random.random() < share}
    object_id = str(UUID(int=random.getrandbits(128), version=4))
    return User(object_id, name, f"{random.getrandbits(128):032X}", held, frozenset(active))


def _stretches(random: Random) -> list[tuple[int, int]]:
    """None, one or two stretches of days; 30: still."""
    cuts = sorted(random.sample(range(31), random.choice((0, 2, 2, 4))))
    return list(zip(cuts[::2], cuts[1::2], strict=True))


def as_feed(month: Month) -> Files:
    """The month as a feed."""
    tenant = month.fed
    sold = [f"{tenant}-{sku},{FIRST},{tenant},external,{sku},active,{month.quantities[sku]},false\n" for sku in SKUS]
    held = [
        f"{tenant}-{sku},{user.object_id},{DAYS[begin]},entitled,{DAYS[past] if past < 30 else ''}\n"
        for user in month.users
        for sku, stretches in user.held.items()
        for begin, past in stretches
        if begin < 30
    ]
    active = [
        f"{tenant},{user.object_id},{service},{DAYS[day]}\n" for user in month.users for service, day in user.active
    ]
    covered = [f"{tenant},{service},{day}\n" for service in COVERED for day in DAYS]
    return {
        "subscriptions.csv": "subscription_id,effective_on,customer_id,seller,sku_id,status,quantity,is_trial\n"
        + "".join(sold),
        "entitlements.csv": "subscription_id,user_id,from,state,to\n" + "".join(held),
        "activity.csv": "customer_id,user_id,service,day\n" + "".join(active),
        "coverage.csv": "customer_id,service,day\n" + "".join(covered),
    }


def as_graph(month: Month) -> Iterator[tuple[date, Files]]:
    """The month as what Graph says on each day: totals, users, and two reports."""
    for number, day in enumerate(DAYS):
        yield (
            day,
            {
                "subscribedSkus": _totals(month, number),
                "users": _users(month, number),
                "active users": _table(month, _active_columns(month, number)),
                "apps": _table(month, _apps_columns(month, number)),
            },
        )


def _totals(month: Month, day: int) -> str:
    return json.dumps(
        {
            "value": [
                {
                    "id": f"{month.imported}_{sku}",
                    "skuId": sku.upper(),
                    "skuPartNumber": part_number,
                    "capabilityStatus": "Enabled",
                    "consumedUnits": sum(sku in user.holds(day) for user in month.users),
                    "prepaidUnits": {"enabled": month.quantities[sku], "suspended": 0, "warning": 0},
                }
                for sku, (part_number, _name) in SKUS.items()
            ]
        }
    )


def _users(month: Month, day: int) -> str:
    users = [
        {
            "id": user.object_id,
            "userPrincipalName": user.name,
            "displayName": user.name.title(),
            "assignedLicenses": [{"skuId": sku, "disabledPlans": []} for sku in user.holds(day)],
        }
        for user in month.random.sample(month.users, len(month.users))
    ]
    return json.dumps({"value": users})


Columns = dict[str, list[str]]


def _active_columns(month: Month, day: int) -> Columns:
    users = month.users
    return {
        "Report Refresh Date": [DAYS[day].isoformat()] * len(users),
        "User Principal Name": [month.called(user) for user in users],
        "Display Name": [month.called(user)[::-1] for user in users],
        "Is Deleted": [month.random.choice(("False", "No", "")) for _user in users],
        "Deleted Date": [""] * len(users),
        **{f"{name} Last Activity Date": [user.last(code, day) for user in users] for code, name in WORKLOADS.items()},
        "Assigned Products": ["+".join(SKUS[sku][1].upper() for sku in user.holds(day)) for user in users],
    }


def _apps_columns(month: Month, day: int) -> Columns:
    users = month.users
    return {
        "Report Refresh Date": [DAYS[day].isoformat()] * len(users),
        "User Principal Name": [month.called(user) for user in users],
        "Last Activation Date": [""] * len(users),
        "Last Activity Date": [user.last("PROPLUS", day) for user in users],
        "Report Period": ["30"] * len(users),
    }


def _table(month: Month, columns: Columns) -> bytes:
    """CSV with its columns and rows in any order, with a byte-order mark or without."""
    names = month.random.sample(list(columns), len(columns))
    rows = list(zip(*(columns[name] for name in names), strict=True))
    lines = [names, *month.random.sample(rows, len(rows))]
    mark = month.random.choice(("", "\ufeff"))
    return (mark + "".join(",".join(line) + "\r\n" for line in lines)).encode()
