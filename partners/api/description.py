"""How the API describes itself in its OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers

from partners.api.parameters import Query
from partners.api.problems import PROBLEM


class ProblemSchema(serializers.Serializer):
    """An error (RFC 9457)."""

    type = serializers.CharField(help_text=_("Always about:blank: the status says it all."))
    title = serializers.CharField(help_text=_("The status in words."))
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text=_("What is wrong, and what was expected."))
    instance = serializers.CharField(help_text=_("The path that was asked for."))
    errors = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text=_("Of a 400: the sentences by parameter."),
    )


class BearerDescription(OpenApiAuthenticationExtension):
    """`Authorization: Bearer TOKEN`."""

    target_class = "partners.api.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, _auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": str(_("An API token; make one in your profile."))}


class PagesDescription(OpenApiAuthenticationExtension):
    """The cookie of the web pages."""

    target_class = "partners.api.authentication.PagesAuthentication"
    name = "session"

    def get_security_definition(self, _auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": str(_("The web session."))}


_PROBLEMS = {
    400: _("A parameter is wrong; `errors` names it."),
    401: _("Not signed in: no valid token, no session."),
    403: _("Your role doesn't include this address."),
    404: _("Not there, or not yours: the two look alike. Of a list: past its last page."),
    405: _("The API is read-only: GET and HEAD."),
    406: _("Answers are JSON only."),
    429: _("Too many requests; Retry-After says for how many seconds."),
    500: _("The fault is ours."),
}


def described(
    answer: type[serializers.Serializer], *, name: str, summary: str, query: type[Query] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """What a view is called in the OpenAPI document, what it answers, which parameters it reads, and its errors."""
    problems = {
        (status, PROBLEM): OpenApiResponse(ProblemSchema, description=str(text)) for status, text in _PROBLEMS.items()
    }
    return extend_schema(
        operation_id=name,
        summary=summary,
        parameters=[query] if query else [],
        responses={(200, "application/json"): answer} | problems,
    )
