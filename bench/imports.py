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
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from bench.database import NAME, addresses, drop_database, fresh_database
from bench.measure import Step, StepError, run_command
from config.environment import Database

LINES = 1_000_000
TRIED_LINES = 50_000
CUSTOMER = "cccccccc-0000-4000-8000-000000000001"
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
    "customers.csv": f"customer_id,name,domain,country\n{CUSTOMER},Large,large.example,SE\n",
    "relationships.csv": f"partner_id,customer_id,from\n{PARTNER},{CUSTOMER},2020-01-01\n",
}
SUBSCRIPTION = "subscription_id,effective_on,customer_id,seller,sku_id,status,quantity,is_trial\n"


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
    """Measure both, print them; 1 where a command fails."""
    options = _parse(words)
    try:
        with tempfile.TemporaryDirectory() as folder:
            result = _measure(Path(folder), options)
    except StepError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        drop_database(owner=addresses()[1], name=options.database)
    if options.result:
        options.result.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    for name, step in result.items():
        print(f"{name}: {step['seconds']:.1f} s, CPU {step['cpu_seconds']} s, {step['process_mb']} MB, "
              f"database {step['backend_mb']} MB")  # fmt: skip
    return 0


def _parse(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.imports", description=__doc__)
    parser.add_argument("lines", type=int, nargs="?", default=LINES, help="people in the report that is imported")
    parser.add_argument("--tried", type=int, default=TRIED_LINES, help="people in the report that is tried out")
    parser.add_argument(
        "--concealed", action="store_true", help="names are concealed, as the vendor does unless told otherwise"
    )
    parser.add_argument("--database", default=f"{NAME}_imports", help="made anew and dropped")
    parser.add_argument("--result", type=Path, help="where to write the result as JSON")
    parser.add_argument("--verbose", action="store_true", help="print what the commands say")
    return parser.parse_args(words)


def _measure(folder: Path, options: argparse.Namespace) -> dict[str, dict[str, object]]:
    database, environment = fresh_database(name=options.database)
    _command(["migrate", "--verbosity", "0"], environment, database)
    day = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=2)
    _load_world(folder, options, environment, database)
    small, large = folder / "tried.csv", folder / "imported.csv"
    write_report(small, options.tried, day, named=not options.concealed)
    write_report(large, options.lines, day, named=not options.concealed)
    about = ["--customer", CUSTOMER, "--partner", "bench"]
    steps = {
        f"dry run of {options.tried:,} lines": [small, *about, "--dry-run"],
        f"import of {options.lines:,} lines": [large, *about],
        f"import of the same {options.lines:,} lines again": [large, *about],
    }
    result = {}
    for name, words in steps.items():
        step = _command(["import_files", *words], environment, database)
        if options.verbose:
            print(step.output)
        result[name] = asdict(step) | {"output": ""}
    return result


def _load_world(folder: Path, options: argparse.Namespace, environment: Mapping[str, str], database: Database) -> None:
    """The partner, the customer and a subscription with room for half of the people."""
    feed = folder / "feed"
    feed.mkdir()
    line = f"S1,2020-01-01,{CUSTOMER},{PARTNER},{E3},active,{options.lines // 2},false\n"
    for name, text in (WORLD | {"subscriptions.csv": SUBSCRIPTION + line}).items():
        (feed / name).write_text(text, encoding="utf-8")
    _command(["load_feed", feed], environment, database)


def _command(words: Sequence[str | Path], environment: Mapping[str, str], database: Database) -> Step:
    return run_command(words=[sys.executable, "manage.py", *words], environment=environment, database=database)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
