"""`python -m bench`: the product and bench/plain.sql over the same generated data, in one run."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg

from bench import plain, product, report
from bench.compare import compare
from bench.database import BASE, NAME, DatabaseInUseError, addresses, connect, drop_database, fresh_database
from bench.generate import Manifest, cached
from bench.measure import Step, StepError, run_command, run_here
from config.environment import Database

SMALL = 100_000
SMALLEST = 500
SPOT_CUSTOMERS = 400
PAGE_REQUESTS = 200
FEW_REQUESTS = 20  # on a data set smaller than SMALL, where they say little
FLOOR_ROUNDS = 3


def main(words: Sequence[str]) -> int:
    """Run the benchmark or write its documentation; 1 when the figures differ or a command fails."""
    options = parse(words)
    if options.write_docs:
        report.write_docs(result=options.result)
        return 0
    try:
        result = run(size=options.size or options.SIZE, name=options.database)
        if not options.keep:
            drop_database(owner=addresses()[1], name=options.database)
    except (StepError, DatabaseInUseError) as error:
        print(error, file=sys.stderr)
        return 1
    report.keep(result, path=options.result)
    print(report.table(result))
    for line in result["comparison"]["examples"]:
        print(line, file=sys.stderr)
    return 0 if result["comparison"]["equal"] else 1


def parse(words: Sequence[str]) -> argparse.Namespace:
    """The arguments."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("SIZE", type=a_size, nargs="?", default=SMALL, help="entitlements, or `small` (100,000)")
    parser.add_argument("--size", type=a_size, help="the same")
    parser.add_argument(
        "--write-docs", action="store_true", help="write the last run's table into docs/performance.md, and end"
    )
    parser.add_argument(
        "--result", type=Path, default=report.RESULT, help="the file of results, default var/bench.json"
    )
    parser.add_argument("--database", default=NAME, help=f"the database that is made for the run, default {NAME}")
    parser.add_argument("--keep", action="store_true", help="don't drop that database at the end")
    return parser.parse_args(words)


def a_size(text: str) -> int:
    """A number of entitlements."""
    if text == "small":
        return SMALL
    if not (text.isascii() and text.isdigit() and int(text) >= SMALLEST):
        raise argparse.ArgumentTypeError(f"expected `small` or a number from {SMALLEST} on, got {text!r}")
    return int(text)


def run(*, size: int, name: str) -> dict[str, Any]:
    """Generate, load, compute, compare; the result is what var/bench.json says."""
    today = dt.datetime.now(dt.UTC).date()
    say(f"data set of {size:,} entitlements")
    manifest = cached(folder=BASE / "var" / "bench" / str(size), size=size, today=today)
    owner, environment = fresh_database(name=name)
    day = dt.date.fromisoformat(manifest.day)
    steps, spot = product_steps(manifest=manifest, day=day, owner=owner, environment=environment)
    with connect(owner) as connection:
        steps |= reference_steps(connection=connection, manifest=manifest, day=day, owner=owner)
        say("comparing every row")
        comparison = compare(connection=connection, day=day)
        server = connection.info.server_version // 10000
    say("pages and API")
    asked = PAGE_REQUESTS if size >= SMALL else FEW_REQUESTS
    pages = run_command(words=product.pages(day, requests=asked), environment=environment, database=owner)
    return {
        "ran_on": today.isoformat(),
        "data": {k: v for k, v in asdict(manifest).items() if k not in ("base", "day_folder")},
        "machine": {
            "cores": os.cpu_count(),
            "memory_gb": memory_gb(),
            "python": platform.python_version(),
            "postgres": server,
        },
        "steps": {name: {k: v for k, v in asdict(step).items() if k != "output"} for name, step in steps.items()},
        "on_the_spot": spot,
        "pages": json.loads(pages.output),
        "base_lines_per_second": lines_in(Path(manifest.base)) / steps["load_base"].seconds,
        "day_lines_per_second": manifest.day_lines / steps["load_day"].seconds,
        "day_lines_per_second_started": manifest.day_lines
        / (steps["load_day"].seconds - steps["load_nothing"].seconds),
        "ratios": {
            "plain_to_rollup": steps["plain"].seconds / steps["rollup"].seconds,
            "plain_to_rollup_cpu": (steps["plain"].cpu_seconds or 0) / (steps["rollup"].cpu_seconds or 1),
            "rollup_to_floor": steps["rollup"].seconds / steps["floor"].seconds,
        },
        "largest_mb": largest_mb(steps),
        "comparison": {**asdict(comparison), "equal": comparison.equal},
    }


def product_steps(
    *, manifest: Manifest, day: dt.date, owner: Database, environment: Mapping[str, str]
) -> tuple[dict[str, Step], dict[str, Any]]:
    """Load, one customer on the spot while nothing is stored, rollup; and what was measured on the spot."""
    run_command(words=product.migrate(), environment=environment, database=owner)
    steps = {}
    with tempfile.TemporaryDirectory() as nothing:
        product.write_empty_feed(Path(nothing))
        for name, words in (
            ("load_base", product.load_feed(Path(manifest.base))),
            ("load_nothing", product.load_feed(Path(nothing))),
            ("load_day", product.load_feed(Path(manifest.day_folder))),
            ("on_the_spot", product.on_the_spot(day, customers=SPOT_CUSTOMERS)),
            ("rollup", product.rollup(day)),
        ):
            say(name)
            steps[name] = run_command(words=words, environment=environment, database=owner)
            settle(owner)
    return steps, json.loads(steps["on_the_spot"].output)


def settle(owner: Database) -> None:
    """Between measured steps, on both sides: statistics are fresh, and nobody pays for what another has written."""
    with connect(owner) as connection:
        connection.execute("ANALYZE")
        if may_checkpoint(connection):
            connection.execute("CHECKPOINT")


def reference_steps(
    *, connection: psycopg.Connection[Any], manifest: Manifest, day: dt.date, owner: Database
) -> dict[str, Step]:
    """The scan of the bits, and plain.sql over the same feed; loading the raw rows is not measured."""
    floor = [scan_bits(connection=connection, day=day, owner=owner) for _ in range(FLOOR_ROUNDS)]
    say("loading the raw rows of the reference")
    plain.load(connection=connection, folders=[Path(manifest.base), Path(manifest.day_folder)])
    settle(owner)
    say("plain.sql")
    step = run_here(work=lambda: plain.compute(connection=connection, day=day), database=owner)
    return {
        "floor": next(s for s in floor if s.seconds == statistics.median_low(f.seconds for f in floor)),
        "plain": step,
    }


def scan_bits(*, connection: psycopg.Connection[Any], day: dt.date, owner: Database) -> Step:
    """Count the bits of the window once."""
    window = {"first": day - dt.timedelta(27), "last": day}
    return run_here(work=lambda: connection.execute(product.FLOOR, window).fetchone(), database=owner)


def may_checkpoint(connection: psycopg.Connection[Any]) -> bool:
    """Whether this role may ask for a checkpoint."""
    row = connection.execute("SELECT pg_has_role('pg_checkpoint', 'USAGE')").fetchone()
    return bool(row and row[0])


def largest_mb(steps: Mapping[str, Step]) -> float:
    """The largest process of the product's steps: commands and their backends."""
    ours = [step for name, step in steps.items() if name != "plain"]
    return max([0.0, *(mb for step in ours for mb in (step.process_mb, step.backend_mb) if mb)])


def lines_in(folder: Path) -> int:
    """The lines of all files of a feed, headers not counted."""
    total = 0
    for path in folder.glob("*.csv"):
        with path.open("rb") as file:
            total += sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b"")) - 1
    return total


def memory_gb() -> int:
    """The machine's memory."""
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def say(what: str) -> None:
    """Progress on standard error."""
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
