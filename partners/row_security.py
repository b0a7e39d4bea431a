"""The statements that put a table under row-level security, for migrations: whose rows the application's role sees.

The second wall behind `visible_to` (design.md, decision 1). Tables' owner, who migrates, is not held by it. Conditions are
SQL on the table's own columns; what is asked once for the whole statement stands in a scalar sub-select.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.migrations import RunSQL

PARTNER = "(SELECT seatwise_partner())"
"""The key of the partner whose staff is at work, null for everybody else."""
EVERYTHING = "(SELECT seatwise_scope_has('everything'))"
SIGNING_IN = "(SELECT seatwise_scope_has('signing_in'))"
ALL_SELLERS = "(SELECT seatwise_scope_has('all_sellers'))"
NOBODY = "false"

# An unset setting reads as null, one that was set in an earlier transaction as ''.
FUNCTIONS = """
    CREATE FUNCTION seatwise_partner() RETURNS int LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.partner_id', true), '')::int;
    CREATE FUNCTION seatwise_scope_has(word text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(word = ANY (string_to_array(current_setting('app.scope', true), ',')), false);
"""
DROP_FUNCTIONS = "DROP FUNCTION seatwise_partner(), seatwise_scope_has(text)"


def functions() -> RunSQL:
    """What the conditions of all tables call."""
    return RunSQL(FUNCTIONS, DROP_FUNCTIONS)


def secure(table: str, shown: str, *, written: str | None = None) -> RunSQL:
    """Rows of `table` show where `shown` holds, and are written where `written` does (None: where they show).

    To the operator's scope all do; with no scope at all none.
    """
    condition = f"{EVERYTHING} OR {shown}"
    check = condition if written is None else f"{EVERYTHING} OR {written}"
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY tenant ON {table} USING ({condition}) WITH CHECK ({check})",
        f"DROP POLICY tenant ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    )


def read_only_while_counting(table: str) -> RunSQL:
    """While figures are counted nothing of `table` is written, whose ever it is; the operator's scope excepted.

    For tables of which `counting()` shows more: what shows there for figures alone is for reading alone.
    """
    condition = f"{EVERYTHING} OR NOT {ALL_SELLERS}"
    clauses = {
        "insert": f"WITH CHECK ({condition})",
        "update": f"USING ({condition}) WITH CHECK ({condition})",
        "delete": f"USING ({condition})",
    }
    return RunSQL(
        [
            f"CREATE POLICY counting_{command} ON {table} AS RESTRICTIVE FOR {command.upper()} {clause}"
            for command, clause in clauses.items()
        ],
        [f"DROP POLICY counting_{command} ON {table}" for command in clauses],
    )


def open_to_sign_in(table: str, commands: Iterable[str]) -> RunSQL:
    """While somebody signs in, and isn't known yet, these commands (SELECT, UPDATE, ...) reach every row of `table`."""
    return RunSQL(
        [
            f"CREATE POLICY sign_in_{command.lower()} ON {table} FOR {command} {_clauses(command)}"
            for command in commands
        ],
        [f"DROP POLICY sign_in_{command.lower()} ON {table}" for command in commands],
    )


def _clauses(command: str) -> str:
    using, check = f"USING ({SIGNING_IN})", f"WITH CHECK ({SIGNING_IN})"
    return {"INSERT": check, "UPDATE": f"{using} {check}"}.get(command, using)
