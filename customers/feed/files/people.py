"""people.csv: who is who. Part of no feed: importers of user lists write it (docs/decisions/0015)."""

from __future__ import annotations

from psycopg import sql

from customers.feed import values
from customers.feed.context import FileContext
from customers.feed.faults import Fault
from customers.feed.groups import regroup
from customers.feed.kind import FileKind
from customers.feed.people import number_people
from customers.feed.spec import Column
from customers.feed.staging import count_changes, mark_bad
from customers.models.alias import AccountKind

_GUID = "'^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'"

_NO_CUSTOMER = """
    SELECT line FROM feed_line l
    WHERE fault IS NULL AND NOT EXISTS (SELECT FROM feed_customer c WHERE c.tenant_id = l.customer_guid)
"""

_FIND = """
    CREATE TEMP TABLE feed_effective ON COMMIT DROP AS
    SELECT l.*, c.id AS customer_id
    FROM feed_line l
    JOIN feed_customer c ON c.tenant_id = l.customer_guid
    WHERE l.fault IS NULL AND NOT EXISTS (SELECT FROM feed_bad b WHERE b.line = l.line)
"""

_LAST_OF_EACH = """
    DELETE FROM feed_effective e
    USING (
        SELECT customer_id, user_key, max(line) AS line
        FROM feed_effective
        GROUP BY customer_id, user_key
        HAVING count(*) > 1
    ) last
    WHERE last.customer_id = e.customer_id AND last.user_key = e.user_key AND last.line <> e.line
"""

_NO_ALIAS_OF_ITSELF = "UPDATE feed_effective SET name_key = NULL WHERE name_key = user_key"

# Two users of one list don't have the same name at once: whoever isn't deleted has it, else who stands there last.
_ONE_EACH = """
    UPDATE feed_effective l
    SET name_key = NULL
    FROM feed_effective o
    WHERE o.customer_id = l.customer_id AND o.name_key = l.name_key AND o.user_key <> l.user_key
      AND (o.is_deleted IS NOT TRUE, o.line) > (l.is_deleted IS NOT TRUE, l.line)
"""

# A name that another object id has, or had. Where one of the two is no object id, they are two ids of one person.
_OF_ANOTHER = f"""
    FROM feed_effective l
    JOIN customers_person n ON n.customer_id = l.customer_id AND n.key = l.name_key
    JOIN customers_alias a ON a.customer_id = n.customer_id AND a.name_number = n.number
    JOIN customers_person o ON o.customer_id = a.customer_id AND o.number = a.person_number
    LEFT JOIN customers_person u ON u.customer_id = l.customer_id AND u.key = l.user_key
    WHERE o.key <> l.user_key AND o.key ~ {_GUID} AND l.user_key ~ {_GUID}
      AND (u.id IS NULL OR coalesce(u.same_as, u.number) <> coalesce(o.same_as, o.number))
"""
_CONTESTED = f"""
    CREATE TEMP TABLE feed_contested ON COMMIT DROP AS
    SELECT DISTINCT l.line, l.customer_id, n.number, l.is_deleted IS TRUE AS is_deleted {_OF_ANOTHER}
"""

# A name by which somebody else knows the other object id is moved by the operator, by whoever said so too, and by a
# customer's only partner. Whoever has said since that the user has another name, or is deleted, doesn't mind.
_NOT_THEIRS = f"""
    SELECT l.line {_OF_ANOTHER}
      AND l.is_deleted IS NOT TRUE AND NOT a.is_deleted AND a.stated_by_id IS DISTINCT FROM %(partner)s
      AND a.id = (
          SELECT w.id FROM customers_alias w
          WHERE w.customer_id = a.customer_id AND w.person_number = a.person_number
            AND w.stated_by_id IS NOT DISTINCT FROM a.stated_by_id
          ORDER BY w.load_id DESC, w.id DESC
          LIMIT 1
      )
      AND NOT EXISTS (
          SELECT FROM customers_alias m
          WHERE m.customer_id = a.customer_id AND m.person_number = a.person_number
            AND m.name_number = a.name_number AND m.stated_by_id = %(partner)s
      )
      AND EXISTS (
          SELECT FROM customers_relationship r
          WHERE r.customer_id = l.customer_id AND r.partner_id <> %(partner)s AND r.status = 'confirmed'
            AND daterange(r.valid_from, r.valid_to) @> %(today)s::date
      )
"""  # noqa: S608 - constants

_DELETED_TAKE_NOTHING = """
    UPDATE feed_effective l SET name_key = NULL FROM feed_contested c WHERE c.line = l.line AND c.is_deleted
"""

# What was stated by the name until now stays with whom it meant. A key that begins with a space is nobody's: white space
# around an id is dropped.
_RELEASE = """
    UPDATE customers_person p
    SET key = ' ' || p.customer_id || '/' || p.number
    FROM feed_contested c
    WHERE p.customer_id = c.customer_id AND p.number = c.number AND NOT c.is_deleted
"""

_NEW_USERS = """
    CREATE TEMP TABLE feed_person ON COMMIT DROP AS
    SELECT l.customer_id, l.user_key, l.user_id, l.line
    FROM feed_effective l
    LEFT JOIN customers_person p ON p.customer_id = l.customer_id AND p.key = l.user_key
    WHERE p.id IS NULL
"""

# User ids before names: those that come with one list are dense among themselves.
_NEW_PEOPLE = """
    CREATE TEMP TABLE feed_person ON COMMIT DROP AS
    SELECT DISTINCT ON (i.customer_id, i.user_key) i.customer_id, i.user_key, i.user_id, i.line
    FROM (
        SELECT customer_id, user_key, user_id, line::bigint FROM feed_effective
        UNION ALL
        SELECT customer_id, name_key, name_id, line + (1::bigint << 32) FROM feed_effective WHERE name_key IS NOT NULL
    ) i
    LEFT JOIN customers_person p ON p.customer_id = i.customer_id AND p.key = i.user_key
    WHERE p.id IS NULL
    ORDER BY i.customer_id, i.user_key, i.line
"""

# What the stater said last of each user.
_SAID = """
    CREATE TEMP TABLE feed_said ON COMMIT DROP AS
    SELECT DISTINCT ON (customer_id, person_number) *
    FROM customers_alias
    WHERE customer_id IN (SELECT customer_id FROM feed_effective) AND stated_by_id IS NOT DISTINCT FROM %(partner)s::int
    ORDER BY customer_id, person_number, load_id DESC, id DESC
"""

_CHANGE = """
    CREATE TEMP TABLE feed_change ON COMMIT DROP AS
    SELECT q.*, s.id AS stored_id,
           CASE WHEN q.current_id IS NULL THEN 'new'
                WHEN s.id IS DISTINCT FROM q.current_id
                  OR (s.display_name, s.mailbox, s.is_deleted) <> (q.display_name, q.mailbox, q.is_deleted)
                THEN 'changed'
                ELSE 'unchanged' END AS verdict
    FROM (
        SELECT l.line, l.customer_id, u.number AS person_number, {name_number} AS name_number, a.id AS current_id,
               {display_name} AS display_name, {mailbox} AS mailbox, {is_deleted} AS is_deleted
        FROM feed_effective l
        JOIN customers_person u ON u.customer_id = l.customer_id AND u.key = l.user_key
        LEFT JOIN feed_said a ON a.customer_id = u.customer_id AND a.person_number = u.number
        {names}
    ) q
    LEFT JOIN customers_alias s
      ON s.customer_id = q.customer_id AND s.person_number = q.person_number
     AND s.name_number IS NOT DISTINCT FROM q.name_number AND s.stated_by_id IS NOT DISTINCT FROM %(partner)s::int
"""

_OF_NAMES = "LEFT JOIN customers_person n ON n.customer_id = l.customer_id AND n.key = l.name_key"

_UPDATE = """
    UPDATE customers_alias a
    SET display_name = c.display_name, mailbox = c.mailbox, is_deleted = c.is_deleted, load_id = %(load)s
    FROM feed_change c
    WHERE c.stored_id = a.id AND c.verdict <> 'unchanged'
"""

_INSERT = """
    INSERT INTO customers_alias
        (customer_id, person_number, name_number, display_name, mailbox, is_deleted, stated_by_id, load_id)
    SELECT customer_id, person_number, name_number, display_name, mailbox, is_deleted, %(partner)s, %(load)s
    FROM feed_change
    WHERE stored_id IS NULL
    ORDER BY customer_id, person_number
"""

_LINKED = "SELECT DISTINCT customer_id FROM feed_change WHERE stored_id IS NULL AND name_number IS NOT NULL"


def find(context: FileContext) -> None:
    """The customers are known, and nobody takes a name away from those that somebody else has given it to."""
    mark_bad(context, "customer_id", Fault.UNKNOWN_CUSTOMER, _NO_CUSTOMER)
    _make_effective(context)
    if _names(context) and context.partner is not None:
        while mark_bad(context, "principal_name", Fault.NAME_TAKEN, _NOT_THEIRS):
            _make_effective(context)


def merge(context: FileContext) -> None:
    """Number who is new, keep who is who, and read together whose identifiers are one person's."""
    if _names(context):
        for statement in (_NO_ALIAS_OF_ITSELF, _ONE_EACH, _CONTESTED, _DELETED_TAKE_NOTHING, _RELEASE):
            context.run(statement)
    context.run(_NEW_PEOPLE if _names(context) else _NEW_USERS)
    number_people(context)
    for statement in (_SAID, "ANALYZE feed_said", _change(context)):
        context.run(statement)
    count_changes(context)
    context.run(_UPDATE)
    context.run(_INSERT)
    regroup(context, [customer for (customer,) in context.rows(_LINKED)])


def _make_effective(context: FileContext) -> None:
    """Make `feed_effective`: of each user the last line that isn't bad."""
    context.run("DROP TABLE IF EXISTS pg_temp.feed_effective")
    context.run(_FIND)
    context.run(_LAST_OF_EACH)
    context.run("ANALYZE feed_effective")


def _names(context: FileContext) -> bool:
    """Whether the file says principal names beside user ids."""
    return context.header.has("principal_name")


def _change(context: FileContext) -> sql.Composable:
    return sql.SQL(_CHANGE).format(
        name_number=sql.SQL("n.number" if _names(context) else "a.name_number"),
        names=sql.SQL(_OF_NAMES if _names(context) else ""),
        display_name=context.stated("display_name", "display_name", "a.display_name", "''"),
        mailbox=context.stated("mailbox", "mailbox", "a.mailbox", "''"),
        is_deleted=context.stated("is_deleted", "is_deleted", "a.is_deleted", "false"),
    )


PEOPLE = FileKind(
    name="people.csv",
    columns=(
        Column("customer_id", values.guid, (("customer_guid", "uuid"),), key=True),
        Column("user_id", values.opaque_id, (("user_id", "text"), ("user_key", "text")), key=True),
        Column("principal_name", values.opaque_id, (("name_id", "text"), ("name_key", "text")), optional=True),
        Column("display_name", values.text, (("display_name", "text"),), optional=True),
        Column("mailbox", values.one_of(AccountKind.values, Fault.MAILBOX), (("mailbox", "text"),), optional=True),
        Column("is_deleted", values.boolean, (("is_deleted", "boolean"),), optional=True),
    ),
    find=find,
    merge=merge,
    retractable=False,
)
