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
from customers.feed.staging import count_changes, make_effective, mark_bad
from customers.models.alias import AccountKind

_GUID = "'^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'"

_FIND = """
    CREATE TEMP TABLE feed_found ON COMMIT DROP AS
    SELECT l.*, c.id AS customer_id
    FROM feed_line l
    LEFT JOIN feed_customer c ON c.tenant_id = l.customer_guid
    WHERE l.fault IS NULL
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
_CONTESTED = f"""
    CREATE TEMP TABLE feed_contested ON COMMIT DROP AS
    SELECT DISTINCT l.line, l.customer_id, n.number, l.is_deleted IS TRUE AS is_deleted
    FROM feed_effective l
    JOIN customers_person n ON n.customer_id = l.customer_id AND n.key = l.name_key
    JOIN customers_alias a ON a.customer_id = n.customer_id AND a.name_number = n.number
    JOIN customers_person o ON o.customer_id = a.customer_id AND o.number = a.person_number
    LEFT JOIN customers_person u ON u.customer_id = l.customer_id AND u.key = l.user_key
    WHERE o.key <> l.user_key AND o.key ~ {_GUID} AND l.user_key ~ {_GUID}
      AND (u.id IS NULL OR coalesce(u.same_as, u.number) <> coalesce(o.same_as, o.number))
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

_NAMED = """
    CREATE TEMP TABLE feed_named ON COMMIT DROP AS
    SELECT l.*, u.number AS person_number, n.number AS said_number
    FROM feed_effective l
    JOIN customers_person u ON u.customer_id = l.customer_id AND u.key = l.user_key
    LEFT JOIN customers_person n ON n.customer_id = l.customer_id AND n.key = l.name_key
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
        SELECT l.line, l.customer_id, l.person_number, {name_number} AS name_number, a.id AS current_id,
               {display_name} AS display_name, {mailbox} AS mailbox, {is_deleted} AS is_deleted
        FROM feed_named l
        LEFT JOIN feed_said a ON a.customer_id = l.customer_id AND a.person_number = l.person_number
    ) q
    LEFT JOIN customers_alias s
      ON s.customer_id = q.customer_id AND s.person_number = q.person_number
     AND s.name_number IS NOT DISTINCT FROM q.name_number AND s.stated_by_id IS NOT DISTINCT FROM %(partner)s::int
"""

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
    """The customers are known."""
    context.run(_FIND)
    mark_bad(context, "customer_id", Fault.UNKNOWN_CUSTOMER, "SELECT line FROM feed_found WHERE customer_id IS NULL")
    make_effective(context, ["customer_id", "user_key"])


def merge(context: FileContext) -> None:
    """Number who is new, keep who is who, and read together whose identifiers are one person's."""
    for statement in (
        _NO_ALIAS_OF_ITSELF,
        _ONE_EACH,
        "ANALYZE feed_effective",
        _CONTESTED,
        _DELETED_TAKE_NOTHING,
        _RELEASE,
        _NEW_PEOPLE,
    ):
        context.run(statement)
    number_people(context)
    for statement in (_NAMED, "ANALYZE feed_named", _SAID, "ANALYZE feed_said", _change(context)):
        context.run(statement)
    count_changes(context)
    context.run(_UPDATE)
    context.run(_INSERT)
    regroup(context, [customer for (customer,) in context.rows(_LINKED)])


def _change(context: FileContext) -> sql.Composable:
    named = context.header.has("principal_name")
    return sql.SQL(_CHANGE).format(
        name_number=sql.SQL("l.said_number" if named else "a.name_number"),
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
