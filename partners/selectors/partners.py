"""Finds partners."""

from __future__ import annotations

from partners.models import Partner


class UnknownPartnerError(LookupError):
    """No partner is meant; the message says which there are."""


def partner_by_slug(slug: str) -> Partner:
    """The partner with this slug, whatever its case. Raises UnknownPartnerError."""
    partners = list(Partner.objects.order_by("slug"))
    wanted = slug.strip().casefold()
    for partner in partners:
        if partner.slug.casefold() == wanted:
            return partner
    known = ", ".join(partner.slug for partner in partners) or "none yet"
    raise UnknownPartnerError(f"No partner has the slug {slug!r}. Known: {known}.")
