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
    Place("insights:analysis", _("Analysis"), frozenset({Action.SEE_PORTFOLIO})),
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
MORE = (
    Place("insights:analysis_deployment", _("Deployment"), frozenset({Action.SEE_PORTFOLIO})),
    Place("insights:analysis_usage", _("Usage"), frozenset({Action.SEE_PORTFOLIO})),
    Place("insights:analysis_idle", _("Idle licences"), frozenset({Action.SEE_PORTFOLIO})),
    Place("insights:analysis_above", _("Above 100 %"), frozenset({Action.SEE_PORTFOLIO})),
    Place("insights:analysis_lifecycle", _("Lifecycle"), frozenset({Action.SEE_PORTFOLIO})),
    Place("insights:analysis_trials", _("Trials"), frozenset({Action.SEE_PORTFOLIO})),
    Place("insights:analysis_movements", _("Movements"), frozenset({Action.SEE_PORTFOLIO})),
    Place("insights:saved_views", _("Views"), frozenset({Action.SEE_PORTFOLIO})),
    Place("customers:claim", _("Claim a customer"), frozenset({Action.CLAIM_CUSTOMER})),
    Place("insights:playbooks", _("Playbooks"), frozenset({Action.PLAN_STEPS})),
    Place("insights:courses", _("Training"), frozenset({Action.PLAN_STEPS})),
    Place("insights:links", _("Self-service links"), frozenset({Action.PLAN_STEPS})),
    Place("insights:step_thresholds", _("Thresholds of next steps"), frozenset({Action.PARTNER_SETTINGS})),
    Place("partners:invite", _("Invite somebody"), frozenset({Action.MANAGE_STAFF})),
    Place("customers:connections", _("Connections"), frozenset({Action.PARTNER_SETTINGS})),
    Place("insights:left_out_skus", _("SKUs left out"), frozenset({Action.PARTNER_SETTINGS})),
)
"""Pages behind those of the main navigation: the command menu finds them, too."""
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


def places_found(request: HttpRequest, text: str) -> list[Link]:
    """Of all places that the person may enter those in whose name each word of `text` stands, whatever its case."""
    words = text.casefold().split()
    every = links((*MAIN, *MORE, *PERSONAL, *FOOTER), request)
    return [link for link in every if all(word in str(link.label).casefold() for word in words)]


def name_of(path: str) -> str:
    """What the page at this address is called; the address itself where no link leads there."""
    names = {reverse(place.name): str(place.label) for place in (*FOOTER, *PERSONAL, *MORE, *MAIN)}
    return names.get(path, path)
