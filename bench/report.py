"""The benchmark's table: printed, kept in var/bench.json, and written into docs/performance.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.database import BASE
from bench.pages import TARGETS

RESULT = BASE / "var" / "bench.json"
DOCS = BASE / "docs" / "performance.md"
BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
HEADER = ("measure", "result", "asked for at 1 million", "time", "processor time", "memory: command", "memory: backend")


def table(result: dict[str, Any]) -> str:
    """The result of a run as a table in Markdown, with a line about data and machine above it."""
    data, machine = result["data"], result["machine"]
    above = (
        f"{data['entitlements']:,} entitlements of {data['people']:,} people in {data['customers']:,} customers (largest: "
        f"{data['largest_customer']:,} people), {data['activity_lines'] + data['day_lines']:,} lines of activity in 31 days. "
        f"{machine['cores']} cores, {machine['memory_gb']} GB, Python {machine['python']}, PostgreSQL {machine['postgres']}; {result['ran_on']}. "
        f"{result['comparison']['product_rows']:,} rows of figures as of {data['day']}: "
        f"{'all equal to the reference' if result['comparison']['equal'] else 'NOT EQUAL to the reference'}."
    )
    lines = [" | ".join(HEADER), " | ".join(["---"] * len(HEADER)), *(" | ".join(row) for row in _rows(result))]
    return above + "\n\n" + "\n".join(f"| {line} |" for line in lines)


def _rows(result: dict[str, Any]) -> list[tuple[str, ...]]:
    steps, spot, ratios = result["steps"], result["on_the_spot"], result["ratios"]
    base_rate, day_rate = result["base_lines_per_second"], result["day_lines_per_second"]
    started = result["day_lines_per_second_started"]
    largest = f"the same, the largest ({spot['largest_people']:,} people)"
    return [
        _row("`load_feed`, everything", f"{base_rate:,.0f} lines/s", "", steps["load_base"]),
        _row("`load_feed`, a day's activity", f"{day_rate:,.0f} lines/s", "150,000 lines/s", steps["load_day"]),
        _row("the same, the start of the command not counted", f"{started:,.0f} lines/s"),
        _row("a command that has nothing to do", "", "", steps["load_nothing"]),
        _row("`rollup` of a day, every customer", "", "", steps["rollup"]),
        _row("`bench/plain.sql`, the same figures", "", "", steps["plain"]),
        _row("rollup faster than plain.sql", f"{ratios['plain_to_rollup']:.1f} times", "5 times"),
        _row("the same in processor time", f"{ratios['plain_to_rollup_cpu']:.1f} times"),
        _row("scan of the bits of 28 days (floor)", "", "", steps["floor"]),
        _row("rollup slower than the floor", f"{ratios['rollup_to_floor']:.0f} times"),
        _row("one customer on the spot, median", _ms(spot["median"]), "30 ms", steps["on_the_spot"]),
        _row("the same, 95 of 100 below", _ms(spot["p95"])),
        _row(largest, _ms(spot["largest"]), "300 ms"),
        _row("largest process of the product", f"{result['largest_mb']:,.0f} MB", "700 MB"),
        *(_page(kind, target, result["pages"]) for kind, target in TARGETS.items()),
    ]


def _page(kind: str, target: float, pages: dict[str, Any]) -> tuple[str, ...]:
    found = pages[kind]
    measure = f"{kind}, {pages['customers']:,} customers, 95 of 100 below ({found['queries']} queries at most)"
    return (measure, _ms(found["seconds_p95"]), f"{target * 1000:.0f} ms", "", _ms(found["processor_p95"]), "", "")


def _row(measure: str, value: str = "", target: str = "", step: dict[str, Any] | None = None) -> tuple[str, ...]:
    units = (("seconds", "s", 2), ("cpu_seconds", "s", 2), ("process_mb", "MB", 0), ("backend_mb", "MB", 0))
    costs = (f"{step[name]:,.{digits}f} {unit}" if step and step[name] else "" for name, unit, digits in units)
    return (measure, value, target, *costs)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def keep(result: dict[str, Any], *, path: Path = RESULT) -> None:
    """Write the file of results."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def write_docs(*, result: Path = RESULT, docs: Path = DOCS) -> None:
    """Put the table of the last run between the markers of docs/performance.md. Raises FileNotFoundError, ValueError."""
    put(table(json.loads(result.read_text(encoding="utf-8"))), begin=BEGIN, end=END, docs=docs)


def put(lines: str, *, begin: str, end: str, docs: Path = DOCS) -> None:
    """Put lines between two markers of docs/performance.md. Raises FileNotFoundError, ValueError."""
    text = docs.read_text(encoding="utf-8")
    before, found_begin, rest = text.partition(begin)
    _, found_end, after = rest.partition(end)
    if not found_begin or not found_end:
        raise ValueError(f"{docs}: expected the markers {begin} and {end}")
    docs.write_text(f"{before}{begin}\n{lines}\n{end}{after}", encoding="utf-8")
