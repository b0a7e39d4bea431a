"""Finds members of staff."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower

from partners.models import Invitation, InvitationQuerySet, Staff, StaffQuerySet
from partners.selectors.second_factor import KINDS


def staff_of_address(address: str) -> Staff | None:
    """Who signs in with this e-mail address, whatever its case."""
    folded = Staff.objects.select_related("partner").annotate(folded=Lower("email"))
    return folded.filter(folded=address.strip().lower()).first()


def colleagues(user: Any) -> StaffQuerySet:
    """The staff of the person's partner with `has_second_factor`, active ones first, then by e-mail address."""
    staff = Staff.objects.visible_to(user).annotate(has_second_factor=_HAS_SECOND_FACTOR)
    return staff.order_by("-is_active", Lower("email"))


def open_invitations(user: Any) -> InvitationQuerySet:
    """The partner's invitations that nobody has answered yet, the newest first; expired ones too."""
    return Invitation.objects.visible_to(user).select_related("invited_by").order_by("-created_at", "-pk")


_HAS_SECOND_FACTOR = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=KINDS))
