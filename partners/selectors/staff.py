"""Finds members of staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower

from partners.models import Invitation, InvitationQuerySet, Staff, StaffQuerySet
from partners.selectors.second_factor import KINDS


@dataclass(frozen=True, slots=True)
class StaffFilters:
    """What the list of staff is cut down to; empty values don't."""

    text: str = ""
    """Part of the name or of the e-mail address."""
    role: str = ""
    status: str = ""
    """`active` or `inactive`."""


def staff_of_address(address: str) -> Staff | None:
    """Who signs in with this e-mail address, whatever its case."""
    folded = Staff.objects.select_related("partner").annotate(folded=Lower("email"))
    return folded.filter(folded=address.strip().lower()).first()


def colleagues(user: Any, filters: StaffFilters | None = None) -> StaffQuerySet:
    """The staff of the person's partner with `has_second_factor`, active ones first, then by e-mail address."""
    filters = filters or StaffFilters()
    staff = Staff.objects.visible_to(user).annotate(has_second_factor=_HAS_SECOND_FACTOR)
    if filters.text:
        text = filters.text.strip()
        staff = staff.filter(Q(email__icontains=text) | Q(first_name__icontains=text) | Q(last_name__icontains=text))
    if filters.role:
        staff = staff.filter(roles__contains=[filters.role])
    if filters.status:
        staff = staff.filter(is_active=filters.status == "active")
    return staff.order_by("-is_active", Lower("email"))


def open_invitations(user: Any) -> InvitationQuerySet:
    """The partner's invitations that nobody has answered yet, the newest first; expired ones too."""
    return Invitation.objects.visible_to(user).select_related("invited_by").order_by("-created_at", "-pk")


_HAS_SECOND_FACTOR = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=KINDS))
