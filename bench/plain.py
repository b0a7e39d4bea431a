"""The reference side of the benchmark: a feed into raw rows, and bench/plain.sql over them."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from psycopg import Connection, sql

HERE = Path(__file__).parent
BLOCK_BYTES = 1 << 20
COLUMNS = {
    "partners": ("partner_id", "name", "slug"),
    "customers": ("customer_id", "name", "domain", "country", "segment"),
    "relationships": ("partner_id", "customer_id", "from", "to"),
    "skus": ("sku_id", "part_number", "name", "family", "workloads"),
    "subscriptions": (
        "subscription_id", "effective_on", "customer_id", "seller", "sku_id", "status", "quantity", "is_trial", "term_end", "auto_renew",
        "cancel_until", "unit_price", "currency",
    ),
    "entitlements": ("subscription_id", "user_id", "from", "state", "to"),
    "activity": ("customer_id", "user_id", "service", "day"),
    "coverage": ("customer_id", "service", "day"),
}  # fmt: skip

FIGURES = (
    "sold", "blocked", "entitlements", "assigned", "active_current", "active_former", "active_lapsed", "active_trial",
    "active_unlicensed", "users", "active_users", "unassigned", "overassigned", "covered_days",
)  # fmt: skip

NAMED_FIGURES = """
    SELECT c.customer_id, p.partner_id AS seller_view, f.scope, a.code AS family, k.sku_id, w.code AS workload, {figures}
    FROM plain.figures f
    JOIN plain.customers c USING (customer)
    LEFT JOIN plain.partners p ON p.seller = f.seller_view
    LEFT JOIN plain.families a ON a.family = f.family
    LEFT JOIN plain.skus k ON k.sku = f.sku
    LEFT JOIN plain.workloads w ON w.workload = f.workload
"""


def load(*, connection: Connection, folders: Sequence[Path]) -> None:
    """Replace the schema `plain` by the raw rows of the feeds in `folders`, indexed and analysed. They must be clean (plain_load.sql)."""
    run_file(connection=connection, name="plain_tables.sql")
    for kind in COLUMNS:
        _copy_files(connection=connection, kind=kind, paths=[f / f"{kind}.csv" for f in folders])
    run_file(connection=connection, name="plain_load.sql")
    for kind in COLUMNS:
        connection.execute(sql.SQL("DROP TABLE {}").format(_staging(kind)))


def compute(*, connection: Connection, day: dt.date) -> None:
    """Fill plain.figures with every figure of every customer as of `day`: what the benchmark measures."""
    connection.execute("DELETE FROM plain.as_of")
    connection.execute("INSERT INTO plain.as_of VALUES (%s)", [day])
    connection.execute("ANALYZE plain.as_of")
    run_file(connection=connection, name="plain.sql")


def named_figures(*, connection: Connection, columns: Sequence[str] = FIGURES) -> Iterator[tuple[Any, ...]]:
    """Rows (customer_id, partner_id of the seller view or None, scope, family, sku_id, workload or None for `any`, figures in the order of `columns`)."""
    figures = sql.SQL(", ").join(sql.Identifier("f", c) for c in columns)
    with connection.cursor(name="plain_figures") as cursor:
        cursor.itersize = 50_000
        yield from cursor.execute(sql.SQL(NAMED_FIGURES).format(figures=figures))


def run_file(*, connection: Connection, name: str) -> None:
    """Run every statement of bench/`name` on its own, without parameters."""
    connection.execute((HERE / name).read_text(encoding="utf-8").encode())


def _staging(kind: str) -> sql.Identifier:
    return sql.Identifier("plain", f"feed_{kind}")


def _copy_files(*, connection: Connection, kind: str, paths: Sequence[Path]) -> None:
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(c)) for c in COLUMNS[kind])
    connection.execute(sql.SQL("CREATE UNLOGGED TABLE {} ({})").format(_staging(kind), columns))
    for path in paths:
        if path.exists():
            _copy_file(connection=connection, kind=kind, path=path)


def _copy_file(*, connection: Connection, kind: str, path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as text:
        header = next(csv.reader(text))
    columns = sql.SQL(", ").join(map(sql.Identifier, header))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, HEADER true)").format(_staging(kind), columns)
    with path.open("rb") as data, connection.cursor().copy(statement) as copy:
        while block := data.read(BLOCK_BYTES):
            copy.write(block)
