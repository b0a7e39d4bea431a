"""How errors become answers: a page for people, a problem document (RFC 9457) under /api/."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from partners.failures import WrongStateError

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Status 400, with the sentence of whoever raised BadRequest; of anything else (a forged host, say) without detail."""
    said = str(exception) if isinstance(exception, BadRequest) else ""
    return _answer(request, 400, said or _("The request holds something that isn't understood here."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Status 403, with the sentence of the door."""
    return _answer(request, 403, str(exception) or _("Your role doesn't include this page."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  what isn't there isn't described
    """Status 404: the same for what isn't there and for what is somebody else's."""
    return _answer(request, 404, _("There is no such page, or it isn't yours to see."))


def untrusted_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  the log has the reason
    """Status 403 for a form that can't be told to be ours."""
    said = _("It couldn't be told that it was you who sent it. Load the page anew and send it again.")
    return _answer(request, 403, said, template="403_csrf.html")


def server_error(request: HttpRequest) -> HttpResponse:
    """Status 500, with the id under which the log tells more. Reads nothing: the database may be what failed."""
    number = getattr(request, "request_id", "")
    if request.path_info.startswith(API):
        said = _("Something went wrong on our side. Tell the operator this number: %(id)s.") % {"id": number}
        return _problem(500, said)
    return HttpResponse(render_to_string("500.html", {"request_id": number}), status=500)


class WrongStateMiddleware:
    """Status 409 for what a person may do, but not now."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return _answer(request, 409, str(exception)) if isinstance(exception, WrongStateError) else None


def _answer(request: HttpRequest, status: int, said: str, *, template: str = "") -> HttpResponse:
    if request.path_info.startswith(API):
        return _problem(status, said)
    return render(request, template or f"{status}.html", {"said": said}, status=status)


def _problem(status: int, said: str) -> JsonResponse:
    problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": said}
    return JsonResponse(problem, status=status, content_type="application/problem+json")
