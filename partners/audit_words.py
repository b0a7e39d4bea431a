"""How entries of the audit log read: what was done, by whom, and what changed from what to what."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.models import AuditEntry

ACTIONS: dict[str, Promise] = {
    "staff.create": _("Staff created by command"),
    "staff.invite": _("Invited"),
    "staff.withdraw_invitation": _("Invitation withdrawn"),
    "staff.join": _("Invitation accepted"),
    "staff.roles": _("Roles changed"),
    "staff.rename": _("Renamed"),
    "staff.profile": _("Own profile changed"),
    "staff.password": _("Password changed"),
    "staff.send_reset": _("Mail for a new password sent"),
    "staff.remove_second_factor": _("Second factor removed"),
    "staff.set_up_second_factor": _("Own second factor set up"),
    "staff.remove_own_second_factor": _("Own second factor removed"),
    "staff.end_sessions": _("Signed out everywhere"),
    "staff.deactivate": _("Deactivated"),
    "staff.reactivate": _("Reactivated"),
    "staff.demo": _("Demo login made"),
    "token.create": _("API token made"),
    "token.revoke": _("API token revoked"),
    "settings.second_factor": _("Second factor demanded or not"),
    "account.edit": _("Own data on a customer changed"),
    "customer.claim": _("Customer claimed"),
    "people.view": _("People seen by name"),
    "partner.add": _("Partner added"),
    "partner.change": _("Partner corrected"),
    "relationship.add": _("Relationship added"),
    "relationship.change": _("Relationship corrected"),
    "relationship.remove": _("Relationship removed"),
    "customer_profile.change": _("Customer's profile corrected"),
    "subscription_version.add": _("Subscription version added"),
    "subscription_version.change": _("Subscription version corrected"),
    "subscription_version.remove": _("Subscription version removed"),
    "entitlement_period.add": _("Entitlement period added"),
    "entitlement_period.change": _("Entitlement period corrected"),
    "entitlement_period.remove": _("Entitlement period removed"),
    "activity.add": _("Activity added"),
    "activity.remove": _("Activity removed"),
    "coverage.add": _("Covered days added"),
    "coverage.remove": _("Covered days removed"),
    "support_case.add": _("Support case added"),
    "support_case.change": _("Support case corrected"),
    "support_case.remove": _("Support case removed"),
    "satisfaction_response.add": _("Satisfaction response added"),
    "satisfaction_response.change": _("Satisfaction response corrected"),
    "satisfaction_response.remove": _("Satisfaction response removed"),
}
"""What actions are called; any other stands as it is written."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after, as text; None where there was none."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An entry as a person reads it."""

    key: int
    at: datetime
    who: str | Promise
    action: str | Promise
    code: str
    kind: str
    object_type: str
    object_id: str
    reason: str
    undoes: int | None
    changes: tuple[Change, ...]


def line_of(entry: AuditEntry) -> AuditLine:
    """The entry in words. An operator of the installation goes by no name."""
    return AuditLine(
        key=entry.pk,
        at=entry.at,
        who=who_of(entry),
        action=ACTIONS.get(entry.action, entry.action),
        code=entry.action,
        kind=entry.get_kind_display(),
        object_type=entry.object_type,
        object_id=entry.object_id,
        reason=entry.reason,
        undoes=entry.undoes_id,
        changes=changes_of(entry.before, entry.after),
    )


def who_of(entry: AuditEntry) -> str | Promise:
    """Who acted, as far as the partner's staff may know: its own people by address, anybody else by what they are.

    To a partner's scope the operator's people aren't there.
    """
    if entry.actor_id is None:
        return _("a command")
    own = entry.actor is not None and entry.actor.partner_id == entry.partner_id
    return entry.actor.email if own else _("the operator")


def changes_of(before: dict[str, Any] | None, after: dict[str, Any] | None) -> tuple[Change, ...]:
    """What differs between the two, in the order of the names; what stayed as it was is left out."""
    before, after = before or {}, after or {}
    names = sorted(name for name in {*before, *after} if _differs(name, before, after))
    return tuple(Change(name, _text(name, before), _text(name, after)) for name in names)


def _differs(name: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
    return (name in before) != (name in after) or before.get(name) != after.get(name)


def _text(name: str, values: dict[str, Any]) -> str | None:
    if name not in values:
        return None
    value = values[name]
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
