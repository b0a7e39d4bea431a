"""reported.csv: percentages that a vendor reported. Part of no feed: importers of its reports write it."""

from __future__ import annotations

import re

from customers.feed import values
from customers.feed.context import FileContext
from customers.feed.faults import BadValueError, Fault
from customers.feed.kind import FileKind
from customers.feed.spec import Column
from customers.feed.staging import count_changes, make_effective, mark_bad
from customers.models.reported import Reported

_PERCENT = re.compile(r"[0-9]{1,18}(?:\.[0-9]{0,6})?")

_FIND = """
    CREATE TEMP TABLE feed_found ON COMMIT DROP AS
    SELECT l.line, l.retract, c.id AS customer_id, l.day, l.metric, l.service_key AS service,
           coalesce(l.workload_key, '') AS workload, l.sku_id, coalesce(l.product_name, '') AS product_name,
           coalesce(l.channel_key, '') AS channel, l.numerator, l.denominator, l.percent
    FROM feed_line l
    LEFT JOIN feed_customer c ON c.tenant_id = l.customer_guid
    WHERE l.fault IS NULL
"""

_CHANGE = """
    CREATE TEMP TABLE feed_change ON COMMIT DROP AS
    SELECT l.*, s.id AS stored_id,
           CASE WHEN l.retract THEN CASE WHEN s.id IS NULL THEN 'unchanged' ELSE 'retracted' END
                WHEN s.id IS NULL THEN 'new'
                WHEN (s.numerator, s.denominator, s.percent) IS DISTINCT FROM (l.numerator, l.denominator, l.percent)
                THEN 'changed'
                ELSE 'unchanged' END AS verdict
    FROM feed_effective l
    LEFT JOIN customers_reported s
      ON s.customer_id = l.customer_id AND s.day = l.day AND s.metric = l.metric AND s.service = l.service
     AND s.workload = l.workload AND s.sku_id IS NOT DISTINCT FROM l.sku_id AND s.product_name = l.product_name
     AND s.channel = l.channel AND s.stated_by_id IS NOT DISTINCT FROM %(partner)s::int
"""

_DELETE = "DELETE FROM customers_reported s USING feed_change c WHERE c.stored_id = s.id AND c.verdict = 'retracted'"

_UPDATE = """
    UPDATE customers_reported s
    SET numerator = c.numerator, denominator = c.denominator, percent = c.percent, load_id = %(load)s
    FROM feed_change c
    WHERE c.stored_id = s.id AND c.verdict = 'changed'
"""

_INSERT = """
    INSERT INTO customers_reported
        (customer_id, day, metric, service, workload, sku_id, product_name, channel, numerator, denominator, percent,
         stated_by_id, load_id)
    SELECT customer_id, day, metric, service, workload, sku_id, product_name, channel, numerator, denominator, percent,
           %(partner)s, %(load)s
    FROM feed_change
    WHERE verdict = 'new'
    ORDER BY line
"""

_KEY = ("customer_id", "day", "metric", "service", "workload", "sku_id", "product_name", "channel")


def percent(value: str) -> values.Cells:
    """A percentage as the vendor wrote it."""
    if _PERCENT.fullmatch(value) is None:
        raise BadValueError(Fault.PERCENT)
    return (value,)


def service(value: str) -> values.Cells:
    """A vendor's code of a service or workload, as it compares."""
    return (values.shortened_to(value, 64, Fault.LONG_64).casefold(),)


def workload(value: str) -> values.Cells:
    """A vendor's code of a workload, as it compares; OneDrive for Business is SharePoint here, too."""
    return (values.service_key(value),)


def find(context: FileContext) -> None:
    """The customer is known, and the day is over or today. A service, workload or SKU may be unknown: it is evidence."""
    context.run(_FIND)
    stating = "SELECT line FROM feed_found WHERE NOT retract AND "
    mark_bad(context, "customer_id", Fault.UNKNOWN_CUSTOMER, stating + "customer_id IS NULL")
    mark_bad(context, "day", Fault.FUTURE, stating + f"day > '{context.today.isoformat()}'")
    make_effective(context, _KEY)


def merge(context: FileContext) -> None:
    """Write the percentages. No figure depends on them."""
    context.run(_CHANGE)
    count_changes(context)
    for statement in (_DELETE, _UPDATE, _INSERT):
        context.run(statement)


REPORTED = FileKind(
    name="reported.csv",
    columns=(
        Column("customer_id", values.guid, (("customer_guid", "uuid"),), key=True),
        Column("day", values.day, (("day", "date"),), key=True),
        Column("metric", values.one_of(Reported.Metric.values, Fault.METRIC), (("metric", "text"),), key=True),
        Column("service", service, (("service_key", "text"),), key=True),
        Column("workload", workload, (("workload_key", "text"),), key=True, optional=True),
        Column("sku_id", values.guid, (("sku_id", "uuid"),), key=True, optional=True),
        Column("product_name", values.text, (("product_name", "text"),), key=True, optional=True),
        Column("channel", service, (("channel_key", "text"),), key=True, optional=True),
        Column("numerator", values.quantity, (("numerator", "bigint"),)),
        Column("denominator", values.quantity, (("denominator", "bigint"),)),
        Column("percent", percent, (("percent", "numeric"),), optional=True),
    ),
    find=find,
    merge=merge,
)
