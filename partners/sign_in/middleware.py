"""What stands behind the door on every request: the second factor that is demanded, and a cache that is down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from partners.models import operates
from partners.selectors.second_factor import lacks_second_factor
from partners.sign_in.devices import hand_over

ALWAYS_OPEN = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_reauthenticate",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "partners:profile",
        "set_language",
    }
)
"""Where a person may go who has yet to set up the second factor; all that needs no sign-in stays open too."""


class DoorkeeperMiddleware:
    """Keeps people without the second factor that is demanded of them to the setting-up of one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        hand_over(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """The way to the set-up for a page that is looked at, 403 for everything else."""
        if not getattr(view, "login_required", True) or request.resolver_match.view_name in ALWAYS_OPEN:
            return None
        if not request.user.is_authenticated or not lacks_second_factor(request.user):
            return None
        if request.method in {"GET", "HEAD"} and "text/html" in request.headers.get("accept", ""):
            return redirect("mfa_activate_totp")
        raise PermissionDenied(_demand(request.user))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Without its counters the door stays shut, and says so; whoever is in goes on working."""
        return render(request, "account/unavailable.html", status=503) if isinstance(error, RedisError) else None


def _demand(user: Any) -> str:
    if operates(user):
        return _("This installation demands a second factor of its operators: set it up first.")
    return _("Your partner demands a second factor: set it up first.")
