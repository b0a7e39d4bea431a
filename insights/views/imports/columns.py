"""The page on which somebody says what the columns of a table mean; it is remembered for tables like it."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from customers.forms.table_columns import ColumnsForm, TargetForm
from customers.imports.formats.table_targets import TARGETS, target_of
from customers.imports.formats.tables import Mapping, suggest, table_of
from customers.imports.reading import FileNotTakenError
from customers.models import Upload
from customers.services.imports.reading import sample_at
from customers.services.imports.uploads import explain_table
from customers.services.imports.working import delivery_of
from insights.views.imports.sending import led_to
from insights.views.imports.upload import UploadDoor
from partners.permissions import Action

ROWS_SHOWN = 5


class ImportColumns(UploadDoor):
    """A table's first rows, and what each column of the chosen target is taken from. `?target=` chooses another target."""

    action: ClassVar[Action] = Action.CORRECT_FACTS

    def get(self, request: HttpRequest, upload_id: UUID, place: int) -> HttpResponse:
        return self._answer(request, self.upload(upload_id), place)

    def post(self, request: HttpRequest, upload_id: UUID, place: int) -> HttpResponse:
        return self._answer(request, self.upload(upload_id), place)

    def _answer(self, request: HttpRequest, upload: Upload, place: int) -> HttpResponse:
        headers, rows = self._table(upload, place)
        suggested = suggest(headers, rows)
        target = target_of(_asked(request, suggested))
        if target is None:
            raise BadRequest(
                _("target: expected one of %(known)s.") % {"known": ", ".join(each.file for each in TARGETS)}
            )
        said = request.POST if request.method == "POST" else None
        form = ColumnsForm(said, target=target, headers=headers, suggested=suggested)
        if form.is_valid():
            return led_to(explain_table(actor=request.user, upload=upload, headers=headers, mapping=form.mapping))
        context = {
            "upload": upload,
            "headers": headers,
            "rows": rows[:ROWS_SHOWN],
            "target": target,
            "target_form": TargetForm(initial={"target": target.file}),
            "form": form,
        }
        return render(request, "insights/imports/columns.html", context, status=400 if said else 200)

    def _table(self, upload: Upload, place: int) -> tuple[list[str], list[list[str]]]:
        """The table at this place of the report. Raises Http404 where there is none, or the files are gone."""
        if not upload.is_waiting:
            raise Http404
        try:
            sample = sample_at(delivery_of(upload), place)
        except (FileNotTakenError, OSError):
            raise Http404 from None
        headers, rows = table_of(sample) if sample is not None else ([], [])
        if not headers:
            raise Http404
        return headers, rows


def _asked(request: HttpRequest, suggested: Mapping | None) -> str:
    asked = request.POST.get("target") or request.GET.get("target")
    return asked or (suggested.file if suggested else TARGETS[0].file)
