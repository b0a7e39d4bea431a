"""Lists of the API in pages: `{"count", "next", "previous", "results"}`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from partners.api.parameters import Query

PAGE_SIZE = 100
MOST_AT_ONCE = 1000
_LAST_PAGE = 10**9


class PagedQuery(Query):
    """The parameters of a list."""

    page = serializers.IntegerField(
        default=1, min_value=1, max_value=_LAST_PAGE, help_text=gettext_lazy("Which page, from 1.")
    )
    page_size = serializers.IntegerField(
        default=PAGE_SIZE, min_value=1, max_value=MOST_AT_ONCE, help_text=gettext_lazy("Rows per page.")
    )


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for: the rows from `first` on and before `last`."""

    number: int
    size: int

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size

    @property
    def last(self) -> int:
        return self.number * self.size


def page_of(query: dict[str, Any]) -> Page:
    """The page that a PagedQuery asks for."""
    return Page(query["page"], query["page_size"])


def paged(request: Request, page: Page, count: int, rows: list[Any]) -> Response:
    """The answer with `rows`, which are one page of `count`.

    Raises NotFound past the last page; the first page of an empty list is there, and empty.
    """
    pages = max(1, math.ceil(count / page.size))
    if page.number > pages:
        raise NotFound(
            _("page: there is no page %(page)d, the last one is %(last)d.") % {"page": page.number, "last": pages}
        )
    return Response(
        {
            "count": count,
            "next": _address(request, page.number + 1) if page.number < pages else None,
            "previous": _address(request, page.number - 1) if page.number > 1 else None,
            "results": rows,
        }
    )


def _address(request: Request, page: int) -> str:
    here = request.build_absolute_uri()
    return remove_query_param(here, "page") if page == 1 else replace_query_param(here, "page", page)


def page_schema(row: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """How a page of such rows is described in the OpenAPI document."""
    fields = {
        "count": serializers.IntegerField(help_text=gettext_lazy("Of all pages together.")),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": row(many=True),
    }
    return type(f"PageOf{row.__name__.removesuffix('Schema')}", (serializers.Serializer,), fields)
