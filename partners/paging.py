"""Pages of a table, by `?page=N` in the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import BadRequest
from django.core.paginator import InvalidPage, Page, Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _

ROWS_A_PAGE = 50


def page_of(request: HttpRequest, rows: Sequence[Any], *, per_page: int = ROWS_A_PAGE) -> Page[Any]:
    """The page of the rows that the request asks for; the first without being asked. Raises BadRequest with a sentence."""
    paginator = Paginator(rows, per_page)
    text = request.GET.get("page", "1")
    try:
        return paginator.page(text)
    except InvalidPage:
        message = _("page: “%(text)s” is no page of this table; expected a number from 1 to %(last)d.")
        raise BadRequest(message % {"text": text, "last": paginator.num_pages}) from None
