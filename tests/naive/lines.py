"""The files of feed.md, their columns, and how a file becomes lines with keys, values and problems."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.naive import form, values

Problem = tuple[str | None, str | None]


@dataclass(frozen=True)
class Column:
    """One column of the table in feed.md."""

    name: str
    parse: Callable[[str], Any]
    key: bool = False
    optional: bool = False
    may_be_empty: bool = False


def _key(name: str, parse: Callable[[str], Any]) -> Column:
    return Column(name, parse, key=True)


def _maybe(name: str, parse: Callable[[str], Any]) -> Column:
    return Column(name, parse, optional=True)


STATUSES = ("active", "grace", "disabled", "deprovisioned")
STATES = ("entitled", "suspended_fraud", "suspended_nonpayment", "upgraded", "cancelled")
KINDS = ("how_to", "incident", "billing", "other")

FILES: dict[str, tuple[Column, ...]] = {
    "partners.csv": (_key("partner_id", values.guid), Column("name", values.text), Column("slug", values.text)),
    "customers.csv": (
        _key("customer_id", values.guid),
        Column("name", values.text),
        Column("domain", values.text),
        Column("country", values.country),
        _maybe("segment", values.text),
    ),
    "relationships.csv": (
        _key("partner_id", values.guid),
        _key("customer_id", values.guid),
        _key("from", values.day),
        _maybe("to", values.day),
    ),
    "skus.csv": (
        _key("sku_id", values.guid),
        Column("part_number", values.text),
        Column("name", values.text),
        Column("family", values.code),
        Column("workloads", values.workloads, may_be_empty=True),
    ),
    "subscriptions.csv": (
        _key("subscription_id", values.opaque),
        _key("effective_on", values.day),
        Column("customer_id", values.guid),
        Column("seller", values.seller),
        Column("sku_id", values.guid),
        Column("status", values.one_of(*STATUSES)),
        Column("quantity", values.quantity),
        Column("is_trial", values.boolean),
        _maybe("term_end", values.day),
        _maybe("auto_renew", values.boolean),
        _maybe("cancel_until", values.day),
        _maybe("unit_price", values.unit_price),
        _maybe("currency", values.currency),
    ),
    "entitlements.csv": (
        _key("subscription_id", values.opaque),
        _key("user_id", values.opaque),
        _key("from", values.day),
        Column("state", values.one_of(*STATES)),
        _maybe("to", values.day),
    ),
    "activity.csv": (
        _key("customer_id", values.guid),
        _key("user_id", values.opaque),
        _key("service", values.service),
        _key("day", values.day),
    ),
    "coverage.csv": (
        _key("customer_id", values.guid),
        _key("service", values.service),
        _key("day", values.day),
    ),
    "support_cases.csv": (
        _key("partner_id", values.guid),
        _key("case_id", values.opaque),
        Column("customer_id", values.guid),
        Column("opened_on", values.day),
        Column("kind", values.one_of(*KINDS)),
        _maybe("closed_on", values.day),
    ),
    "satisfaction.csv": (
        _key("partner_id", values.guid),
        _key("response_id", values.opaque),
        Column("customer_id", values.guid),
        Column("responded_on", values.day),
        Column("score", values.score),
        _maybe("comment", values.comment),
    ),
}

NEVER_RETRACTED = ("partners.csv", "customers.csv", "skus.csv")


@dataclass
class Line:
    """One record of a file: where it begins, its cells as written, its key and values, and what is wrong with it."""

    number: int
    fields: list[str]
    cells: dict[str, str] = field(default_factory=dict)
    retract: bool = False
    read: dict[str, Any] = field(default_factory=dict)
    key: tuple[Any, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    skipped: bool = False

    def bad(self, column: str) -> None:
        """Remember what is wrong, with the value as written."""
        self.problems.append((column, self.cells.get(column)))


@dataclass
class ParsedFile:
    """A file read by form alone. `fault` says why it is bad as a whole, if it is."""

    fault: str = ""
    columns: list[str] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def header_fault(file: str, names: list[str], partner: str | None) -> str:
    """feed.md, Bad is: a missing column or a column twice makes the file bad as a whole."""
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        return f"column twice: {twice}"
    implied = {"partner_id"} if partner and file in ("support_cases.csv", "satisfaction.csv") else set()
    needed = {column.name for column in FILES[file] if not column.optional} - implied
    missing = needed - set(names)
    return f"missing column: {sorted(missing)}" if missing else ""


def parse_retract(file: str, line: Line) -> None:
    """feed.md, Meaning: `retract` is true, false or empty; partners, customers and SKUs can't be retracted."""
    cell = line.cells.get("retract", "").casefold()
    line.retract = cell == "true"
    if cell not in ("true", "false", "") or (line.retract and file in NEVER_RETRACTED):
        line.bad("retract")


def parse_cell(line: Line, column: Column) -> None:
    """feed.md, Bad is: an empty cell in a column without `?`; a value that does not parse."""
    cell = line.cells[column.name]
    if not cell and column.optional:
        line.read[column.name] = None
    elif not cell and not column.may_be_empty:
        line.bad(column.name)
    else:
        try:
            line.read[column.name] = column.parse(cell)
        except values.BadCellError:
            line.bad(column.name)


def parse_line(file: str, names: list[str], number: int, fields: list[str], partner: str | None) -> Line:
    """One record. Of a retract line only the key is read."""
    line = Line(number, fields)
    if len(fields) != len(names):
        line.problems.append((None, None))
        return line
    line.cells = dict(zip(names, (cell.strip() for cell in fields), strict=True))
    if "partner_id" not in names and partner:
        line.cells["partner_id"] = partner
    parse_retract(file, line)
    for column in FILES[file]:
        if column.name in line.cells and (column.key or not line.retract):
            parse_cell(line, column)
    if not line.problems:
        line.key = tuple(line.read[column.name] for column in FILES[file] if column.key)
    return line


def parse_file(file: str, content: str | bytes, partner: str | None) -> ParsedFile:
    """A whole file by form. Column names compare like codes; unknown columns are ignored and named."""
    try:
        found = list(form.records(form.decode(content)))
    except UnicodeDecodeError:
        return ParsedFile(fault="not UTF-8")
    if not found:
        return ParsedFile(fault="no header line")
    names = [name.strip().casefold() for name in found[0][1]]
    parsed = ParsedFile(header_fault(file, names, partner), names)
    known = {column.name for column in FILES[file]} | {"retract"}
    parsed.unknown_columns = [name for name in names if name not in known]
    if not parsed.fault:
        parsed.lines = [parse_line(file, names, number, fields, partner) for number, fields in found[1:]]
    return parsed
