"""The product's side of the benchmark: its commands, one customer on the spot, its tables. Nothing else in bench/ knows the product.

Run as `python -m bench.product DAY COUNT`: measures customers on the spot and prints the seconds as JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from partners.tenancy import operating

MANAGE = (sys.executable, "manage.py")
WARM_UP = 3
REPEAT_LARGEST = 5

# The floor: reading the bits of the window once. The sum is used, so that PostgreSQL can't drop it.
FLOOR = "SELECT sum(bit_count(bits::bit(64))) FROM customers_activity WHERE day BETWEEN %(first)s AND %(last)s"

# The stored figures in the keys of plain.figures (bench/plain_tables.sql); 0 is none, all or any on both sides.
STORED = """
    SELECT pc.customer, coalesce(pp.seller, 0) AS seller, coalesce(pf.family, 0) AS family, coalesce(pk.sku, 0) AS sku,
        coalesce(pw.workload, 0) AS workload, {figures}
    FROM insights_figure f
    JOIN LATERAL (VALUES (f.seller), (nullif(f.own_of, 0))) v (seller) ON v.seller IS NOT NULL
    JOIN customers_customer c ON c.id = f.customer_id
    JOIN plain.customers pc ON pc.customer_id = c.tenant_id::text
    LEFT JOIN partners_partner p ON p.id = v.seller
    LEFT JOIN plain.partners pp ON pp.partner_id = p.partner_id::text
    LEFT JOIN customers_family a ON a.id = f.family
    LEFT JOIN plain.families pf ON pf.code = lower(a.code)
    LEFT JOIN customers_sku k ON k.id = f.sku
    LEFT JOIN plain.skus pk ON pk.sku_id = k.sku_id::text
    LEFT JOIN customers_workload w ON w.id = f.workload
    LEFT JOIN plain.workloads pw ON pw.code = upper(w.code)
    WHERE f.valid_from <= %(day)s AND (f.valid_to IS NULL OR f.valid_to > %(day)s)
"""


def migrate() -> list[str]:
    """The command that makes the tables."""
    return [*MANAGE, "migrate", "--verbosity", "0"]


def load_feed(folder: Path) -> list[str]:
    """The command that loads a feed."""
    return [*MANAGE, "load_feed", str(folder)]


def write_empty_feed(folder: Path) -> None:
    """A feed that says nothing: what loading it takes is the start of the command."""
    (folder / "activity.csv").write_text("customer_id,user_id,service,day\n", encoding="utf-8")


def rollup(day: dt.date) -> list[str]:
    """The command that computes and stores the figures of every customer as of a day."""
    return [*MANAGE, "rollup", "--date", day.isoformat()]


def on_the_spot(day: dt.date, *, customers: int) -> list[str]:
    """The command that measures customers on the spot (`main`). Nothing may be stored for the day."""
    return [sys.executable, "-m", "bench.product", day.isoformat(), str(customers)]


def pages(day: dt.date, *, requests: int) -> list[str]:
    """The command that measures pages and API (bench/pages.py). The day's figures must be stored."""
    return [sys.executable, "-m", "bench.pages", day.isoformat(), str(requests)]


def compute_one(*, customer: int, day: dt.date) -> int:
    """Answer the question of a page about one customer (its key) whose figures aren't stored; says how many rows.

    The one place that names the product's function.
    """
    from insights.selectors.figures import figures

    return len(figures(customers=[customer], day=day, seller=0))


def measure_on_the_spot(*, day: dt.date, count: int) -> dict[str, Any]:
    """Seconds for each of `count` customers drawn at random, and the median of some rounds for the largest one."""
    sizes = _people_per_customer()
    drawn = random.Random(1).sample(sorted(sizes), k=min(count, len(sizes)))
    largest = max(sizes, key=lambda customer: sizes[customer])
    for customer in [*drawn[:WARM_UP], largest]:
        compute_one(customer=customer, day=day)
    seconds = [_timed(customer=customer, day=day) for customer in drawn]
    largest_seconds = [_timed(customer=largest, day=day) for _ in range(REPEAT_LARGEST)]
    return {
        "customers": len(seconds),
        "median": statistics.median(seconds),
        "p95": sorted(seconds)[int(len(seconds) * 0.95)],
        "largest": statistics.median(largest_seconds),
        "largest_people": sizes[largest],
    }


def _people_per_customer() -> dict[int, int]:
    from customers.models import Customer

    return dict(Customer.objects.values_list("id", "next_person_number"))


def _timed(*, customer: int, day: dt.date) -> float:
    started = time.perf_counter()
    compute_one(customer=customer, day=day)
    return time.perf_counter() - started


def main(words: Sequence[str]) -> None:
    """Measure, and print the result as one line of JSON."""
    import django

    django.setup()
    with operating():
        print(json.dumps(measure_on_the_spot(day=dt.date.fromisoformat(words[0]), count=int(words[1]))))


if __name__ == "__main__":
    main(sys.argv[1:])
