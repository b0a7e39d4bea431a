"""Finds API tokens and those for whom they act."""

from __future__ import annotations

from partners.models import ApiToken, ApiTokenQuerySet, Staff


class UnknownStaffError(LookupError):
    """Nobody of the staff is meant; the message says who was asked for."""


def staff_by_email(email: str) -> Staff:
    """The member of staff with this e-mail address, whatever its case. Raises UnknownStaffError."""
    staff = Staff.objects.select_related("partner").filter(email__iexact=email.strip()).first()
    if staff is None:
        raise UnknownStaffError(f"Nobody has the e-mail address {email!r}.")
    return staff


def tokens_of(staff: Staff) -> ApiTokenQuerySet:
    """One's own tokens, the newest first; revoked and expired ones too."""
    return ApiToken.objects.visible_to(staff).order_by("-created_at", "-pk")
