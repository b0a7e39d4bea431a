"""partners.csv: who resells. The operator's file."""

from __future__ import annotations

from customers.feed import values
from customers.feed.context import FileContext
from customers.feed.faults import Fault
from customers.feed.kind import FileKind
from customers.feed.settle import Line, Objection, settle
from customers.feed.spec import Column
from customers.feed.staging import count_changes, settle_contradictions

_FIND = "CREATE TEMP TABLE feed_found ON COMMIT DROP AS SELECT * FROM feed_line WHERE fault IS NULL"

_LINES = """
    SELECT line, partner_guid, slug_key FROM feed_found f
    WHERE NOT EXISTS (SELECT FROM feed_bad b WHERE b.line = f.line)
"""

_CHANGE = """
    CREATE TEMP TABLE feed_change ON COMMIT DROP AS
    SELECT l.line, l.partner_guid, l.name, l.slug, p.id AS stored_id,
           CASE WHEN p.id IS NULL THEN 'new'
                WHEN (p.name, p.slug) IS DISTINCT FROM (l.name, l.slug) THEN 'changed'
                ELSE 'unchanged' END AS verdict
    FROM feed_effective l
    LEFT JOIN partners_partner p ON p.partner_id = l.partner_guid
"""

# Two partners may exchange their slugs: first all that change let go of theirs. No slug begins with a control character.
_FREE_SLUGS = """
    UPDATE partners_partner p SET slug = chr(1) || p.id
    FROM feed_change c WHERE c.stored_id = p.id AND c.verdict = 'changed'
"""

_UPDATE = """
    UPDATE partners_partner p SET name = c.name, slug = c.slug
    FROM feed_change c WHERE c.stored_id = p.id AND c.verdict = 'changed'
"""

_INSERT = """
    INSERT INTO partners_partner (partner_id, name, slug, second_factor_required, created_at)
    SELECT partner_guid, name, slug, false, now() FROM feed_change WHERE verdict = 'new' ORDER BY line
"""


class Slugs:
    """The slugs that are taken."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def add(self, content: str) -> None:
        self._taken.add(content)

    def objection(self, content: str) -> Objection | None:
        return ("slug", Fault.SLUG_TAKEN) if content in self._taken else None


def find(context: FileContext) -> None:
    """Every line is its own record; two partners can't have the same slug."""
    context.run(_FIND)
    settle_contradictions(context, ["partner_guid"], lambda: _same_slugs(context))


def _same_slugs(context: FileContext) -> list[tuple[int, str, Fault]]:
    lines = [Line(line, guid, slug) for line, guid, slug in context.rows(_LINES)]
    partners = context.rows("SELECT partner_id, slug FROM partners_partner")
    stored = [(guid, slug.casefold()) for guid, slug in partners]
    return settle(lines, stored, Slugs)


def merge(context: FileContext) -> None:
    """Write the partners."""
    context.run(_CHANGE)
    count_changes(context)
    for statement in (_FREE_SLUGS, _UPDATE, _INSERT):
        context.run(statement)


PARTNERS = FileKind(
    name="partners.csv",
    columns=(
        Column("partner_id", values.guid, (("partner_guid", "uuid"),), key=True),
        Column("name", values.text, (("name", "text"),)),
        Column("slug", values.slug, (("slug", "text"), ("slug_key", "text"))),
    ),
    find=find,
    merge=merge,
    held=None,
    retractable=False,
    operator_only=True,
)
