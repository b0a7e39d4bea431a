"""Addresses under the API's that don't exist."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from partners.api.doors import ApiDoor
from partners.permissions import Action


class Nowhere(ApiDoor):
    """Says so in the form of the API's other errors."""

    any_of: ClassVar[frozenset[Action]] = frozenset(Action)
    schema = None

    def get(self, _request: Request, **_kwargs: Any) -> Response:
        """Never anything."""
        raise Http404
