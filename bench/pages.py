"""Pages and API of one partner, in process: `python -m bench.pages DAY COUNT` measures requests with varied filters, and prints JSON.

Runs on the benchmark's database once the figures of DAY are stored. The first partner is left with 2,000 of its customers, spread over
all sizes: relationships alone go, so that no figure changes.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

CUSTOMERS = 2_000
WARM_UP = 10
SEED = 20260331
EMAIL = "bench@pages.example"
TRANSACTIONS = ("BEGIN", "SET ", "SAVEPOINT", "RELEASE")

_TOO_MANY = """
    DELETE FROM customers_relationship WHERE partner_id = %(partner)s AND id IN (
        SELECT id FROM (
            SELECT r.id, row_number() OVER (ORDER BY c.next_person_number DESC, c.id) AS place, count(*) OVER () AS whole
            FROM customers_relationship r JOIN customers_customer c ON c.id = r.customer_id WHERE r.partner_id = %(partner)s
        ) ranked WHERE place %% greatest(whole / %(left)s, 1) <> 1 %% greatest(whole / %(left)s, 1) OR place > %(left)s * greatest(whole / %(left)s, 1)
    )
"""


@dataclass(frozen=True)
class World:
    """Whose pages are asked for, and what the filters can name."""

    partner: int
    day: dt.date
    customers: list[str]
    families: list[str]
    skus: list[str]
    workloads: list[str]
    countries: list[str]


def prepare(*, day: dt.date) -> tuple[World, Any]:
    """The partner with its customers, and a browser in which a global admin of it has signed in."""
    from django.db import connection
    from django.test import Client

    from customers.models import Customer, Family, Sku, Workload
    from partners.models import Partner, Staff

    partner = Partner.objects.get(slug="bench-1")
    with connection.cursor() as cursor:
        cursor.execute(_TOO_MANY, {"partner": partner.pk, "left": CUSTOMERS})
        cursor.execute("ANALYZE")
    staff, _ = Staff.objects.update_or_create(email=EMAIL, defaults={"partner": partner, "roles": ["global_admin"]})
    served = Customer.objects.filter(relationships__partner=partner)
    held = Sku.objects.filter(pk__in=served.values("subscriptions__versions__sku").distinct(), family__in_insights=True)
    world = World(
        partner=partner.pk,
        day=day,
        customers=[
            str(one) for one in served.order_by("-next_person_number", "pk").values_list("tenant_id", flat=True)
        ],
        families=list(Family.objects.filter(in_insights=True).values_list("code", flat=True)),
        skus=[str(one) for one in held.values_list("sku_id", flat=True)],
        workloads=["any", *Workload.objects.filter(skus__in=held).distinct().values_list("code", flat=True)],
        countries=sorted(set(served.values_list("profiles__country", flat=True))),
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(staff)
    return world, client


def portfolio(world: World, dice: random.Random) -> str:
    """An address of the portfolio, with some filters or none."""
    asked = _filters(world, dice) | _maybe(dice, 0.3, sort=dice.choice(["usage_pct", "idle", "-customer", "customer"]))
    return f"/?{urlencode(asked)}"


def customer(world: World, dice: random.Random) -> str:
    """A customer's overview or insights, the largest customers included."""
    asked = _maybe(dice, 0.3, seller="us") | _maybe(dice, 0.3, date=world.day.isoformat())
    return f"/customers/{dice.choice(world.customers)}/{dice.choice(['', 'insights/'])}?{urlencode(asked)}"


def people_and_changes(world: World, dice: random.Random) -> str:
    """A customer's people, some of them or all in some order, or what changed in some weeks."""
    path = f"/customers/{dice.choice(world.customers)}"
    if dice.random() < 0.3:
        before = world.day - dt.timedelta(days=dice.choice([7, 28, 56]))
        return f"{path}/changes/?{urlencode({'date': world.day.isoformat(), 'with': before.isoformat()})}"
    asked = _maybe(dice, 0.5, show=dice.choice(["idle", "unlicensed", "left"])) | _maybe(
        dice, 0.3, q=dice.choice("abc")
    )
    return f"{path}/people/?{urlencode(asked | _maybe(dice, 0.3, sort='-last_active'))}"


ANALYSES = ("deployment", "usage", "idle", "above-100", "lifecycle", "trials", "movements")


def analysis(world: World, dice: random.Random) -> str:
    """An analysis with its trend of 24 months, with some filters or none, in some order."""
    asked = _filters(world, dice)
    asked.pop("by")
    asked |= _maybe(dice, 0.2, columns=dice.choice(["sold", "sold,idle,usage_pct"]))
    asked |= _maybe(dice, 0.3, sort=dice.choice(["customer", "-customer"]))
    return f"/analysis/{dice.choice(ANALYSES)}/?{urlencode(asked)}"


def api(world: World, dice: random.Random) -> str:
    """A page of 100 insight rows, anywhere in the list."""
    asked = _filters(world, dice) | {"page_size": 100}
    return f"/api/v1/insights/?{urlencode(asked)}"


def api_portfolio(world: World, dice: random.Random) -> str:
    """The portfolio's rows over the API."""
    return f"/api/v1/portfolio/?{urlencode(_filters(world, dice))}"


def _filters(world: World, dice: random.Random) -> dict[str, str]:
    by = dice.choice(["sku", "family", "all"])
    asked = {"by": by} | _maybe(dice, 0.3, seller="us") | _maybe(dice, 0.3, country=dice.choice(world.countries))
    asked |= _maybe(dice, 0.3, workload=dice.choice(world.workloads)) | _maybe(dice, 0.3, date=world.day.isoformat())
    if by != "all":
        asked |= _maybe(dice, 0.3, family=dice.choice(world.families))
    if by == "sku" and "family" not in asked:
        asked |= _maybe(dice, 0.3, sku=dice.choice(world.skus))
    return asked


def _maybe(dice: random.Random, chance: float, **asked: str) -> dict[str, str]:
    return asked if dice.random() < chance else {}


KINDS = {
    "portfolio": portfolio,
    "customer page": customer,
    "people and changes": people_and_changes,
    "analysis": analysis,
    "API page of 100 rows": api,
    "API portfolio": api_portfolio,
}
TARGETS = {
    "portfolio": 0.3,
    "customer page": 0.15,
    "people and changes": 0.3,
    "analysis": 0.3,
    "API page of 100 rows": 0.1,
    "API portfolio": 0.3,
}
"""Seconds that 95 of 100 requests stay below."""


@contextmanager
def counted() -> Iterator[list[int]]:
    """The number of queries sent meanwhile, those included that Django doesn't see; what begins transactions asks nothing."""
    number, execute = [0], psycopg.Cursor.execute

    def counting(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        number[0] += not str(query).lstrip().startswith(TRANSACTIONS)
        return execute(self, query, *args, **kwargs)

    psycopg.Cursor.execute = counting  # type: ignore[method-assign]
    try:
        yield number
    finally:
        psycopg.Cursor.execute = execute  # type: ignore[method-assign]


@dataclass(frozen=True)
class Answer:
    """What one request took: seconds, seconds of processors (this process and the database's), statements."""

    seconds: float
    processor: float
    queries: int


def measure(*, day: dt.date, requests: int) -> dict[str, Any]:
    """What each kind of request took."""
    world, client = prepare(day=day)
    found: dict[str, Any] = {"customers": len(world.customers)}
    for kind, address in KINDS.items():
        dice = random.Random(SEED)
        asked = [address(world, dice) for _ in range(requests)]
        for one in asked[:WARM_UP]:
            _answered(client, one)
        gc.collect()
        gc.freeze()  # as config/wsgi.py does
        found[kind] = _summary([_answered(client, one) for one in asked])
    return found


def _summary(answers: list[Answer]) -> dict[str, Any]:
    """Medians, and what 95 of 100 requests stay below."""
    summary: dict[str, Any] = {"requests": len(answers), "queries": max(answer.queries for answer in answers)}
    for name in ("seconds", "processor"):
        values = sorted(getattr(answer, name) for answer in answers)
        summary |= {f"{name}_median": statistics.median(values), f"{name}_p95": values[int(len(values) * 0.95)]}
    return summary


def _answered(client: Any, address: str) -> Answer:
    with counted() as number:
        begun, busy = time.perf_counter(), _processor_seconds()
        response = client.get(address)
        seconds, processor = time.perf_counter() - begun, _processor_seconds() - busy
    if response.status_code != 200:
        raise RuntimeError(f"{address}: {response.status_code} {response.content[:300]!r}")
    return Answer(seconds, processor, number[0])


def _processor_seconds() -> float:
    """Of this process, and of the backend that works for it where the system tells."""
    from django.db import connection

    connection.ensure_connection()
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    backend = int(told.read_text(encoding="ascii").split()[0]) / 1e9 if told.exists() else 0.0
    return time.process_time() + backend


def main(words: Sequence[str]) -> None:
    """Measure, and print the result as one line of JSON."""
    import django
    from django.conf import settings
    from django.test.utils import override_settings

    django.setup()
    from partners.tenancy import operating

    # As they come from their folders: names by content need them to be collected first.
    static = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with operating(), override_settings(STORAGES=settings.STORAGES | static, SECURE_SSL_REDIRECT=False):
        print(json.dumps(measure(day=dt.date.fromisoformat(words[0]), requests=int(words[1]))))


if __name__ == "__main__":
    main(sys.argv[1:])
