"""Addresses of which one is broken."""

from __future__ import annotations

from typing import ClassVar

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from partners.api.doors import ApiDoor
from partners.permissions import Action


class Broken(ApiDoor):
    """Raises an error of ours."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    def get(self, _request: Request) -> Response:
        return Response(1 / 0)


urlpatterns = [path("broken/", Broken.as_view())]
