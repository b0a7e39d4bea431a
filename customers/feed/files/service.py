"""support_cases.csv and satisfaction.csv: what customers asked a partner for, and how content they are."""

from __future__ import annotations

from psycopg import sql

from customers.feed import values
from customers.feed.context import FileContext
from customers.feed.faults import Fault
from customers.feed.kind import FileKind
from customers.feed.spec import Column
from customers.feed.staging import count_changes, make_effective, mark_bad

# A partner's own file may leave the partner out, and can name no other.
_FIND = """
    CREATE TEMP TABLE feed_found ON COMMIT DROP AS
    SELECT l.*, p.id AS partner_id, c.id AS customer_id, s.id AS stored_id, s.stated_by_id,
           s.customer_id AS stored_customer_id
    FROM feed_line l
    LEFT JOIN partners_partner p
      ON p.partner_id = coalesce(l.partner_guid, %(partner_guid)s::uuid)
     AND (%(partner)s::int IS NULL OR p.id = %(partner)s::int)
    LEFT JOIN feed_customer c ON c.tenant_id = l.customer_guid
    LEFT JOIN {table} s ON s.partner_id = p.id AND s.key = l.record_key
    WHERE l.fault IS NULL
"""

# To a partner, what somebody else stated, or what it stated of a customer that it doesn't reach any more, is not known:
# so it can't be replaced, and is nothing to remove.
_FOREIGN = """
    stored_id IS NOT NULL AND (
        stated_by_id IS DISTINCT FROM %(partner)s::int
        OR stored_customer_id NOT IN (SELECT id FROM feed_customer)
    )
"""
_NOTHING_TO_RETRACT = f"UPDATE feed_found SET stored_id = NULL WHERE retract AND {_FOREIGN}"  # noqa: S608 - constants

_CHANGE = """
    CREATE TEMP TABLE feed_change ON COMMIT DROP AS
    SELECT q.*,
           CASE WHEN retract THEN CASE WHEN stored_id IS NULL THEN 'unchanged' ELSE 'retracted' END
                WHEN stored_id IS NULL THEN 'new'
                WHEN ({before}) IS DISTINCT FROM (customer_id, {now}) THEN 'changed'
                ELSE 'unchanged' END AS verdict
    FROM (
        SELECT l.line, l.retract, l.stored_id, l.partner_id, l.customer_id, l.record_id, l.record_key, {values},
               s.customer_id AS before_customer_id, {stored}
        FROM feed_effective l
        LEFT JOIN {table} s ON s.id = l.stored_id
    ) q
"""

_DELETE = "DELETE FROM {table} s USING feed_change c WHERE c.stored_id = s.id AND c.verdict = 'retracted'"

_UPDATE = """
    UPDATE {table} s
    SET customer_id = c.customer_id, {settings}, stated_by_id = %(partner)s, load_id = %(load)s
    FROM feed_change c
    WHERE c.stored_id = s.id AND c.verdict = 'changed'
"""

_INSERT = """
    INSERT INTO {table} (partner_id, customer_id, {record_id}, key, {columns}, stated_by_id, load_id)
    SELECT partner_id, customer_id, record_id, record_key, {columns}, %(partner)s, %(load)s
    FROM feed_change
    WHERE verdict = 'new'
    ORDER BY line
"""


class ServiceFile:
    """What the two files have in common: records of a partner, each about one customer."""

    def __init__(
        self, *, table: str, record_id: str, columns: tuple[str, ...], optional: str, blank: str, unknown: Fault
    ) -> None:
        self._table = sql.Identifier(table)
        self._record_id = record_id
        self._columns = columns
        self._optional = optional
        self._blank = blank
        self._unknown = unknown

    def find(self, context: FileContext) -> None:
        """Partner and customer are known, and the record is the stater's to state."""
        context.run(sql.SQL(_FIND).format(table=self._table))
        stating = "SELECT line FROM feed_found WHERE NOT retract AND "
        mark_bad(context, "partner_id", Fault.UNKNOWN_PARTNER, stating + "partner_id IS NULL")
        mark_bad(context, "customer_id", Fault.UNKNOWN_CUSTOMER, stating + "customer_id IS NULL")
        if context.partner is not None:
            mark_bad(context, self._record_id, self._unknown, stating + _FOREIGN)
            context.run(_NOTHING_TO_RETRACT)
        make_effective(context, ["partner_guid", "record_key"])

    def merge(self, context: FileContext) -> None:
        """Write the records."""
        names = [sql.Identifier(name) for name in self._columns]
        self._change(context)
        count_changes(context)
        context.run(sql.SQL(_DELETE).format(table=self._table))
        settings = [sql.SQL("{} = c.{}").format(name, name) for name in names]
        context.run(sql.SQL(_UPDATE).format(table=self._table, settings=sql.SQL(", ").join(settings)))
        context.run(
            sql.SQL(_INSERT).format(
                table=self._table, record_id=sql.Identifier(self._record_id), columns=sql.SQL(", ").join(names)
            )
        )

    def _change(self, context: FileContext) -> None:
        said = [sql.SQL("{} AS {}").format(self._said(context, name), sql.Identifier(name)) for name in self._columns]
        before = [sql.Identifier(f"before_{name}") for name in ("customer_id", *self._columns)]
        stored = [
            sql.SQL("s.{} AS {}").format(sql.Identifier(name), sql.Identifier(f"before_{name}"))
            for name in self._columns
        ]
        comma = sql.SQL(", ")
        context.run(
            sql.SQL(_CHANGE).format(
                table=self._table,
                values=comma.join(said),
                stored=comma.join(stored),
                before=comma.join(before),
                now=comma.join([sql.Identifier(name) for name in self._columns]),
            )
        )

    def _said(self, context: FileContext, name: str) -> sql.Composable:
        if name == self._optional:
            return context.stated(name, name, f"s.{name}", self._blank)
        return sql.Identifier("l", name)


_PARTNER = Column("partner_id", values.guid, (("partner_guid", "uuid"),), key=True)
_CUSTOMER = Column("customer_id", values.guid, (("customer_guid", "uuid"),))
_RECORD = (("record_id", "text"), ("record_key", "text"))
_CASES = ServiceFile(
    table="customers_supportcase",
    record_id="case_id",
    columns=("opened_on", "kind", "closed_on"),
    optional="closed_on",
    blank="NULL",
    unknown=Fault.UNKNOWN_CASE,
)
_RESPONSES = ServiceFile(
    table="customers_satisfactionresponse",
    record_id="response_id",
    columns=("responded_on", "score", "comment"),
    optional="comment",
    blank="''",
    unknown=Fault.UNKNOWN_RESPONSE,
)

SUPPORT_CASES = FileKind(
    name="support_cases.csv",
    columns=(
        _PARTNER,
        Column("case_id", values.opaque_id, _RECORD, key=True),
        _CUSTOMER,
        Column("opened_on", values.day, (("opened_on", "date"),)),
        Column("kind", values.case_kind, (("kind", "text"),)),
        Column("closed_on", values.day, (("closed_on", "date"),), optional=True),
    ),
    find=_CASES.find,
    merge=_CASES.merge,
    partner_may_lack=frozenset({"partner_id"}),
)

SATISFACTION = FileKind(
    name="satisfaction.csv",
    columns=(
        _PARTNER,
        Column("response_id", values.opaque_id, _RECORD, key=True),
        _CUSTOMER,
        Column("responded_on", values.day, (("responded_on", "date"),)),
        Column("score", values.score, (("score", "int2"),)),
        Column("comment", values.comment, (("comment", "text"),), optional=True),
    ),
    find=_RESPONSES.find,
    merge=_RESPONSES.merge,
    partner_may_lack=frozenset({"partner_id"}),
)
