"""What the values are called that corrections and the audit log tell of."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CELL_NAMES: Mapping[str, Promise] = MappingProxyType(
    {
        "active": _("active"),
        "auto_renew": _("renews by itself"),
        "cancel_until": _("can be cancelled until"),
        "case_id": _("case id"),
        "closed_on": _("closed on"),
        "code": _("code"),
        "comment": _("comment"),
        "contacts": _("contacts"),
        "country": _("country"),
        "currency": _("currency"),
        "customer_id": _("customer id"),
        "day": _("day"),
        "days": _("days"),
        "domain": _("domain"),
        "effective_on": _("effective on"),
        "email": _("e-mail address"),
        "expires_at": _("valid until"),
        "family": _("family"),
        "first_name": _("first name"),
        "from": _("from"),
        "in_insights": _("takes part in insights"),
        "invited_by": _("invited by"),
        "is_free": _("free"),
        "is_trial": _("trial"),
        "is_viral": _("viral"),
        "kind": _("kind"),
        "language": _("language"),
        "last_name": _("last name"),
        "name": _("name"),
        "opened_on": _("opened on"),
        "owner": _("owner"),
        "part_number": _("part number"),
        "partner_id": _("partner id"),
        "people": _("people"),
        "prefix": _("beginning"),
        "quantity": _("quantity"),
        "responded_on": _("responded on"),
        "response_id": _("response id"),
        "roles": _("roles"),
        "score": _("score"),
        "second_factor": _("second factor"),
        "second_factor_required": _("second factor required"),
        "segment": _("segment"),
        "seller": _("seller"),
        "service": _("workload"),
        "sku": _("SKU"),
        "sku_id": _("SKU id"),
        "slug": _("slug"),
        "staff": _("member of staff"),
        "state": _("state"),
        "stated_by": _("stated by"),
        "status": _("status"),
        "subscription_id": _("subscription id"),
        "tags": _("tags"),
        "term_end": _("term end"),
        "to": _("to"),
        "tokens_revoked": _("API tokens revoked"),
        "unit_price": _("unit price"),
        "unlicensed_family": _("counts without a licence in"),
        "user_id": _("user id"),
        "where": _("where"),
        "workloads": _("workloads"),
    }
)


def cell_name(name: str) -> str | Promise:
    """What a value is called; one that isn't known here stands as it is written."""
    return CELL_NAMES.get(name, name)
