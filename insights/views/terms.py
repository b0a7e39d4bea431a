"""The page that explains every term."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from insights.causes import CAUSES
from insights.terms import CHAPTERS, term_of
from partners.doors import Door
from partners.permissions import Action


class Terms(Door):
    """Every word of the metrics in plain words, each under an anchor of its exact name."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    def get(self, request: HttpRequest) -> HttpResponse:
        causes = [(cause, term_of(cause.count)) for cause in CAUSES]
        return render(request, "insights/terms.html", {"chapters": CHAPTERS, "causes": causes})
