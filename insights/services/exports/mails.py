"""A report as a mail: its figures in a few lines, the same as bars, and the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.urls import reverse

from insights.exported import MAIL_COLUMNS
from insights.models import Report, ReportRecipient
from insights.services.exports.reports import token_of
from insights.window import WINDOW_DAYS
from partners.export.asking import Export
from partners.export.doors import AT_ONCE
from partners.export.formats import CONTENT_TYPES, Writing
from partners.export.table import Cell, Column, Kind, Row
from partners.mail import Attachment, send
from partners.models import Staff

SHOWN = 20
"""So many rows stand in the mail itself."""
MOST_COLUMNS = 6
COVERED = "covered_days"
USAGES = frozenset({"usage_pct", "adjusted_usage_pct", "user_usage_pct"})
BAR_FULL = 150
"""Percent at which a bar is as long as it gets."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell of the mail: its column, its value, and for a percentage the length of its bar, 0 to 100."""

    column: Column
    value: Cell
    at_least: bool = False
    """Whether it is a lower bound: usage on fewer than 28 covered days (metrics.md)."""

    @property
    def bar(self) -> int | None:
        """None: no bar."""
        if self.column.kind is not Kind.PERCENT or self.value is None:
            return None
        return round(100 * min(float(self.value), BAR_FULL) / BAR_FULL)


@dataclass
class Summary:
    """What stands in the mail: the first rows of the table, by its most telling columns."""

    writing: Writing
    first: list[Row] = field(default_factory=list)

    @property
    def columns(self) -> list[Column]:
        """Those that are shown: telling ones that say something in some row."""
        columns = self.writing.table.columns
        places = {column.name: place for place, column in enumerate(columns)}
        return [
            column
            for column in _telling(columns)
            if not self.first or any(row[places[column.name]] not in (None, "") for row in self.first)
        ]

    @property
    def rows(self) -> list[list[Shown]]:
        """The first rows, by those columns."""
        places = {column.name: place for place, column in enumerate(self.writing.table.columns)}
        shown = self.columns
        return [
            [Shown(column, row[places[column.name]], _at_least(column, row, places)) for column in shown]
            for row in self.first
        ]

    def noting(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows as they are, the first of them kept."""
        for row in rows:
            if len(self.first) < SHOWN:
                self.first.append(row)
            yield row


def summary_of(*, export: Export, staff: Staff) -> Summary:
    """The mail's figures as this person may see them now, without the file. Raises what the export raises."""
    writing = export.asked_by(staff)
    found = Summary(writing)
    for _row in islice(found.noting(iter(writing.table.rows)), SHOWN):
        pass
    return found


def send_report(*, report: Report, recipient: ReportRecipient, staff: Staff, language: str) -> dict[str, object]:
    """Send the report with the rights of `staff`; returns the manifest of what was sent. Raises MailError."""
    writing = Export.at(report.address).asked_by(staff)
    summary = Summary(writing)
    content = b"".join(writing.chunks(summary.noting(iter(writing.table.rows))))
    fits = writing.seal.rows <= AT_ONCE
    link = report.site + reverse("insights:unsubscribe", args=[token_of(recipient)])
    context = {
        "report": report,
        "recipient": recipient,
        "summary": summary,
        "manifest": writing.manifest(),
        "more": writing.seal.rows - len(summary.first),
        "fits": fits,
        "link": link,
    }
    send(
        "report",
        to=recipient.email,
        context=context,
        language=language,
        html=True,
        attachments=[Attachment(writing.name, content, CONTENT_TYPES[writing.form])] if fits else [],
        headers={"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
    return writing.manifest()


def _at_least(column: Column, row: Row, places: Mapping[str, int]) -> bool:
    covered = row[places[COVERED]] if COVERED in places else None
    return column.name in USAGES and isinstance(covered, int) and covered < WINDOW_DAYS


def _telling(columns: Sequence[Column]) -> list[Column]:
    named = {column.name: column for column in columns}
    found = [named[name] for name in MAIL_COLUMNS if name in named]
    return found or list(columns[:MOST_COLUMNS])
