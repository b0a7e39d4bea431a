"""Errors of the API as problem documents (RFC 9457)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.http import Http404
from django.utils.log import log_response
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

PROBLEM = "application/problem+json"


class BadParametersError(exceptions.APIException):
    """The query says something wrong; `errors` has the sentences by parameter."""

    status_code = HTTPStatus.BAD_REQUEST

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        self.errors = {name: list(sentences) for name, sentences in errors.items()}
        told = [f"{name}: {sentence}" for name, sentences in self.errors.items() for sentence in sentences]
        super().__init__(" ".join(told))


def problem_of(error: Exception, context: Mapping[str, Any]) -> Response:
    """The answer to an error in a view of the API; an error of ours is reported as Django does it, and is a 500."""
    error = _as_api_exception(error)
    set_rollback()
    request = context["request"]
    if not isinstance(error, exceptions.APIException):
        got_request_exception.send(sender=None, request=request._request)
        response = problem(request.path, HTTPStatus.INTERNAL_SERVER_ERROR, _("The fault is ours, and is noted."))
        log_response("%s: %s", "Internal Server Error", "API", response=response, request=request, exception=error)
        return response
    extra = {"errors": error.errors} if isinstance(error, BadParametersError) else {}
    response = problem(request.path, error.status_code, _detail(error), **extra)
    for name, value in _headers(error).items():
        response[name] = value
    return response


def problem(path: str, status: int, detail: str, **extra: Any) -> Response:
    """A problem document: its type is the status, explained by `detail`."""
    status = HTTPStatus(status)
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail, "instance": path}
    return Response(body | extra, status=status.value, content_type=PROBLEM)


def _as_api_exception(error: Exception) -> Exception:
    """Django's words for not found and not allowed, as DRF's; that of a 404 is the same whatever was looked for."""
    if isinstance(error, Http404):
        return exceptions.NotFound(_("There is nothing here that you may see."))
    return exceptions.PermissionDenied(*error.args) if isinstance(error, PermissionDenied) else error


def _detail(error: exceptions.APIException) -> str:
    detail = error.detail
    return " ".join(map(str, detail)) if isinstance(detail, list) else str(detail)


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None) is not None:
        headers["Retry-After"] = str(math.ceil(error.wait))
    return headers
