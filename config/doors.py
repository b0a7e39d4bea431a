"""Every address of the installation has a door: a view that names its action, the admin site, or one listed here with the reason why it may be open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.urls import URLPattern, URLResolver, get_resolver

from partners.permissions import Action

View = Callable[..., Any]

PUBLIC = {
    "config.health.alive": "load balancers; tells nothing",
    "config.health.ready": "load balancers; tells nothing of tenants",
    "config.admin_site.SeatwiseAdminSite.login": "leads to the sign-in page",
    "partners.views.language.choose_language": "the sign-in page has a language too",
    "partners.api.openapi.document": "describes the API, and holds no data",
    "partners.api.openapi.document_page": "the same for people",
    "partners.views.invitations.AcceptInvitation": "opened by the secret in the mail",
    "insights.views.exports.unsubscribe.Unsubscribe": "opened by the signed link in the mail",
    "customers.views.connections.ConsentReturn": "a customer's administrator comes back; opened by the signed state",
    "insights.views.steps.library.SelfService": "links that a partner passes on; opened by the signed address",
    "allauth.account.views.LoginView": "the door itself",
    "allauth.account.views.LogoutView": "leads to the door",
    "allauth.account.views.AccountInactiveView": "tells that one is shut out",
    "allauth.account.views.PasswordResetView": "answers the same for everybody",
    "allauth.account.views.PasswordResetDoneView": "likewise",
    "allauth.account.views.PasswordResetFromKeyView": "opened by the secret in the mail",
    "allauth.account.views.PasswordResetFromKeyDoneView": "tells that it is done",
    "allauth.mfa.base.views.AuthenticateView": "the door's second half; opened by the first",
}
"""For everybody, and why."""

SIGNED_IN = {
    "config.admin_site.SeatwiseAdminSite.search": "guarded by the admin site, and empty",
    "allauth.account.views.ReauthenticateView": "one's own account",
    "allauth.account.views.PasswordChangeView": "one's own account",
    "allauth.mfa.base.views.IndexView": "one's own account",
    "allauth.mfa.base.views.ReauthenticateView": "one's own account",
    "allauth.mfa.totp.views.ActivateTOTPView": "one's own account",
    "allauth.mfa.totp.views.DeactivateTOTPView": "one's own account",
    "allauth.mfa.recovery_codes.views.ViewRecoveryCodesView": "one's own account",
    "allauth.mfa.recovery_codes.views.GenerateRecoveryCodesView": "one's own account",
    "allauth.mfa.recovery_codes.views.DownloadRecoveryCodesView": "one's own account",
}
"""For whoever has signed in, of any role or none, and why."""


def check_doors(app_configs: Sequence[AppConfig] | None, **_options: object) -> list[CheckMessage]:  # noqa: ARG001  Django's signature
    """An error for each address without a door: an installation with one doesn't start."""
    return [
        Error(
            f"/{route} has no door: {name_of(view)} {fault}.",
            hint="Make it a Door (partners/doors.py) or ApiDoor that names an action, or list it in config/doors.py with the reason.",
            id="seatwise.E002",
        )
        for route, view in views(get_resolver())
        if (fault := fault_of(view))
    ]


def views(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, View]]:
    """All addresses, as patterns, and what answers there."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern.callback
        else:
            yield from views(pattern, route)


def fault_of(view: View) -> str:
    """What is wrong with a view's door; empty where nothing is."""
    opened_by = getattr(class_of(view), "opened_by", None)
    if opened_by is not None:
        return "" if is_opened(opened_by) else "names no action"
    # The admin site marks what it has wrapped.
    if hasattr(view, "admin_site") or hasattr(view, "model_admin"):
        return ""
    closed, name = getattr(view, "login_required", True), name_of(view)
    if name in PUBLIC:
        return ""
    if name in SIGNED_IN:
        return "" if closed else "is listed for those who have signed in, and open to everybody"
    return "names no action and isn't listed"


def is_opened(opened_by: Callable[[], object]) -> bool:
    """Whether a door names actions, and at least one."""
    try:
        actions = opened_by()
    except AttributeError:  # a door that others are to be made from
        return False
    return isinstance(actions, frozenset) and bool(actions) and all(isinstance(action, Action) for action in actions)


def class_of(view: View) -> type | None:
    """The class behind a view, None for a function."""
    return getattr(view, "view_class", None) or getattr(view, "cls", None)


def name_of(view: View) -> str:
    """Where a view's class or function is written."""
    written = class_of(view) or view
    return f"{written.__module__}.{written.__qualname__}"
