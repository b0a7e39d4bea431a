"""One line in the log for each request, and an id that its answer, its error page and its log lines share."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from time import monotonic
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from config.logs import REQUEST_ID
from partners.models import Staff

HEADER = "X-Request-ID"
LOGGER = logging.getLogger("seatwise.web")
# Nothing that a page of figures needs: not even a page that somebody has smuggled in may ask for these.
PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


class RequestMiddleware:
    """Gives each request its id, logs it when it is answered, and adds the headers that Django has no setting for.

    The line tells the pattern of the address, not the address, and who asked by number: no ids of customers, no query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started, number = monotonic(), secrets.token_hex(8)
        token = REQUEST_ID.set(number)
        try:
            request.request_id = number
            response = self.get_response(request)
            LOGGER.info("request", extra={"fields": fields_of(request, response, seconds=monotonic() - started)})
        finally:
            REQUEST_ID.reset(token)
        response.headers[HEADER] = number
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        # Figures and names of customers are nothing for the disk of a proxy, or for the back button of the next person.
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response


def fields_of(request: HttpRequest, response: HttpResponseBase, *, seconds: float) -> dict[str, Any]:
    """What the log may know of a request."""
    match = request.resolver_match
    staff = known(request)
    return {
        "method": request.method,
        "route": match.route if match else None,
        "status": response.status_code,
        "ms": round(seconds * 1000),
        "staff": staff.pk if staff else None,
        "partner": staff.partner_id if staff else None,
    }


def known(request: HttpRequest) -> Staff | None:
    """Who asked, as far as that has been found out already: the log itself asks nobody."""
    for user in (request.__dict__.get("_cached_user"), request.__dict__.get("user")):
        if type(user) is Staff:
            return user
    return None
