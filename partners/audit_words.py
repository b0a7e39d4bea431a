"""How entries of the audit log read: what was done, by whom, and what changed from what to what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners.cell_names import cell_name
from partners.models import AuditEntry, Partner

STATED_BY = "stated_by"
"""The cell that names who stated a fact: a partner's id, or nothing for the operator."""
FLAGS = frozenset({"auto_renew", "in_insights", "is_free", "is_trial", "is_viral"})
"""Cells that are true or false, as text."""
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
    "settings.leave_out_sku": _("SKU left out"),
    "settings.count_sku": _("SKU counted again"),
    "left_out_mailbox.add": _("Mailbox left out"),
    "left_out_mailbox.change": _("Mailbox left out, corrected"),
    "left_out_mailbox.remove": _("Mailbox counted again"),
    "connection.application": _("Application registered or changed"),
    "connection.remove_application": _("Application forgotten"),
    "connection.add": _("Connection added"),
    "connection.remove": _("Connection removed"),
    "connection.confirm": _("Relationship confirmed by the customer's consent"),
    "next_step.plan": _("Next step planned"),
    "next_step.finish": _("Next step done"),
    "next_step.put_off": _("Next step put off"),
    "next_step.dismiss": _("Next step dismissed"),
    "next_step.reopen": _("Next step opened again"),
    "playbook.add": _("Playbook added"),
    "playbook.change": _("Playbook changed"),
    "playbook.remove": _("Playbook removed"),
    "course.add": _("Course added"),
    "course.change": _("Course changed"),
    "course.remove": _("Course removed"),
    "training_session.add": _("Training session planned"),
    "training_session.change": _("Attendance noted"),
    "training_session.remove": _("Training session taken back"),
    "self_service_link.add": _("Self-service link added"),
    "self_service_link.change": _("Self-service link changed"),
    "self_service_link.remove": _("Self-service link removed"),
    "settings.thresholds": _("Thresholds of next steps changed"),
    "settings.self_service_address": _("Address of the self-service page renewed"),
    "account.edit": _("Own data on a customer changed"),
    "customer.claim": _("Customer claimed"),
    "load.undo": _("Load undone"),
    "report.define": _("Regular report defined"),
    "report.approve": _("Regular report to a customer approved"),
    "report.end": _("Regular report ended"),
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
OBJECTS: dict[str, Promise] = {
    "activity": _("activity"),
    "connection": _("connection"),
    "course": _("course"),
    "coverage": _("coverage"),
    "customer": _("customer"),
    "customer_profile": _("customer's profile"),
    "entitlement_period": _("entitlement period"),
    "invitation": _("invitation"),
    "load": _("load"),
    "next_step": _("next step"),
    "partner": _("partner"),
    "playbook": _("playbook"),
    "relationship": _("relationship"),
    "report": _("report"),
    "satisfaction_response": _("satisfaction response"),
    "self_service_link": _("self-service link"),
    "sku": _("SKU"),
    "staff": _("member of staff"),
    "subscription_version": _("subscription version"),
    "support_case": _("support case"),
    "token": _("API token"),
    "training_session": _("training session"),
}
"""What kinds of objects are called; any other stands as it is written."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after, as text; None where there was none."""

    name: str
    before: str | None
    after: str | None

    @property
    def label(self) -> str | Promise:
        """What the value is called."""
        return cell_name(self.name)


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

    @property
    def object_kind(self) -> str | Promise:
        """What the object is."""
        return OBJECTS.get(self.object_type, self.object_type)


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
        changes=changes_of(entry.before, entry.after, entry.partner),
    )


def who_of(entry: AuditEntry) -> str | Promise:
    """Who acted, as far as the partner's staff may know: its own people by address, anybody else by what they are.

    To a partner's scope the operator's people aren't there.
    """
    if entry.actor_id is None:
        return _("a command")
    own = entry.actor is not None and entry.actor.partner_id == entry.partner_id
    return entry.actor.email if own else _("the operator")


def changes_of(
    before: dict[str, Any] | None, after: dict[str, Any] | None, partner: Partner | None = None
) -> tuple[Change, ...]:
    """What differs between the two, in the order of the names; what stayed as it was is left out.

    `partner` is whose staff reads it: it goes by its name.
    """
    before, after = before or {}, after or {}
    names = sorted(name for name in {*before, *after} if _differs(name, before, after))
    return tuple(Change(name, told_cell(name, before, partner), told_cell(name, after, partner)) for name in names)


def _differs(name: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
    return (name in before) != (name in after) or before.get(name) != after.get(name)


def told_cell(name: str, cells: Mapping[str, Any], partner: Partner | None) -> str | None:
    """A value of an entry in words, None where there is none; who stated something goes by name."""
    if name not in cells:
        return None
    if name == STATED_BY and cells[name] is None:
        return gettext("the operator")
    if name == STATED_BY and partner is not None and cells[name] == str(partner.partner_id):
        return partner.name
    return told_as(name, cells[name])


def told_as(name: str, value: Any) -> str:
    """A value of this name in words: what feeds write as true or false is yes or no."""
    return told(value == "true") if name in FLAGS and value in {"true", "false"} else told(value)


def told(value: Any) -> str:
    """A value of an entry in words: nothing for none, lists with their parts after each other, records without their keys."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, dict):
        return ", ".join(told(part) for name, part in value.items() if name != "id" and part not in (None, ""))
    if isinstance(value, list):
        between = "; " if any(isinstance(part, dict) for part in value) else ", "
        return between.join(told(part) for part in value)
    return str(value)
