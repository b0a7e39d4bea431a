"""Has the missing days of a trend worked out."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from kombu.exceptions import OperationalError

from insights.selectors.stored import snapshot
from insights.services.wanted import want_days
from insights.tasks import work_off
from insights.views.analysis.figure_options import FIGURE_OPTIONS
from insights.views.analysis.options import OPTIONS
from insights.views.analysis.pages import findings_of
from partners.doors import Door
from partners.permissions import Action


class FillTrend(Door):
    """Takes the address of an analysis, and asks for the days that its trend lacks."""

    action: ClassVar[Action] = Action.CORRECT_FACTS
    http_method_names: ClassVar[list[str]] = ["post", "options"]

    def post(self, request: HttpRequest, option: str) -> HttpResponse:
        """Back to the page, which says how many are waited for."""
        if option not in FIGURE_OPTIONS:
            raise Http404
        with snapshot():
            found = findings_of(request, option)
            missing = found.history.missing
            customers = sorted({one.id for one in found.scene.relationships})
        if missing:
            want_days(actor=request.user, customers=customers, days=missing)
            _wake()
        messages.success(request, _said(len(missing)))
        asked = request.GET.urlencode()
        url = reverse(OPTIONS[option].address)
        return redirect(f"{url}?{asked}" if asked else url)


def _said(days: int) -> str:
    if not days:
        return _("No day is missing.")
    return ngettext(
        "%(number)d day is being worked out. It appears in the trend when it is done.",
        "%(number)d days are being worked out. They appear in the trend when they are done.",
        days,
    ) % {"number": days}


def _wake() -> None:
    """Nothing depends on it: beat comes by."""
    try:
        work_off.apply_async(retry=False, expires=60)
    except OperationalError:
        return
