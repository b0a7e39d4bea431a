"""Where the pages' links lead: only what a person may do is offered (design.md, "Who may do what")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.permissions import Action


@dataclass(frozen=True, slots=True)
class Place:
    """A page that a link may lead to: its address's name, what it is called, and the actions of which one opens it."""

    name: str
    label: Promise
    opened_by: frozenset[Action] = frozenset()
    """Empty: open to everybody who is signed in."""


@dataclass(frozen=True, slots=True)
class Link:
    """A place as one person sees it on one page."""

    url: str
    label: Promise
    current: bool


AUDIT = frozenset({Action.SEE_STAFF_EVENTS, Action.SEE_CUSTOMER_EVENTS, Action.PARTNER_SETTINGS})
MAIN = (
    Place("insights:portfolio", _("Portfolio"), frozenset({Action.SEE_PORTFOLIO})),
    Place("insights:customers", _("Customers"), frozenset({Action.SEE_PORTFOLIO})),
    Place("insights:steps", _("Next steps"), frozenset({Action.SEE_PORTFOLIO})),
    Place("insights:imports", _("Imports"), frozenset({Action.CORRECT_FACTS})),
    Place("partners:staff", _("Staff"), frozenset({Action.MANAGE_STAFF})),
    Place("partners:audit", _("Audit log"), AUDIT),
    Place("partners:settings", _("Settings"), frozenset({Action.PARTNER_SETTINGS})),
    Place("admin:index", _("Corrections"), frozenset({Action.CORRECT_FACTS})),
)
PERSONAL = (
    Place("partners:profile", _("My profile"), frozenset({Action.SEE_PORTFOLIO})),
    Place("insights:exports", _("Files"), frozenset({Action.EXPORT_INSIGHTS})),
    Place("insights:reports", _("Regular reports"), frozenset({Action.EXPORT_INSIGHTS})),
    Place("partners:tokens", _("API tokens"), frozenset({Action.OWN_TOKENS})),
    Place("mfa_index", _("Second factor")),
)
FOOTER = (
    Place("insights:terms", _("What the words mean"), frozenset({Action.SEE_PORTFOLIO})),
    Place("api:docs", _("API"), frozenset({Action.OWN_TOKENS})),
)


def links(places: Iterable[Place], request: HttpRequest) -> list[Link]:
    """Those of the places that the person who asks may enter."""
    user = getattr(request, "user", None)
    found = ((reverse(place.name), place.label) for place in places if _open(place, user))
    return [Link(url, label, current=_current(url, request.path)) for url, label in found]


def _open(place: Place, user: Any) -> bool:
    if not user or not user.is_authenticated:
        return False
    return not place.opened_by or any(user.may(action) for action in place.opened_by)


def _current(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
