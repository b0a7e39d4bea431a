"""The doors of exports: one view a table, three addresses, and the same rows for a download, a job and a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header

from partners.doors import Door
from partners.export.formats import CONTENT_TYPES, OFFERED, Form, Writing
from partners.export.manifest import Order
from partners.export.table import Table

AT_ONCE = 50_000
"""So many rows are sent while one waits; more are made in the background."""
LATER = "insights:exports"
"""Where files are made in the background."""


class ExportDoor(Door):
    """A table as a file. `table` finds it for `self.request`; whoever may enter here may have it in every format."""

    abstract: ClassVar[bool] = True
    form: Form = Form.CSV
    for_customer: ClassVar[bool] = False
    """Whether a customer may be sent what it shows of that customer (`customer_id` in the address)."""

    def table(self, **ids: Any) -> Table:
        """The table that the address asks for. Raises what pages raise: BadRequest with a sentence, Http404."""
        raise NotImplementedError

    def reachable(self, **ids: Any) -> None:
        """Whether what the ids name is still the person's: Http404 where it isn't. Asked again when a file is fetched."""

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponseBase:
        """The file; for too many rows the page where it is made in the background."""
        table = self.table(**ids)
        if table.size is not None and table.size > AT_ONCE:
            return redirect(f"{reverse(LATER)}?{urlencode({'of': request.get_full_path(), 'rows': table.size})}")
        form = Form.ZIP if self.form is Form.CSV and request.GET.get("manifest", "").strip() == "1" else self.form
        return downloaded(Writing(table, form, order_of(request)))


def order_of(request: HttpRequest) -> Order:
    """Who asks, and by which address."""
    return Order(request.user.email, request.user.partner.name, request.GET.dict())


def downloaded(writing: Writing) -> StreamingHttpResponse:
    """The file, sent while it is made, in the scope of the request."""
    response = StreamingHttpResponse(writing.chunks(), content_type=CONTENT_TYPES[writing.form])
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=writing.name)
    response["Cache-Control"] = "private, no-store"
    return response


def exports(route: str, view: type[ExportDoor], *, name: str) -> Iterator[URLPattern]:
    """The addresses `route`.csv, .xlsx and .json, named `name`_csv and so on."""
    for form in OFFERED:
        yield path(f"{route}.{form}", view.as_view(form=form), name=f"{name}_{form}")
