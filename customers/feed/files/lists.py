"""lists.csv: on which day a list of who holds what was seen. Compares each with those of the days around it.

A series (source and stater) of lists is kept as holdings: a person's begins with the first list that names it, and ends with
the first that doesn't. That loses nothing, so that a list may come late: it changes what lies between the list before it
and the list after it, and the order of arrival doesn't matter.
"""

from __future__ import annotations

from datetime import date

from customers.feed import values
from customers.feed.context import FileContext
from customers.feed.faults import Fault
from customers.feed.files.holders import keep_last, make_room
from customers.feed.kind import FileKind
from customers.feed.people import number_people
from customers.feed.spec import Column
from customers.feed.staging import make_effective, mark_bad

_FIND = """
    CREATE TEMP TABLE feed_found ON COMMIT DROP AS
    SELECT l.line, c.id AS customer_id, l.day, l.source, l.user_key, l.user_id, l.customer_guid
    FROM feed_line l
    LEFT JOIN feed_customer c ON c.tenant_id = l.customer_guid
    WHERE l.fault IS NULL
"""

_NEW_PEOPLE = """
    CREATE TEMP TABLE feed_person ON COMMIT DROP AS
    SELECT DISTINCT ON (f.customer_id, f.user_key) f.customer_id, f.user_key, f.user_id, f.line
    FROM feed_effective f
    LEFT JOIN customers_person p ON p.customer_id = f.customer_id AND p.key = f.user_key
    WHERE f.user_key IS NOT NULL AND p.id IS NULL
    ORDER BY f.customer_id, f.user_key, f.line
"""

_LISTS = """
    CREATE TEMP TABLE list_seen ON COMMIT DROP AS
    SELECT f.customer_id, f.day, f.source, p.number AS person_number, f.line
    FROM feed_effective f
    LEFT JOIN customers_person p ON p.customer_id = f.customer_id AND p.key = f.user_key
"""

_REMEMBER = """
    INSERT INTO customers_seenlist (customer_id, day, source, person_number, stated_by_id, load_id)
    SELECT customer_id, day, source, person_number, %(partner)s, %(load)s
    FROM list_seen
    WHERE day = %(day)s
    ORDER BY line
    ON CONFLICT DO NOTHING
"""

# Who is looked at: each person of whom a list of the day speaks, with the day of the next list that does; a list of one's
# own goes before that of everybody.
_SCOPE = """
    CREATE TEMP TABLE list_scope ON COMMIT DROP AS
    SELECT q.*,
           (SELECT min(n.day)
            FROM customers_seenlist n
            WHERE n.customer_id = q.customer_id AND n.source = q.source AND n.day > %(day)s
              AND n.stated_by_id IS NOT DISTINCT FROM %(partner)s::int AND n.person_number IS NULL) AS until
    FROM (SELECT DISTINCT customer_id, source, bool_or(person_number IS NULL) AS of_all
          FROM list_seen WHERE day = %(day)s GROUP BY customer_id, source) q
"""

_OWN = """
    CREATE TEMP TABLE list_own ON COMMIT DROP AS
    SELECT s.customer_id, s.source, n.person_number, bool_or(n.day = %(day)s) AS today,
           bool_or(l.person_number IS NOT NULL) AS said, min(n.day) FILTER (WHERE n.day > %(day)s) AS until
    FROM list_scope s
    JOIN customers_seenlist n ON n.customer_id = s.customer_id AND n.source = s.source AND n.day >= %(day)s
     AND n.stated_by_id IS NOT DISTINCT FROM %(partner)s::int AND n.person_number IS NOT NULL
    LEFT JOIN list_seen l ON l.customer_id = n.customer_id AND l.source = n.source AND l.day = n.day
     AND l.person_number = n.person_number AND l.day = %(day)s
    GROUP BY s.customer_id, s.source, n.person_number
"""

# What stands (until now) and what is said for each person and SKU on the day.
_CELLS = """
    CREATE TEMP TABLE list_cell ON COMMIT DROP AS
    SELECT s.customer_id, s.source, q.person_number, q.sku_id, q.id, q.load_id, q.state AS before, q.valid_from, q.valid_to,
           q.said, least(s.until, o.until) AS until
    FROM list_scope s
    CROSS JOIN LATERAL (
        SELECT person_number, sku_id, h.id, h.load_id, h.state, h.valid_from, h.valid_to, m.state AS said
        FROM (
            SELECT id, load_id, person_number, sku_id, state, valid_from, valid_to
            FROM customers_holding
            WHERE customer_id = s.customer_id AND source = s.source
              AND stated_by_id IS NOT DISTINCT FROM %(partner)s::int
              AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
        ) h
        FULL JOIN (
            SELECT person_number, sku_id, state
            FROM list_holder
            WHERE load = %(load)s AND customer_id = s.customer_id AND source = s.source AND day = %(day)s
        ) m USING (person_number, sku_id)
    ) q
    LEFT JOIN list_own o
      ON o.customer_id = s.customer_id AND o.source = s.source AND o.person_number = q.person_number
    WHERE CASE WHEN o.today THEN o.said ELSE s.of_all END
"""

_COUNT = """
    SELECT count(*) FILTER (WHERE before IS NULL), count(*) FILTER (WHERE before <> said),
           count(*) FILTER (WHERE before = said), count(*) FILTER (WHERE said IS NULL)
    FROM list_cell
"""

_SAME = "DELETE FROM list_cell WHERE before = said"

_REST = """
    INSERT INTO customers_holding
        (customer_id, person_number, sku_id, source, state, valid_from, valid_to, stated_by_id, load_id)
    SELECT customer_id, person_number, sku_id, source, before, until, valid_to, %(partner)s, load_id
    FROM list_cell
    WHERE before IS NOT NULL AND until IS NOT NULL AND (valid_to IS NULL OR valid_to > until)
"""

_DELETE = "DELETE FROM customers_holding h USING list_cell c WHERE c.id = h.id AND c.valid_from = %(day)s"

_CUT = """
    UPDATE customers_holding h
    SET valid_to = %(day)s, load_id = %(load)s
    FROM list_cell c
    WHERE c.id = h.id AND c.valid_from < %(day)s
"""

# What adjoins in the same state is one.
_NEIGHBOURS = """
    CREATE TEMP TABLE list_near ON COMMIT DROP AS
    SELECT c.customer_id, c.source, c.person_number, c.sku_id, c.said, c.until, l.id AS left_id, r.id AS right_id,
           CASE WHEN r.id IS NULL THEN c.until ELSE r.valid_to END AS valid_to
    FROM list_cell c
    LEFT JOIN customers_holding l
      ON l.customer_id = c.customer_id AND l.person_number = c.person_number AND l.sku_id = c.sku_id
     AND l.source = c.source AND l.stated_by_id IS NOT DISTINCT FROM %(partner)s::int AND l.valid_to = %(day)s
     AND l.state = c.said
    LEFT JOIN customers_holding r
      ON r.customer_id = c.customer_id AND r.person_number = c.person_number AND r.sku_id = c.sku_id
     AND r.source = c.source AND r.stated_by_id IS NOT DISTINCT FROM %(partner)s::int AND r.valid_from = c.until
     AND r.state = c.said
    WHERE c.said IS NOT NULL
"""

_JOIN_RIGHT = "DELETE FROM customers_holding h USING list_near n WHERE n.right_id = h.id"

_LENGTHEN = """
    UPDATE customers_holding h
    SET valid_to = n.valid_to, load_id = %(load)s
    FROM list_near n
    WHERE n.left_id = h.id
"""

_INSERT = """
    INSERT INTO customers_holding
        (customer_id, person_number, sku_id, source, state, valid_from, valid_to, stated_by_id, load_id)
    SELECT customer_id, person_number, sku_id, source, said, %(day)s, valid_to, %(partner)s, %(load)s
    FROM list_near
    WHERE left_id IS NULL
    ORDER BY customer_id, sku_id, person_number
"""

_WORK = ("list_scope", "list_own", "list_cell", "list_near")


def find(context: FileContext) -> None:
    """Customers are known, and the day is not to come."""
    context.run(_FIND)
    mark_bad(context, "customer_id", Fault.UNKNOWN_CUSTOMER, "SELECT line FROM feed_found WHERE customer_id IS NULL")
    mark_bad(context, "day", Fault.FUTURE, "SELECT line FROM feed_found WHERE day > %(today)s::date")
    make_effective(context, ["customer_guid", "day", "source", "user_key"])


def merge(context: FileContext) -> None:
    """Compare the lists, earliest day first, with what was known; those in them were named by holders.csv just before."""
    context.run(_NEW_PEOPLE)
    number_people(context)
    _drop(context, "list_seen")
    context.run(_LISTS)
    make_room(context)
    keep_last(context)
    for (day,) in context.rows("SELECT DISTINCT day FROM list_seen ORDER BY day"):
        _compare(context, day)


def _compare(context: FileContext, day: date) -> None:
    """Make the holdings of the series say from `day` to the next list what the lists of that day say."""
    this = {"day": day}
    _drop(context, *_WORK)
    for statement in (_REMEMBER, _SCOPE, "ANALYZE list_scope", _OWN, "ANALYZE list_own", _CELLS):
        context.run(statement, this)
    context.run("ANALYZE list_cell")
    _count(context)
    for statement in (_SAME, _REST, _DELETE, _CUT, _NEIGHBOURS, _JOIN_RIGHT, _LENGTHEN, _INSERT):
        context.run(statement, this)


def _count(context: FileContext) -> None:
    """Holdings that begin, change, go on and end count as records, besides the lists themselves."""
    counts = context.counts
    [(new, changed, unchanged, ended)] = context.rows(_COUNT)
    counts.new += new
    counts.changed += changed
    counts.unchanged += unchanged
    counts.retracted += ended


def _drop(context: FileContext, *tables: str) -> None:
    for table in tables:
        context.run(f"DROP TABLE IF EXISTS pg_temp.{table}")


LISTS = FileKind(
    name="lists.csv",
    columns=(
        Column("customer_id", values.guid, (("customer_guid", "uuid"),), key=True),
        Column("day", values.day, (("day", "date"),), key=True),
        Column("source", values.list_source, (("source", "text"),), key=True),
        Column("user_id", values.opaque_id, (("user_id", "text"), ("user_key", "text")), key=True, optional=True),
    ),
    find=find,
    merge=merge,
    retractable=False,
)
