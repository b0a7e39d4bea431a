"""The page of one's files: ask for one, see how far it is, fetch it, forget it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from insights.models import ExportJob
from insights.services.exports import storage
from insights.services.exports.jobs import ask_for_file, forget
from insights.views.exports.waking import wake_makers
from partners.doors import Door
from partners.export.asking import Export, UnknownExportError
from partners.export.doors import AT_ONCE
from partners.export.formats import CONTENT_TYPES, OFFERED, Form
from partners.paging import page_of
from partners.permissions import Action

LONGEST_ADDRESS = 4_000
PIECE = 64 * 1024
"""Bytes."""


class Exports(Door):
    """One's files, the latest first; and the form for another, where an address leads here with a table (`of`)."""

    action: ClassVar[Action] = Action.EXPORT_INSIGHTS

    def get(self, request: HttpRequest) -> HttpResponse:
        page = page_of(request, _jobs(request).order_by("-asked_at", "pk"))
        context: dict[str, Any] = {
            "page": page,
            "working": any(job.is_to_do for job in page.object_list),
            "at_once": AT_ONCE,
            "rows": _number(request.GET.get("rows", "")),
        }
        if request.GET.get("of"):
            export = export_of(request, request.GET["of"])
            context |= {"of": export, "of_path": urlsplit(export.address).path, "forms": OFFERED}
        return render(request, "insights/exports/exports.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        export = export_of(request, request.POST.get("of", "")).in_form(_form(request))
        ask_for_file(actor=request.user, export=export, site=site_of(request))
        wake_makers()
        messages.success(request, _("The file is being made. You get a mail when it is ready."))
        return redirect("insights:exports")


class ExportFile(Door):
    """One file: fetched by whoever asked for it, as long as he or she may have it; or forgotten."""

    action: ClassVar[Action] = Action.EXPORT_INSIGHTS

    def get(self, request: HttpRequest, job_id: UUID) -> StreamingHttpResponse:
        job = self._job(job_id)
        path = storage.file_of(job.pk)
        if not (job.can_be_fetched and _still_allowed(job, request) and path.exists()):
            raise Http404
        response = StreamingHttpResponse(_pieces(path), content_type=CONTENT_TYPES[Form(job.name.rpartition(".")[2])])
        response["Content-Length"] = str(path.stat().st_size)
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=job.name)
        response["Cache-Control"] = "private, no-store"
        return response

    def post(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        forget(actor=request.user, job=self._job(job_id))
        messages.success(request, _("The file is gone."))
        return redirect("insights:exports")

    def _job(self, job_id: UUID) -> ExportJob:
        job = _jobs(self.request).filter(pk=job_id).first()
        if job is None:
            raise Http404
        return job


def export_of(request: HttpRequest, address: str) -> Export:
    """The export that an address names. Raises BadRequest with a sentence, and Http404 where it isn't for this person."""
    if len(address) > LONGEST_ADDRESS or "\0" in address:
        raise BadRequest(_("of: expected the address of a table's file."))
    try:
        export = Export.at(address)
    except UnknownExportError as error:
        raise BadRequest(str(error)) from None
    if not export.still_reachable(request.user):
        raise Http404
    return export


def site_of(request: HttpRequest) -> str:
    """Where this installation was asked, without a path."""
    return request.build_absolute_uri("/").rstrip("/")


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _jobs(request: HttpRequest) -> QuerySet[ExportJob]:
    return ExportJob.objects.visible_to(request.user)


def _still_allowed(job: ExportJob, request: HttpRequest) -> bool:
    """Whoever has lost a right since then asks anew: the file may hold what only that right showed."""
    rights = {action.value for action in request.user.actions}
    return set(job.rights) <= rights and Export.at(job.address).still_reachable(request.user)


def _form(request: HttpRequest) -> Form:
    text = request.POST.get("form", Form.CSV)
    if text not in OFFERED:
        message = _("form: “%(text)s” isn't known; expected one of %(known)s.")
        raise BadRequest(message % {"text": text, "known": ", ".join(OFFERED)})
    return Form(text)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
