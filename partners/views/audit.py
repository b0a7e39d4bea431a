"""The audit log: who changed what, when, and why; as a page and as a file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from partners.audit_forms import AuditFilterForm
from partners.audit_words import AuditLine, line_of
from partners.csv_export import csv_response
from partners.doors import Door
from partners.navigation import AUDIT
from partners.permissions import Action
from partners.selectors.audit import AuditFilters, Cursor, audit_entries, audit_page

PAGE = 50
COLUMNS = ("at", "who", "action", "kind", "object_type", "object_id", "reason", "undoes", "name", "before", "after")


class AuditLog(Door):
    """The entries of the kinds that the person's roles include, newest first."""

    any_of: ClassVar[frozenset[Action]] = AUDIT

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page, cut down by the form's fields, behind the entry that `behind` names."""
        form = AuditFilterForm(request.GET, user=request.user)
        if not form.is_valid():
            return render(request, "partners/audit.html", {"form": form}, status=400)
        page = audit_page(request.user, filters_of(form), behind=_behind(request), size=PAGE)
        lines = [line_of(entry) for entry in page.entries]
        context = {"form": form, "lines": lines, "following": page.following, "behind": request.GET.get("behind")}
        return render(request, "partners/audit.html", context)


class AuditCsv(Door):
    """The same as a file, whole: a line per value that changed."""

    any_of: ClassVar[frozenset[Action]] = AUDIT

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """All that the filters leave; a filter that can't be read is told on the page."""
        form = AuditFilterForm(request.GET, user=request.user)
        if not form.is_valid():
            return render(request, "partners/audit.html", {"form": form}, status=400)
        entries = audit_entries(request.user, filters_of(form)).iterator(chunk_size=2000)
        rows = (row for entry in entries for row in _rows(line_of(entry)))
        return csv_response(f"audit-{datetime.now(UTC):%Y-%m-%d}.csv", COLUMNS, rows)


def filters_of(form: AuditFilterForm) -> AuditFilters:
    """What a valid form asks for."""
    asked = form.cleaned_data
    texts = {name: asked[name].strip() for name in ("kind", "who", "action", "about")}
    return AuditFilters(**texts, first=asked["from"], last=asked["to"])


def _behind(request: HttpRequest) -> Cursor | None:
    text = request.GET.get("behind", "")
    if not text:
        return None
    try:
        return Cursor.read(text)
    except ValueError:
        raise BadRequest(_("behind: “%(text)s” is no place in the audit log.") % {"text": text}) from None


def _rows(line: AuditLine) -> list[list[object]]:
    at = line.at.astimezone(UTC).isoformat(timespec="seconds")
    first = [at, line.who, line.code, line.kind, line.object_type, line.object_id, line.reason, line.undoes]
    return [[*first, change.name, change.before, change.after] for change in line.changes] or [[*first, "", "", ""]]
