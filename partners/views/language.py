"""Choosing the language of the pages: kept with the person who is signed in, in a cookie for everybody else."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.i18n import LANGUAGE_QUERY_PARAMETER, set_language

from partners.services.profile import change_language


@login_not_required
def choose_language(request: HttpRequest) -> HttpResponse:
    """Back to the page that was asked from (`next`), in the language chosen; any other than LANGUAGES changes nothing."""
    language = request.POST.get(LANGUAGE_QUERY_PARAMETER, "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        change_language(actor=request.user, language=language)
    return set_language(request)
