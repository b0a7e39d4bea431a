"""The audit log: who changed what, when, and why; as a page and as a file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import ClassVar

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.audit_names import sees_names, without_names
from partners.audit_words import AuditLine, line_of
from partners.doors import Door
from partners.export.doors import ExportDoor
from partners.export.table import Column, Kind, Row, Table
from partners.filters import AuditFilter
from partners.models import AuditEntry
from partners.navigation import AUDIT
from partners.permissions import Action
from partners.selectors.audit import NAMING, Cursor, all_of, audit_entries, audit_page
from partners.services.names import people_named, record_people_seen

PAGE = 50
COLUMNS = (
    Column("at", gettext_lazy("At"), Kind.MOMENT),
    Column("who", gettext_lazy("Who")),
    Column("action", gettext_lazy("Action")),
    Column("kind", gettext_lazy("About")),
    Column("object_type", gettext_lazy("Kind of object")),
    Column("object_id", gettext_lazy("Object")),
    Column("reason", gettext_lazy("Reason")),
    Column("undoes", gettext_lazy("Undoes"), Kind.INTEGER),
    Column("name", gettext_lazy("Name")),
    Column("before", gettext_lazy("Before")),
    Column("after", gettext_lazy("After")),
)


class AuditLog(Door):
    """The entries of the kinds that the person's roles include, newest first."""

    any_of: ClassVar[frozenset[Action]] = AUDIT

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page, cut down by the filters, behind the entry that `behind` names."""
        asked = _asked(request)
        if not asked.is_valid():
            return render(request, "partners/audit.html", {"form": asked.form}, status=400)
        page = audit_page(asked.qs, behind=_behind(request), size=PAGE)
        _tell(request, page.entries, "audit log")
        context = {
            "form": asked.form,
            "lines": [_line(request, entry) for entry in page.entries],
            "following": page.following,
            "behind": request.GET.get("behind"),
        }
        return render(request, "partners/audit.html", context)


class AuditExport(ExportDoor):
    """The same as a file, whole: a line per value that changed."""

    any_of: ClassVar[frozenset[Action]] = AUDIT

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """A filter that can't be read is told on the page."""
        asked = _asked(request)
        if not asked.is_valid():
            return render(request, "partners/audit.html", {"form": asked.form}, status=400)
        return super().get(request)

    def table(self) -> Table:
        """All that the filters leave, read while it is written. Raises BadRequest for filters that can't be read."""
        request, asked = self.request, _asked(self.request)
        if not asked.is_valid():
            raise BadRequest(" ".join(error for errors in asked.errors.values() for error in errors))
        _tell(request, all_of(asked.qs.filter(NAMING)), "audit log, file")
        return Table(
            name=f"audit-{datetime.now(UTC):%Y-%m-%d}",
            title=_("Audit log"),
            columns=COLUMNS,
            rows=(row for entry in all_of(asked.qs) for row in _rows(_line(request, entry))),
            size=asked.qs.count(),
        )


def _asked(request: HttpRequest) -> AuditFilter:
    return AuditFilter(request.GET, queryset=audit_entries(request.user), request=request)


def _line(request: HttpRequest, entry: AuditEntry) -> AuditLine:
    return line_of(entry if sees_names(request.user) else without_names(entry))


def _tell(request: HttpRequest, entries: Iterable[AuditEntry], where: str) -> None:
    """The record learns whose names are shown."""
    if sees_names(request.user):
        people = {customer: len(names) for customer, names in people_named(entries).items()}
        record_people_seen(actor=request.user, people=people, where=where)


def _behind(request: HttpRequest) -> Cursor | None:
    text = request.GET.get("behind", "")
    if not text:
        return None
    try:
        return Cursor.read(text)
    except ValueError:
        raise BadRequest(_("behind: “%(text)s” is no place in the audit log.") % {"text": text}) from None


def _rows(line: AuditLine) -> list[Row]:
    first = [line.at, str(line.who), line.code, line.kind, line.object_type, line.object_id, line.reason, line.undoes]
    return [[*first, change.name, change.before, change.after] for change in line.changes] or [[*first, "", "", ""]]
