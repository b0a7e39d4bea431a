"""`python -m bench.imports`: a usage report of many people imported, and a smaller one tried out, with time and memory.

The report is one of the vendor's getOffice365ActiveUserDetail, for one customer: a line for each person, most of whom hold a
licence and were active lately in some of six services.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import hashlib
import json
import os
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.database import BASE, NAME, addresses, drop_database, fresh_database
from bench.measure import Step, StepError, run_command
from bench.report import put
from config.environment import Database

LINES = (100_000, 300_000, 1_000_000)
TRIED_LINES = 50_000
PARTNER = "aaaaaaaa-0000-4000-8000-000000000001"
E3 = "6fd2c87f-b296-42f0-b197-1e91e994b900"
SERVICES = ("Exchange", "OneDrive", "SharePoint", "Skype For Business", "Yammer", "Teams")
SHARES = (0.75, 0.5, 0.5, 0.05, 0.1, 0.7)
"""How many of the people were ever active in each service."""
HEADER = (
    "Report Refresh Date", "User Principal Name", "Display Name", "Is Deleted", "Deleted Date",
    *(f"Has {service} License" for service in SERVICES),
    *(f"{service} Last Activity Date" for service in SERVICES),
    *(f"{service} License Assign Date" for service in SERVICES),
    "Assigned Products",
)  # fmt: skip
WORLD = {
    "partners.csv": f"partner_id,name,slug\n{PARTNER},Bench,bench\n",
    "customers.csv": "customer_id,name,domain,country\n",
    "relationships.csv": "partner_id,customer_id,from\n",
    "subscriptions.csv": "subscription_id,effective_on,customer_id,seller,sku_id,status,quantity,is_trial\n",
}
RESULT = BASE / "var" / "imports.json"
BEGIN, END = "<!-- imports:begin -->", "<!-- imports:end -->"
HEADINGS = ("measure", "time", "processor time", "memory: command", "memory: backend")


def write_report(path: Path, lines: int, day: dt.date, *, named: bool = True, seed: int = 1) -> None:
    """A report with so many people as of `day`, by name or concealed; the same for the same arguments."""
    chance = random.Random(seed)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(_rows(lines, day, chance, named=named))


def _rows(lines: int, day: dt.date, chance: random.Random, *, named: bool) -> Iterator[list[str]]:
    days = [(day - dt.timedelta(days=number)).isoformat() for number in range(180)]
    assigned = [days[179]] * len(SERVICES)
    for number in range(lines):
        licensed = chance.random() < 0.9
        active = [_last(days, share, chance) for share in SHARES]
        yield [
            days[0], *_who(number, named=named), "False", "",
            *[str(licensed)] * len(SERVICES), *active, *assigned,
            "OFFICE 365 E3" if licensed else "",
        ]  # fmt: skip


def _who(number: int, *, named: bool) -> tuple[str, str]:
    """Principal name and display name; concealed ones are digests."""
    if named:
        return f"user{number:07}@large.example", f"Person {number}"
    digests = (hashlib.md5(f"{kind}{number}".encode()).hexdigest().upper() for kind in ("user", "person"))
    return next(digests), next(digests)


def _last(days: Sequence[str], share: float, chance: random.Random) -> str:
    """The last day of activity: mostly of this week, sometimes long ago, or none."""
    if chance.random() >= share:
        return ""
    return days[min(int(chance.expovariate(0.2)), len(days) - 1)]


def main(words: Sequence[str]) -> int:
    """Measure, and print and keep the result, or write the last one into the documentation; 1 where a command fails."""
    options = _parse(words)
    if options.write_docs:
        _write_docs(options.result)
        return 0
    try:
        with tempfile.TemporaryDirectory() as folder:
            result = _measure(Path(folder), options)
    except StepError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        drop_database(owner=addresses()[1], name=options.database)
    options.result.parent.mkdir(parents=True, exist_ok=True)
    options.result.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(table(result))
    return 0


def _parse(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.imports", description=__doc__)
    parser.add_argument(
        "lines",
        type=int,
        nargs="*",
        default=list(LINES),
        help="people in the reports that are imported, one after another",
    )
    parser.add_argument("--tried", type=int, default=TRIED_LINES, help="people in the report that is tried out")
    parser.add_argument(
        "--concealed", action="store_true", help="names are concealed, as the vendor does unless told otherwise"
    )
    parser.add_argument("--database", default=f"{NAME}_imports", help="made anew and dropped")
    parser.add_argument("--result", type=Path, default=RESULT, help="the file of results, default var/imports.json")
    parser.add_argument("--verbose", action="store_true", help="print what the commands say")
    parser.add_argument(
        "--write-docs", action="store_true", help="write the last result into docs/performance.md, and end"
    )
    return parser.parse_args(words)


def _measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    database, environment = fresh_database(name=options.database)
    _command(["migrate", "--verbosity", "0"], environment, database)
    day = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=2)
    sizes = [options.tried, *options.lines]
    _load_world(folder, sizes, environment, database)
    steps = {}
    for number, lines in enumerate(sizes):
        report = folder / "report.csv"
        write_report(report, lines, day, named=not options.concealed)
        words = ["import_files", report, "--customer", customer(number), "--partner", "bench"]
        named = _steps(words, lines, is_tried=number == 0, again=number == len(sizes) - 1)
        for name, command in named.items():
            step = _command(command, environment, database)
            if options.verbose:
                print(step.output)
            steps[name] = asdict(step) | {"output": ""}
    return {"ran_on": day.isoformat(), "names": "concealed" if options.concealed else "shown", "steps": steps}


def _steps(words: list[str | Path], lines: int, *, is_tried: bool, again: bool) -> dict[str, list[str | Path]]:
    """What is measured of one report: its name and its command."""
    if is_tried:
        return {f"dry run of {lines:,} lines": [*words, "--dry-run"]}
    named = {f"import of {lines:,} lines": words}
    return named | ({f"import of the same {lines:,} lines again": words} if again else {})


def customer(number: int) -> str:
    """The tenant id of one of the customers, each of which has a report."""
    return f"cccccccc-0000-4000-8000-{number:012}"


def _load_world(folder: Path, sizes: Sequence[int], environment: Mapping[str, str], database: Database) -> None:
    """The partner, and for each report a customer with a subscription that has room for half of the people."""
    feed = folder / "feed"
    feed.mkdir()
    lines = dict(WORLD)
    for number, people in enumerate(sizes):
        tenant = customer(number)
        lines["customers.csv"] += f"{tenant},Large {number},large{number}.example,SE\n"
        lines["relationships.csv"] += f"{PARTNER},{tenant},2020-01-01\n"
        lines["subscriptions.csv"] += f"S{number},2020-01-01,{tenant},{PARTNER},{E3},active,{people // 2},false\n"
    for name, text in lines.items():
        (feed / name).write_text(text, encoding="utf-8")
    _command(["load_feed", feed], environment, database)


def _command(words: Sequence[str | Path], environment: Mapping[str, str], database: Database) -> Step:
    return run_command(words=[sys.executable, "manage.py", *words], environment=environment, database=database)


def table(result: Mapping[str, Any]) -> str:
    """The result as a table in Markdown, with a line about it above."""
    units = (("seconds", "s"), ("cpu_seconds", "s"), ("process_mb", "MB"), ("backend_mb", "MB"))
    rows = [
        (name, *(f"{step[unit]:,.1f} {sign}" if step[unit] else "" for unit, sign in units))
        for name, step in result["steps"].items()
    ]
    lines = [" | ".join(HEADINGS), " | ".join(["---"] * len(HEADINGS)), *map(" | ".join, rows)]
    above = f"Names {result['names']}; {os.cpu_count()} cores; {result['ran_on']}."
    return above + "\n\n" + "\n".join(f"| {line} |" for line in lines)


def _write_docs(result: Path) -> None:
    """Put the table of the last run between the markers of docs/performance.md."""
    put(table(json.loads(result.read_text(encoding="utf-8"))), begin=BEGIN, end=END)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
