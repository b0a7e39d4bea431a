"""The statements that put a table of facts under the journal, for migrations (docs/decisions/0012-undo.md).

Each statement that changes such a table leaves entries per customer: the keys of new rows, and what changed or removed rows
were before. Where no load is at work, what they are now too, so that it can be done again after an undo.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.migrations import RunSQL

EVENTS = {
    "INSERT": "REFERENCING NEW TABLE AS journal_new",
    "UPDATE": "REFERENCING OLD TABLE AS journal_old NEW TABLE AS journal_new",
    "DELETE": "REFERENCING OLD TABLE AS journal_old",
}
TRIGGER = "journal"
"""How the triggers' names begin."""

# app.step is the step of a load that is at work, `off` for an undo's own changes, or `outside:N` for what an undo does again.
# The owner writes: whoever is at work may not read the journal.
FUNCTION = """
    CREATE OR REPLACE FUNCTION customers_journal_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        said text := coalesce(nullif(current_setting('app.step', true), ''), 'outside:');
        is_outside boolean := said LIKE 'outside:%';
        step bigint;
        changed text := 'journal_old r';
        before text := 'jsonb_agg(to_jsonb(r))';
        after text := 'NULL::jsonb';
    BEGIN
        IF said = 'off' THEN
            RETURN NULL;
        END IF;
        step := nullif(replace(said, 'outside:', ''), '')::bigint;
        IF step IS NULL THEN
            step := nextval('customers_step');
        END IF;
        IF TG_OP = 'INSERT' THEN
            changed := 'journal_new r';
            before := 'NULL::jsonb';
            after := CASE WHEN is_outside THEN 'jsonb_agg(to_jsonb(r))' ELSE after END;
        ELSIF TG_OP = 'UPDATE' AND is_outside THEN
            changed := 'journal_old r JOIN journal_new n ON n.id = r.id';
            after := 'jsonb_agg(to_jsonb(n))';
        END IF;
        EXECUTE format(
            'INSERT INTO customers_journalentry'
            ' (step, is_outside, relation, operation, customer_id, ids, before, after, made_at)'
            ' SELECT $1, $2, $3, $4, c.customer_id, array_agg(r.id), %s, %s, now()'
            ' FROM %s CROSS JOIN LATERAL (SELECT %s AS customer_id) c'
            ' GROUP BY c.customer_id',
            before, after, changed, TG_ARGV[0]
        ) USING step, is_outside, TG_TABLE_NAME::text, TG_OP;
        RETURN NULL;
    END $$;
    REVOKE EXECUTE ON FUNCTION customers_journal_change() FROM PUBLIC
"""
# Of a million rows the images are too much for one value.
FUNCTION_IN_PIECES = FUNCTION.replace(" GROUP BY c.customer_id'", " GROUP BY c.customer_id, r.id >> 14'")
DROP_FUNCTION = "DROP FUNCTION customers_journal_change()"


def journalled(
    table: str, *, key: Sequence[str], customer: str = "r.customer_id", shared: Sequence[str] = (), updates: bool = True
) -> RunSQL:
    """Journal the changes of `table`, whose primary key is `id`. A column that it gets later needs a default in the database.

    `customer` is SQL that yields the customer's key of the row `r`. The columns `key` say which fact a row is, whatever its
    `id`. `shared`: columns by which rows of several customers are one thing (a subscription's id): an undo takes such
    customers together. Without `updates` changed rows leave no entry.
    """
    events = [event for event in EVENTS if updates or event != "UPDATE"]
    words = ", ".join(f"'{word}'" for word in (customer, ",".join(key), ",".join(shared)))
    return RunSQL(
        [
            f"CREATE TRIGGER {TRIGGER}_{event.lower()} AFTER {event} ON {table} {EVENTS[event]}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION customers_journal_change({words})"
            for event in events
        ],
        [f"DROP TRIGGER {TRIGGER}_{event.lower()} ON {table}" for event in events],
    )
