"""Which tables there are, and which of them say nothing of any tenant."""

from __future__ import annotations

from typing import Any

from django.db import connection

WITHOUT_TENANT = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "customers_catalogueepoch",
    "customers_family",
    "customers_sku",
    "customers_sku_workload",
    "customers_workload",
    "django_content_type",
    "django_migrations",
}
"""The catalogue is one for all, and the rest says nothing of anybody. Whatever stands here, every partner's staff may read."""


def rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def all_tables() -> dict[str, bool]:
    """Each table of the schema, and whether it is under row-level security."""
    return dict(
        rows(
            "SELECT relname, relrowsecurity FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
    )


def secured() -> list[str]:
    return [table for table in all_tables() if table not in WITHOUT_TENANT]
