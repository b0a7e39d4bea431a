"""Invitations: how somebody is asked to join a partner's staff, and joins it.

Nothing that the inviting side sees (answer, list, audit log) depends on whether the address is known to the installation: only
the mail does. An account comes to be when the invitation is accepted.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import mail
from partners.failures import WrongStateError
from partners.models import AuditEntry, Invitation, Partner, Staff
from partners.permissions import Role
from partners.selectors.staff import staff_of_address
from partners.services.audit import record
from partners.services.staff import may_grant_roles, must_manage_staff
from partners.tenancy import acting_for, signing_in

VALID_FOR = timedelta(days=7)


class InvitationGoneError(LookupError):
    """No such invitation, or none any more: used, withdrawn, expired, or its sender may no longer grant these roles."""


def invite(*, actor: Staff, email: str, roles: Iterable[Role], link: Callable[[str], str]) -> None:
    """Ask somebody by mail to join the actor's partner with these roles; a second time replaces the first.

    `link` makes an address of the secret. Who has an account already, anywhere, gets a mail that says so instead of a
    link. Raises PermissionDenied (global admin is granted by global admins only), ValidationError for an address that is
    none and for no role, MailError where the mail can't be sent: then the invitation is withdrawn again. The mail goes out
    once the invitation is stored, so that nobody waits for it but whoever invites.
    """
    must_manage_staff(actor, actor.partner_id)
    codes = sorted({role.value for role in roles})
    email, secret = _checked(email, codes), secrets.token_urlsafe(32)
    invitation = _stored(actor, email, codes, secret)
    try:
        _mail(invitation, link(secret))
    except mail.MailError:
        _taken_back(invitation, _("The mail couldn't be sent."))
        raise


def _stored(actor: Staff, email: str, codes: list[str], secret: str) -> Invitation:
    with transaction.atomic():
        _one_at_a_time(actor.partner_id)
        for earlier in Invitation.objects.filter(partner=actor.partner_id, email__iexact=email):
            _may_change(actor, earlier.roles)
            earlier.delete()
        _may_change(actor, codes)
        invitation = Invitation.objects.create(
            partner=actor.partner,
            email=email,
            roles=codes,
            invited_by=actor,
            expires_at=timezone.now() + VALID_FOR,
            digest=_digest(secret),
        )
        _recorded(actor, invitation, "staff.invite", after=_described(invitation))
    return invitation


def _taken_back(invitation: Invitation, reason: str) -> None:
    """Withdraw what its sender has just asked for, unless it was answered or replaced meanwhile."""
    with transaction.atomic():
        if _still_open(invitation):
            before = _described(invitation)
            _recorded(invitation.invited_by, invitation, "staff.withdraw_invitation", before=before, reason=reason)
            invitation.delete()


def withdraw(*, actor: Staff, invitation: Invitation) -> None:
    """Make an invitation's link lead nowhere.

    PermissionDenied: of global admins by global admins only. WrongStateError: it was answered or replaced meanwhile.
    """
    must_manage_staff(actor, invitation.partner_id)
    _may_change(actor, invitation.roles)
    with transaction.atomic():
        if not _still_open(invitation):
            raise WrongStateError(_("This invitation is gone: it was accepted, withdrawn or sent anew meanwhile."))
        _recorded(actor, invitation, "staff.withdraw_invitation", before=_described(invitation))
        invitation.delete()


def invitation_of(secret: str) -> Invitation:
    """The invitation that this secret accepts, for whoever has it, signed in or not. Raises InvitationGoneError."""
    with signing_in():
        found = Invitation.objects.select_related("partner", "invited_by").filter(digest=_digest(secret)).first()
        if found is None or staff_of_address(found.email) is not None:
            raise InvitationGoneError
        _must_hold(found)
        return found


def _must_hold(invitation: Invitation) -> None:
    """InvitationGoneError where it has expired, or its sender may no longer grant these roles."""
    sender = invitation.invited_by
    grants = sender.is_active and sender.partner_id == invitation.partner_id
    if invitation.has_expired or not (grants and may_grant_roles(sender, invitation.roles)):
        raise InvitationGoneError


def accept(*, secret: str, first_name: str, last_name: str, password: str, language: str = "") -> Staff:
    """Join the staff: the account comes to be with the roles of the invitation, and its link dies.

    Raises InvitationGoneError, and ValidationError for a name or a password that won't do.
    """
    found = invitation_of(secret)
    with acting_for(found.partner_id), transaction.atomic():
        _one_at_a_time(found.partner_id)
        if not _still_open(found):
            raise InvitationGoneError
        # As it is now: the sender's rights may have gone while this waited.
        found = Invitation.objects.select_related("partner", "invited_by").get(pk=found.pk)
        _must_hold(found)
        staff = Staff(email=found.email, partner=found.partner, roles=found.roles, language=language)
        staff.first_name, staff.last_name = first_name.strip(), last_name.strip()
        staff.set_password(password)
        staff.full_clean()
        validate_password(password, staff)
        _first(staff)
        after = {"email": staff.email, "roles": staff.roles, "invited_by": found.invited_by.email}
        record(
            actor=staff,
            partner=found.partner,
            kind=AuditEntry.Kind.STAFF,
            action="staff.join",
            object_type="staff",
            object_id=staff.pk,
            after=after,
        )
        found.delete()
    return staff


def _one_at_a_time(partner: int | None) -> None:
    """Whoever changes a partner's staff waits for whoever does so already."""
    Partner.objects.select_for_update(no_key=True).get(pk=partner)


def _still_open(invitation: Invitation) -> bool:
    """Whether it is there as it was read; nobody answers it before the transaction ends."""
    return Invitation.objects.select_for_update().filter(pk=invitation.pk, digest=invitation.digest).exists()


def _first(staff: Staff) -> None:
    """Save the new member of staff; InvitationGoneError where another partner's invitation was accepted at this moment."""
    try:
        staff.save()
    except IntegrityError:
        raise InvitationGoneError from None


def _checked(email: str, codes: list[str]) -> str:
    if not codes:
        raise ValidationError({"roles": _("Choose at least one role.")})
    email = Staff.objects.normalize_email(email.strip())
    try:
        validate_email(email)
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from None
    return email


def _may_change(actor: Staff, roles: list[str]) -> None:
    if not may_grant_roles(actor, roles):
        raise PermissionDenied(_("Only a global admin grants or takes away global admin."))


def _mail(invitation: Invitation, link: str) -> None:
    context = {"invitation": invitation, "partner": invitation.partner, "actor": invitation.invited_by}
    with signing_in():
        known = staff_of_address(invitation.email)
    if known is None:
        mail.send("invitation", to=invitation.email, context=context | {"link": link, "days": VALID_FOR.days})
    else:
        mail.send("known_already", to=known.email, context=context, language=known.language)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _described(invitation: Invitation) -> dict[str, object]:
    return {
        "email": invitation.email,
        "roles": invitation.roles,
        "expires_at": invitation.expires_at.isoformat(),
    }


def _recorded(
    actor: Staff,
    invitation: Invitation,
    action: str,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    reason: str = "",
) -> None:
    record(
        actor=actor,
        partner=invitation.partner,
        kind=AuditEntry.Kind.STAFF,
        action=action,
        object_type="invitation",
        object_id=invitation.pk,
        before=before,
        after=after,
        reason=reason,
    )
