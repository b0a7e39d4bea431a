"""Finds partners."""

from __future__ import annotations

from partners.models import Partner


class UnknownPartnerError(LookupError):
    """No partner is meant; the message says which there are."""


def partner_by_slug(slug: str) -> Partner:
    """The partner with this slug, whatever its case. Raises UnknownPartnerError."""
    partner = Partner.objects.filter(slug__iexact=slug.strip()).first()
    if partner is None:
        known = ", ".join(Partner.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
        raise UnknownPartnerError(f"No partner has the slug {slug!r}. Known: {known}.")
    return partner
