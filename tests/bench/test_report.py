"""The benchmark's table, its file of results, and its place in the documentation."""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import ArgumentTypeError
from pathlib import Path
from uuid import uuid4

import pytest

from bench import report
from bench.__main__ import a_size
from bench.database import BASE, addresses, connect, drop_database, fresh_database
from bench.pages import TARGETS

STEP = {"seconds": 2.0, "cpu_seconds": 1.5, "process_mb": 100.0, "backend_mb": None}
RESULT = {
    "ran_on": "2026-11-21",
    "data": {
        "entitlements": 1000, "people": 300, "customers": 20, "largest_customer": 20, "activity_lines": 8000, "day_lines": 300,
        "day": "2026-11-17",
    },
    "machine": {"cores": 2, "memory_gb": 24, "python": "3.11.7", "postgres": 18},
    "steps": dict.fromkeys(("load_base", "load_nothing", "load_day", "rollup", "plain", "floor", "on_the_spot"), STEP),
    "on_the_spot": {"customers": 20, "median": 0.01, "p95": 0.02, "largest": 0.1, "largest_people": 20},
    "pages": {"customers": 20} | {key: {"queries": 9, "seconds_p95": 0.1, "processor_p95": 0.05} for key in TARGETS},
    "base_lines_per_second": 4000.0,
    "day_lines_per_second": 150.0,
    "day_lines_per_second_started": 200.0,
    "ratios": {"plain_to_rollup": 5.25, "plain_to_rollup_cpu": 4.0, "rollup_to_floor": 20.0},
    "largest_mb": 100.0,
    "comparison": {"product_rows": 1200, "equal": True},
}  # fmt: skip


def test_every_row_of_the_table_has_the_same_columns() -> None:
    rows = [line for line in report.table(RESULT).splitlines() if line.startswith("|")]
    assert len(rows) == 22
    assert {row.count("|") for row in rows} == {8}


def test_unequal_figures_are_said_above_the_table() -> None:
    unequal = {**RESULT, "comparison": {"product_rows": 1200, "equal": False}}
    assert "NOT EQUAL to the reference" in report.table(unequal)


def test_table_is_put_between_the_markers_again_and_again(tmp_path: Path) -> None:
    docs, result = tmp_path / "performance.md", tmp_path / "bench.json"
    docs.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n", encoding="utf-8")
    report.keep(RESULT, path=result)
    for _ in range(2):
        report.write_docs(result=result, docs=docs)
    expected = f"before\n{report.BEGIN}\n{report.table(RESULT)}\n{report.END}\nafter\n"
    assert docs.read_text(encoding="utf-8") == expected


def test_documentation_without_markers_is_refused(tmp_path: Path) -> None:
    docs, result = tmp_path / "performance.md", tmp_path / "bench.json"
    docs.write_text("nothing here\n", encoding="utf-8")
    report.keep(RESULT, path=result)
    with pytest.raises(ValueError, match="expected the markers"):
        report.write_docs(result=result, docs=docs)


def test_documentation_of_the_repository_has_the_markers() -> None:
    text = report.DOCS.read_text(encoding="utf-8")
    assert (text.count(report.BEGIN), text.count(report.END)) == (1, 1)


@pytest.mark.parametrize(("text", "size"), [("small", 100_000), ("1000000", 1_000_000), ("500", 500)])
def test_size_is_a_word_or_a_number(text: str, size: int) -> None:
    assert a_size(text) == size


@pytest.mark.parametrize("text", ["", "big", "-5", "1e6", "499"])
def test_size_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="expected `small` or a number from 500 on"):
        a_size(text)


def test_benchmark_ends_with_equal_figures(tmp_path: Path) -> None:
    result, database = tmp_path / "bench.json", f"seatwise_bench_{uuid4().hex[:8]}"
    words = [sys.executable, "-m", "bench", "500", "--result", str(result), "--database", database]
    run = subprocess.run(words, cwd=BASE, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    comparison = json.loads(result.read_text(encoding="utf-8"))["comparison"]
    assert (comparison["equal"], comparison["only_product"], comparison["only_reference"]) == (True, 0, 0)
    assert comparison["product_rows"] == comparison["reference_rows"] > 500


def test_database_in_use_is_said_in_one_line_and_left_alone(tmp_path: Path) -> None:
    name = f"seatwise_bench_{uuid4().hex[:8]}"
    made, _ = fresh_database(name=name)
    words = [sys.executable, "-m", "bench", "500", "--result", str(tmp_path / "bench.json"), "--database", name]
    with connect(made) as connection:
        run = subprocess.run(words, cwd=BASE, capture_output=True, text=True, check=False)
        assert connection.execute("SELECT current_database()").fetchone() == (name,)
    drop_database(owner=addresses()[1], name=name)
    assert run.returncode == 1
    assert run.stderr.splitlines()[1:] == [f"the database {name} is in use; --database names another one"]
