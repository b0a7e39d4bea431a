"""The page of one upload: its dry run, what can be done with it, and what came of it; and the file of refused records."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.clock import today
from customers.forms.imports import AboutForm, UndoForm, label
from customers.imports.folder import RefusedRecords
from customers.imports.report import COUNTS, Brought, ImportReport
from customers.models import Upload
from customers.selectors.customers import customer_of
from customers.services.imports.progress import progress_of
from customers.services.imports.storage import refused_of
from customers.services.imports.uploads import ask_to_apply, ask_to_undo, check_again, discard, may_be_undone
from insights.selectors.uploads import upload_of
from insights.views.imports.sending import led_to, offered_to
from partners.csv_export import streamed_csv
from partners.doors import Door
from partners.models import Staff
from partners.permissions import Action


class UploadDoor(Door):
    """A page about one upload of the own partner's."""

    abstract: ClassVar[bool] = True

    def upload(self, upload_id: UUID) -> Upload:
        """The upload with this id. Raises Http404 where there is none, or it is another partner's."""
        found = upload_of(self.request.user, upload_id)
        if found is None:
            raise Http404
        return found


class Import(UploadDoor):
    """What was recognised, what would change and what is refused; then apply, take the good records, discard, undo."""

    action: ClassVar[Action] = Action.CORRECT_FACTS

    def get(self, _request: HttpRequest, upload_id: UUID) -> HttpResponse:
        return self._page(self.upload(upload_id), UndoForm())

    def post(self, request: HttpRequest, upload_id: UUID) -> HttpResponse:
        upload, act = self.upload(upload_id), request.POST.get("act", "")
        acts = {
            "apply": self._apply,
            "apply_good": self._apply_good,
            "again": self._again,
            "discard": self._discard,
            "undo": self._undo,
        }
        if act not in acts:
            raise BadRequest(_("act: expected one of %(known)s.") % {"known": ", ".join(acts)})
        return acts[act](upload)

    def _apply(self, upload: Upload) -> HttpResponse:
        return led_to(ask_to_apply(actor=self.request.user, upload=upload, skip_bad=False))

    def _apply_good(self, upload: Upload) -> HttpResponse:
        return led_to(ask_to_apply(actor=self.request.user, upload=upload, skip_bad=True))

    def _discard(self, upload: Upload) -> HttpResponse:
        discard(actor=self.request.user, upload=upload)
        return redirect("insights:imports")

    def _again(self, upload: Upload) -> HttpResponse:
        form = AboutForm(self.request.POST, partner=self.request.user.partner)
        if not form.is_valid():
            return self._page(upload, UndoForm(), about=form, status=400)
        return led_to(check_again(actor=self.request.user, upload=upload, about=form.about))

    def _undo(self, upload: Upload) -> HttpResponse:
        form = UndoForm(self.request.POST)
        if not form.is_valid():
            return self._page(upload, form, status=400)
        return led_to(ask_to_undo(actor=self.request.user, upload=upload, reason=form.cleaned_data["reason"]))

    def _page(
        self, upload: Upload, undoing: UndoForm, *, about: AboutForm | None = None, status: int = 200
    ) -> HttpResponse:
        shown = Shown.of(upload, self.request.user)
        context = {
            "upload": upload,
            "shown": shown,
            "report": shown.report,
            "undo_form": undoing,
            "about_form": about or self._about(upload),
            "offered": offered_to(self.request),
            "customer": self._customer(upload),
        }
        return render(self.request, "insights/imports/import.html", context, status=status)

    def _customer(self, upload: Upload) -> str:
        if upload.customer_id is None:
            return ""
        found = customer_of(partner=upload.partner, customer_id=upload.customer_id, day=today())
        return label(found) if found else str(upload.customer_id)

    def _about(self, upload: Upload) -> AboutForm:
        return AboutForm(
            initial={"customer": self._customer(upload), "day": upload.day, "country": upload.country},
            partner=self.request.user.partner,
        )


KINDS = {
    "partners.csv": gettext_lazy("Partners"),
    "customers.csv": gettext_lazy("Customers"),
    "relationships.csv": gettext_lazy("Relationships"),
    "skus.csv": gettext_lazy("Products"),
    "people.csv": gettext_lazy("People"),
    "subscriptions_seen.csv": gettext_lazy("Subscriptions as they are"),
    "subscriptions.csv": gettext_lazy("Subscriptions"),
    "sku_totals.csv": gettext_lazy("Totals per product"),
    "entitlements.csv": gettext_lazy("Licences of people"),
    "holdings.csv": gettext_lazy("Licences of people, by product"),
    "lists.csv": gettext_lazy("Lists of licences"),
    "holders.csv": gettext_lazy("Who holds a licence"),
    "activity.csv": gettext_lazy("Days of activity"),
    "coverage.csv": gettext_lazy("Days delivered"),
    "support_cases.csv": gettext_lazy("Support cases"),
    "satisfaction.csv": gettext_lazy("Satisfaction"),
    "reported.csv": gettext_lazy("Reported percentages"),
}
"""What the files of a feed are about, in words."""


@dataclass(frozen=True, slots=True)
class KindRow:
    """All that was brought of one kind."""

    label: str
    refusal: str
    new: int
    changed: int
    unchanged: int
    retracted: int
    refused: int
    skipped: int

    @property
    def says_something(self) -> bool:
        """Whether anything came of it: who holds licences counts with the lists that they stand in."""
        return bool(self.refusal) or any(getattr(self, count) for count in COUNTS)


def kind_rows(report: ImportReport) -> list[KindRow]:
    """What was brought, a row for each kind, in the order in which it loads."""
    names = dict.fromkeys(brought.name for brought in report.brought)
    rows = (_kind_row(name, [each for each in report.brought if each.name == name]) for name in names)
    return [row for row in rows if row.says_something]


def _kind_row(name: str, parts: list[Brought]) -> KindRow:
    refusal = next((part.refusal for part in parts if part.refusal), "")
    return KindRow(
        str(KINDS.get(name, name)), refusal, *(sum(getattr(part, count) for part in parts) for count in COUNTS)
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """An upload's report, and what can be done now."""

    report: ImportReport | None
    kinds: list[KindRow]
    progress: dict[str, Any] | None
    may_apply: bool
    may_apply_good: bool
    may_undo: bool
    needs_customer: bool
    tables: list[tuple[int, str]]
    """The files whose columns nobody has explained yet: place in the report, name."""
    has_refused_file: bool

    @classmethod
    def of(cls, upload: Upload, user: Staff) -> Shown:
        """Of an upload as it is now, for whoever looks."""
        report = ImportReport.of_kept(upload.report) if upload.report else None
        decided = report is not None and upload.state in {Upload.State.CHECKED, Upload.State.REFUSED}
        faultless = decided and report.faultless
        waiting = upload.is_waiting and report is not None
        return cls(
            report=report,
            kinds=kind_rows(report) if report else [],
            progress=progress_of(upload.pk) if upload.is_at_work else None,
            may_apply=faultless,
            may_apply_good=decided and not faultless and report.has_records,
            may_undo=may_be_undone(actor=user, upload=upload),
            needs_customer=waiting and any(file.needs_customer for file in report.files),
            tables=[(place, file.name) for place, file in enumerate(report.files) if file.table] if waiting else [],
            has_refused_file=report is not None and bool(report.refused) and refused_of(upload.pk).exists(),
        )


class RefusedCsv(UploadDoor):
    """All refused records of an upload, with what is wrong with each."""

    action: ClassVar[Action] = Action.CORRECT_FACTS

    def get(self, _request: HttpRequest, upload_id: UUID) -> StreamingHttpResponse:
        path = refused_of(self.upload(upload_id).pk)
        if not path.exists():
            raise Http404
        return streamed_csv(f"refused-{upload_id}.csv", RefusedRecords.COLUMNS, _rows(path))


def _rows(path: Any) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows, None)
        yield from rows
