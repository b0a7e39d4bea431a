"""The statements by which rows of the largest tables refer to others, for migrations: checked once for a statement.

A foreign key of the database is checked row by row, and every row waits in memory for it: for a million licences this took
longer than writing them. What refers is checked against what is there when a statement ends; an undo, which puts rows away
and back in any order, is checked as a whole (CHECK_CUSTOMERS).
"""

from __future__ import annotations

from django.db.migrations import RunSQL

TRIGGER = "refers"
"""How the triggers' names begin on tables that refer; those on tables that are referred to begin otherwise."""

# Of the arguments the first is the name of the rule, the second the other table, the third the condition between rows n (which
# refer) and p (to which is referred).
_FUNCTIONS = """
    CREATE FUNCTION customers_check_referring() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        is_broken boolean;
    BEGIN
        IF current_setting('app.step', true) = 'off' THEN
            RETURN NULL;
        END IF;
        EXECUTE format(
            'SELECT EXISTS (SELECT FROM reference_new n WHERE NOT EXISTS (SELECT FROM %I p WHERE %s))', TG_ARGV[1], TG_ARGV[2]
        ) INTO is_broken;
        IF is_broken THEN
            RAISE foreign_key_violation USING
                MESSAGE = format('a row of %s refers to none of %s', TG_TABLE_NAME, TG_ARGV[1]),
                CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
        END IF;
        RETURN NULL;
    END $$;
    CREATE FUNCTION customers_check_referred() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        is_broken boolean;
    BEGIN
        IF current_setting('app.step', true) = 'off' THEN
            RETURN NULL;
        END IF;
        EXECUTE format(
            'SELECT EXISTS ('
            ' SELECT FROM reference_old p JOIN %I n ON %s'
            ' WHERE NOT EXISTS (SELECT FROM %I o WHERE o.id = p.id AND (%s)))',
            TG_ARGV[1], TG_ARGV[2], TG_TABLE_NAME, replace(TG_ARGV[2], 'p.', 'o.')
        ) INTO is_broken;
        IF is_broken THEN
            RAISE foreign_key_violation USING
                MESSAGE = format('a row of %s still refers to one of %s', TG_ARGV[1], TG_TABLE_NAME),
                CONSTRAINT = TG_ARGV[0], TABLE = TG_ARGV[1];
        END IF;
        RETURN NULL;
    END $$;
    CREATE FUNCTION customers_check_references(customers int[]) RETURNS void
    LANGUAGE plpgsql AS $$
    DECLARE
        refers record;
        is_broken boolean;
    BEGIN
        FOR refers IN
            SELECT t.tgrelid::regclass AS name, string_to_array(encode(t.tgargs, 'escape'), '\\000') AS words
            FROM pg_trigger t
            WHERE t.tgfoid = 'customers_check_referring()'::regprocedure AND t.tgname LIKE 'refers_insert%'
        LOOP
            EXECUTE format(
                'SELECT EXISTS (SELECT FROM %s n WHERE n.customer_id = ANY ($1)'
                ' AND NOT EXISTS (SELECT FROM %I p WHERE %s))',
                refers.name, refers.words[2], refers.words[3]
            ) INTO is_broken USING customers;
            IF is_broken THEN
                RAISE foreign_key_violation USING
                    MESSAGE = format('a row of %s refers to none of %s', refers.name, refers.words[2]),
                    CONSTRAINT = refers.words[1], TABLE = refers.name::text;
            END IF;
        END LOOP;
    END $$;
    REVOKE EXECUTE ON FUNCTION customers_check_referring(), customers_check_referred() FROM PUBLIC
"""
_DROP_FUNCTIONS = (
    "DROP FUNCTION customers_check_referring(), customers_check_referred(), customers_check_references(int[])"
)

CHECK_CUSTOMERS = "SELECT customers_check_references(%(customers)s)"
"""Check all rows of these customers (keys)."""


def functions() -> RunSQL:
    """What the triggers call."""
    return RunSQL(_FUNCTIONS, _DROP_FUNCTIONS)


def refers(name: str, *, table: str, to: str, where: str) -> RunSQL:
    """Every row of `table` refers to one of the table `to`, which has a column `id`, as the rule `name` says.

    `where` is SQL between a row `n` of `table` and a row `p` of the other.
    """
    words = f"'{name}', '{{other}}', '{where}'"
    referring = words.format(other=to)
    referred = words.format(other=table)
    made = [
        f"CREATE TRIGGER {TRIGGER}_{event}_{name} AFTER {event} ON {table} REFERENCING NEW TABLE AS reference_new"
        f" FOR EACH STATEMENT EXECUTE FUNCTION customers_check_referring({referring})"
        for event in ("insert", "update")
    ]
    kept = [
        f"CREATE TRIGGER referred_{event}_{name} AFTER {event} ON {to} REFERENCING OLD TABLE AS reference_old"
        f" FOR EACH STATEMENT EXECUTE FUNCTION customers_check_referred({referred})"
        for event in ("update", "delete")
    ]
    dropped = [f"DROP TRIGGER {TRIGGER}_{event}_{name} ON {table}" for event in ("insert", "update")]
    dropped += [f"DROP TRIGGER referred_{event}_{name} ON {to}" for event in ("update", "delete")]
    return RunSQL(made + kept, dropped)
