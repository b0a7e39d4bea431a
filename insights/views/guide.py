"""Puts the guided start away, or shows it again."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from partners.doors import Door
from partners.permissions import Action
from partners.services.profile import close_guide


class Guide(Door):
    """Takes a form alone; `show` shows it again. Leads back to the portfolio, where it stands."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    def post(self, request: HttpRequest) -> HttpResponse:
        close_guide(actor=request.user, closed="show" not in request.POST)
        return redirect("insights:portfolio")
