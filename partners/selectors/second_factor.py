"""Who lacks the second factor that is demanded: by a partner of its staff, by the installation of its operators."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings

from partners.models import Staff, operates

KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as one; recovery codes only stand in for it."""


def second_factor_demanded(staff: Staff) -> bool:
    """Whether this person's partner demands a second factor of its staff, or the installation one of its operators."""
    if operates(staff):
        return settings.SEATWISE_OPERATORS_SECOND_FACTOR
    return staff.partner is not None and staff.partner.second_factor_required


def lacks_second_factor(staff: Staff) -> bool:
    """Whether a second factor is demanded and this person has set up none."""
    if not second_factor_demanded(staff):
        return False
    return not has_second_factor(staff)


def has_second_factor(staff: Staff) -> bool:
    """Whether this person has set up a second factor."""
    return Authenticator.objects.filter(user=staff.pk, type__in=KINDS).exists()
