"""Relationships, and the claims that wait for the operator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action as button

from customers.admin.base import ChosenField, FactAdmin
from customers.admin.licences import EVERYTHING
from customers.models import Relationship
from customers.services.corrections.records import cell
from customers.services.corrections.relationships import RELATIONSHIP, confirm, refuse
from partners.admin_corrections import CorrectionForm
from partners.admin_reason import Question, ask
from partners.models import Staff
from partners.services.corrections import STATED_BY, Cells


class RelationshipForm(CorrectionForm):
    """Its days."""

    field_of = {"from": "valid_from", "to": "valid_to", "partner_id": "partner", "customer_id": "customer"}


class NewRelationshipForm(RelationshipForm):
    """What the operator states is confirmed."""

    partner = ChosenField(Relationship._meta.get_field("partner"), label=_("Partner"))
    customer = ChosenField(Relationship._meta.get_field("customer"), label=_("Customer"))


@admin.register(Relationship)
class RelationshipAdmin(FactAdmin):
    """Who serves whom: the operator's to correct. A partner's staff sees its own confirmed ones."""

    form = RelationshipForm
    add_form = NewRelationshipForm
    corrections = EVERYTHING
    staff_corrections = frozenset()
    fact = RELATIONSHIP
    shown = ("partner", "customer_name", "customer", "status", "stater")
    changed = ("valid_from", "valid_to")
    added = ("partner", "customer", "valid_from", "valid_to")
    list_display = ("partner", "customer_name", "valid_from", "valid_to", "status", "stater")
    list_select_related = ("partner", "stated_by")
    list_filter = ("status",)
    search_guids = ("customer__tenant_id",)
    search_prefixes = ("partner__slug",)
    actions = ("confirm_claims", "refuse_claims")
    actions_detail = ("confirm", "refuse")

    def own(self, queryset: QuerySet[Any], user: Any) -> QuerySet[Any]:
        return queryset.visible_to(user).filter(status=Relationship.Status.CONFIRMED)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("partner", "customer", "stated_by")

    def after(self, cleaned: dict[str, Any], before: Cells | None, actor: Staff) -> dict[str, Any]:
        said = {"from": cell(cleaned["valid_from"]), "to": cell(cleaned["valid_to"])}
        if before is not None:
            return {**before, **said}
        return said | {
            "partner_id": str(cleaned["partner"].partner_id),
            "customer_id": str(cleaned["customer"].tenant_id),
            "status": Relationship.Status.CONFIRMED.value,
            STATED_BY: None,
        }

    def has_settle_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether this is a claim, and this person may settle it."""
        if not self.has_change_permission(request):
            return False
        if object_id is None:
            return True
        claim = self.get_object(request, str(object_id))
        return claim is not None and claim.status == Relationship.Status.CLAIMED

    @button(description=_("Confirm"), url_path="confirm", permissions=["settle"], icon="check")
    def confirm(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """From then on the partner sees the customer."""
        return self._settle(request, [self.found(request, object_id)], "", confirm)

    @button(description=_("Refuse"), url_path="refuse", permissions=["settle"], icon="close")
    def refuse(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The claim is gone."""
        return self._settle(request, [self.found(request, object_id)], "", refuse)

    @button(description=_("Confirm the selected claims"), permissions=["settle"])
    def confirm_claims(self, request: HttpRequest, queryset: QuerySet[Relationship]) -> HttpResponseBase:
        """All of those that were ticked."""
        return self._settle(request, list(queryset), "confirm_claims", confirm)

    @button(description=_("Refuse the selected claims"), permissions=["settle"])
    def refuse_claims(self, request: HttpRequest, queryset: QuerySet[Relationship]) -> HttpResponseBase:
        """All of those that were ticked."""
        return self._settle(request, list(queryset), "refuse_claims", refuse)

    def _settle(
        self, request: HttpRequest, claims: list[Relationship], action: str, settle: Callable[..., Any]
    ) -> HttpResponseBase:
        confirms = settle is confirm
        asked = [(ACTION_CHECKBOX_NAME, str(claim.pk)) for claim in claims] if action else []

        def act(reason: str) -> None:
            with transaction.atomic():
                for claim in claims:
                    settle(actor=request.user, claim=claim, reason=reason)

        question = Question(
            title=gettext("Confirm claims") if confirms else gettext("Refuse claims"),
            subtitle=ngettext("%(count)d claim", "%(count)d claims", len(claims)) % {"count": len(claims)},
            sentence=gettext("The partner sees the customer, with the totals over all sellers.")
            if confirms
            else gettext("The claim is removed; the partner is shown nothing of the customer."),
            button=gettext("Confirm") if confirms else gettext("Refuse"),
            act=act,
            done=gettext("Done. It can be undone in the audit log."),
            back=self.list_address,
            facts=[(str(claim.partner), f"{claim.called or claim.customer}, {claim.valid_from}") for claim in claims],
            hidden=[*asked, ("action", action)] if action else [],
        )
        return ask(request, self.admin_site, self.opts, question)
