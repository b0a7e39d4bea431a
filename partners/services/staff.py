"""Members of staff: how they come to be, and what a manager of staff changes of them (design.md, "Who may do what")."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from partners import mail
from partners.failures import WrongStateError
from partners.models import AuditEntry, Invitation, Partner, Staff, belongs
from partners.permissions import Action, Role, actions_of, may_grant
from partners.services.audit import record
from partners.services.tokens import revoke_all_tokens


def create_staff(*, actor: Staff | None, partner: Partner, email: str, roles: Iterable[Role], password: str) -> Staff:
    """A new member of a partner's staff with these roles, written to the audit log.

    `actor` is None for a command; pages invite instead. Raises ValidationError for an e-mail address that is none or is
    known already, and for a password that is too weak.
    """
    codes = sorted({role.value for role in roles})
    with transaction.atomic():
        staff = Staff(email=Staff.objects.normalize_email(email), partner=partner, roles=codes)
        staff.set_password(password)
        staff.full_clean()
        validate_password(password, staff)
        staff.save()
        _recorded(actor, staff, "staff.create", after={"email": staff.email, "roles": codes})
    return staff


def change_roles(*, actor: Staff, staff: Staff, roles: Iterable[Role]) -> None:
    """Give a member of staff exactly these roles.

    PermissionDenied: global admin is granted and taken away by global admins only, and nobody raises his or her own
    rights. WrongStateError: the partner's last active global admin stays one. ValidationError: no role at all.
    """
    codes = sorted({role.value for role in roles})
    if not codes:
        raise ValidationError({"roles": _("Choose at least one role.")})
    with _changing(actor, staff) as (present_actor, present):
        before = sorted(present.roles)
        _may_give(present_actor, present, before, codes)
        if Role.GLOBAL_ADMIN in before and Role.GLOBAL_ADMIN not in codes:
            _another_global_admin(present)
        if codes != before:
            present.roles = codes
            present.save(update_fields=["roles"])
            _recorded(actor, present, "staff.roles", before={"roles": before}, after={"roles": codes})


def deactivate(*, actor: Staff, staff: Staff, reason: str = "") -> None:
    """Shut a member of staff out at once: sessions, API tokens and open invitations by that person end for good."""
    with _changing(actor, staff) as (_actor, present):
        if not present.is_active:
            return
        if Role.GLOBAL_ADMIN in present.roles:
            _another_global_admin(present)
        present.is_active = False
        present.session_generation += 1
        present.save(update_fields=["is_active", "session_generation"])
        tokens = revoke_all_tokens(actor=actor, staff=present)
        Invitation.objects.filter(invited_by=present).delete()
        after = {"active": False, "tokens_revoked": tokens}
        _recorded(actor, present, "staff.deactivate", before={"active": True}, after=after, reason=reason)


def reactivate(*, actor: Staff, staff: Staff, reason: str = "") -> None:
    """Let a member of staff in again, by password and anew; what ended with the deactivation doesn't come back."""
    with _changing(actor, staff) as (_actor, present):
        if present.is_active:
            return
        present.is_active = True
        present.save(update_fields=["is_active"])
        _recorded(actor, present, "staff.reactivate", before={"active": False}, after={"active": True}, reason=reason)


def rename(*, actor: Staff, staff: Staff, first_name: str, last_name: str) -> None:
    """Change the name of a member of staff. Raises ValidationError for one that is too long."""
    with _changing(actor, staff) as (_actor, present):
        before = {"first_name": present.first_name, "last_name": present.last_name}
        present.first_name, present.last_name = first_name.strip(), last_name.strip()
        after = {"first_name": present.first_name, "last_name": present.last_name}
        if after != before:
            present.full_clean()
            present.save(update_fields=list(after))
            _recorded(actor, present, "staff.rename", before=before, after=after)


def send_reset(*, actor: Staff, staff: Staff, link: Callable[[Staff], str]) -> None:
    """Mail a member of staff a link with which to set a new password; until then the present one works.

    `link` makes the address. Raises WrongStateError for somebody inactive, MailError where the mail can't be sent.
    """
    with _changing(actor, staff) as (_actor, present):
        if not present.is_active:
            raise WrongStateError(_("Somebody inactive can't set a password: reactivate first."))
        _recorded(actor, present, "staff.send_reset")
        context = {"actor": actor, "staff": present, "link": link(present)}
        mail.send("reset", to=present.email, context=context, language=present.language)


def remove_second_factor(*, actor: Staff, staff: Staff) -> None:
    """Take away a second factor that was lost, and end the person's sessions; he or she is told by mail.

    Nobody takes away his or her own here: that is the profile's, where it asks for the password. MailError as above.
    """
    if actor.pk == staff.pk:
        raise PermissionDenied(_("Your own second factor is removed in your profile."))
    with _changing(actor, staff) as (_actor, present):
        removed, _kinds = Authenticator.objects.filter(user=present).delete()
        if not removed:
            raise WrongStateError(_("This person has no second factor."))
        present.session_generation += 1
        present.save(update_fields=["session_generation"])
        _recorded(
            actor, present, "staff.remove_second_factor", before={"second_factor": True}, after={"second_factor": False}
        )
        context = {"actor": actor, "staff": present}
        mail.send("second_factor_removed", to=present.email, context=context, language=present.language)


def must_manage_staff(actor: Staff, partner: int | None) -> None:
    """PermissionDenied unless the person manages this partner's staff; an operator manages everybody's."""
    operator = actor.is_active and actor.is_superuser
    own = belongs(actor) and actor.partner_id == partner and actor.may(Action.MANAGE_STAFF)
    if partner is None or not (operator or own):
        raise PermissionDenied(_("Your role doesn't include managing this partner's staff."))


def may_grant_roles(actor: Staff, changed: Iterable[str]) -> bool:
    """Whether the person may give or take away these roles; an operator may all."""
    return actor.is_superuser or may_grant(actor.roles, changed)


@contextmanager
def _changing(actor: Staff, staff: Staff) -> Iterator[tuple[Staff, Staff]]:
    """Both as they are now, while nobody else changes the partner's staff, and judged."""
    with transaction.atomic():
        must_manage_staff(actor, staff.partner_id)
        Partner.objects.select_for_update(no_key=True).get(pk=staff.partner_id)
        present_actor = Staff.objects.select_related("partner").get(pk=actor.pk)
        present = Staff.objects.select_related("partner").get(pk=staff.pk)
        must_manage_staff(present_actor, present.partner_id)
        if Role.GLOBAL_ADMIN in present.roles and not may_grant_roles(present_actor, [Role.GLOBAL_ADMIN]):
            raise PermissionDenied(_("Only a global admin changes anything of a global admin."))
        yield present_actor, present


def _may_give(actor: Staff, staff: Staff, before: list[str], after: list[str]) -> None:
    if not may_grant_roles(actor, set(before) ^ set(after)):
        raise PermissionDenied(_("Only a global admin grants or takes away global admin."))
    if actor.pk == staff.pk and not actions_of(after) <= actions_of(before):
        raise PermissionDenied(_("Nobody raises his or her own rights: ask a colleague."))


def _another_global_admin(staff: Staff) -> None:
    others = Staff.objects.filter(partner=staff.partner_id, is_active=True, roles__contains=[Role.GLOBAL_ADMIN.value])
    if staff.is_active and not others.exclude(pk=staff.pk).exists():
        raise WrongStateError(_("This is the last active global admin: make somebody else one first."))


def _recorded(
    actor: Staff | None,
    staff: Staff,
    action: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    record(
        actor=actor,
        partner=staff.partner,
        kind=AuditEntry.Kind.STAFF,
        action=action,
        object_type="staff",
        object_id=staff.pk,
        reason=reason,
        before=before,
        after=after,
    )
