"""Whether the product's figures and those of bench/plain.sql are the same, row by row."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from psycopg import Connection, sql

from bench.plain import FIGURES
from bench.product import STORED

SHOWN = 10
REFERENCE = """
    SELECT customer, coalesce(seller_view, 0) AS seller, coalesce(family, 0) AS family, coalesce(sku, 0) AS sku,
        coalesce(workload, 0) AS workload, {figures}
    FROM plain.figures f
"""
ONLY_IN = "SELECT * FROM (TABLE {a} EXCEPT ALL TABLE {b}) AS differing ORDER BY 1, 2, 3, 4, 5"


@dataclass(frozen=True)
class Comparison:
    """How many rows each side has, how many have no equal on the other, and some of these."""

    product_rows: int
    reference_rows: int
    only_product: int
    only_reference: int
    examples: list[str]

    @property
    def equal(self) -> bool:
        """Whether every row has its equal, and there are any."""
        return self.product_rows > 0 and not self.only_product and not self.only_reference


def compare(*, connection: Connection[Any], day: dt.date) -> Comparison:
    """Compare the stored figures as of `day` with plain.figures, which must be of the same day."""
    connection.execute("SET work_mem = '256MB'")
    figures = sql.SQL(", ").join(sql.SQL("f.{0}::bigint AS {0}").format(sql.Identifier(name)) for name in FIGURES)
    for name, query in (("stored_rows", STORED), ("reference_rows", REFERENCE)):
        table = sql.Identifier(name)
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table))
        connection.execute(
            sql.SQL("CREATE TEMP TABLE {} AS ").format(table) + sql.SQL(query).format(figures=figures), {"day": day}
        )
    only_product = _only(connection=connection, a="stored_rows", b="reference_rows")
    only_reference = _only(connection=connection, a="reference_rows", b="stored_rows")
    return Comparison(
        product_rows=_count(connection=connection, table="stored_rows"),
        reference_rows=_count(connection=connection, table="reference_rows"),
        only_product=len(only_product),
        only_reference=len(only_reference),
        examples=[f"product:   {row}" for row in only_product[:SHOWN]]
        + [f"reference: {row}" for row in only_reference[:SHOWN]],
    )


def _only(*, connection: Connection[Any], a: str, b: str) -> list[tuple[Any, ...]]:
    return connection.execute(sql.SQL(ONLY_IN).format(a=sql.Identifier(a), b=sql.Identifier(b))).fetchall()


def _count(*, connection: Connection[Any], table: str) -> int:
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    return int(row[0]) if row else 0
