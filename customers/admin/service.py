"""Support cases and satisfaction: they belong to the partner that delivered them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import CharField, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from customers.admin.base import ChosenField, FactAdmin
from customers.admin.licences import EVERYTHING
from customers.models import SatisfactionResponse, SupportCase
from customers.services.corrections.records import (
    SATISFACTION_RESPONSE,
    SUPPORT_CASE,
    ServiceFact,
    cell,
    source_cell,
)
from partners.admin_corrections import CorrectionForm
from partners.models import Staff
from partners.services.corrections import STATED_BY, Cells


class ServiceForm(CorrectionForm):
    """A record of a partner keeps its id; everything else can be corrected."""

    field_of = {"customer_id": "customer", "partner_id": "partner"}
    customer = ChosenField(SupportCase._meta.get_field("customer"), label=_("Customer"))


class NewCaseForm(ServiceForm):
    """The id is the partner's own."""

    case_id = CharField(label=_("Case id"), max_length=256, widget=UnfoldAdminTextInputWidget)
    partner = ChosenField(SupportCase._meta.get_field("partner"), label=_("Partner"))


class NewResponseForm(ServiceForm):
    """The id is the partner's own."""

    response_id = CharField(label=_("Response id"), max_length=256, widget=UnfoldAdminTextInputWidget)
    partner = ChosenField(SatisfactionResponse._meta.get_field("partner"), label=_("Partner"))


class ServiceAdmin(FactAdmin):
    """What both kinds have in common. To a partner's staff those of its own that it stated."""

    abstract = True
    fact: ServiceFact
    form = ServiceForm
    corrections = EVERYTHING
    list_select_related = ("partner", "stated_by")
    search_keys = ("key",)
    search_guids = ("customer__tenant_id",)

    def own(self, queryset: QuerySet[Any], user: Any) -> QuerySet[Any]:
        return super().own(queryset, user).filter(partner=user.partner_id)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("partner", "customer", "stated_by")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        names = super().get_fields(request, obj)
        return [name for name in names if name != "partner" or obj is not None or not request.user.partner_id]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        if request.user.partner_id:
            form.base_fields.pop("partner", None)
        return form

    def after(self, cleaned: dict[str, Any], before: Cells | None, actor: Staff) -> dict[str, Any]:
        said = {name: cell(cleaned[name]) for name in self.fact.plain if name in cleaned}
        said["customer_id"] = str(cleaned["customer"].tenant_id)
        if before is not None:
            return {**before, **said}
        partner = actor.partner or cleaned["partner"]
        return said | {"partner_id": str(partner.partner_id), STATED_BY: source_cell(actor.partner)}


@admin.register(SupportCase)
class SupportCaseAdmin(ServiceAdmin):
    """Support cases."""

    add_form = NewCaseForm
    fact = SUPPORT_CASE
    shown = ("case_id", "partner", "stater")
    changed = ("customer", "opened_on", "kind", "closed_on")
    added = ("case_id", "partner", *changed)
    list_display = ("case_id", "partner", "customer_name", "opened_on", "kind", "closed_on")
    list_filter = ("kind",)


@admin.register(SatisfactionResponse)
class SatisfactionAdmin(ServiceAdmin):
    """Answers on satisfaction."""

    add_form = NewResponseForm
    fact = SATISFACTION_RESPONSE
    shown = ("response_id", "partner", "stater")
    changed = ("customer", "responded_on", "score", "comment")
    added = ("response_id", "partner", *changed)
    list_display = ("response_id", "partner", "customer_name", "responded_on", "score")
