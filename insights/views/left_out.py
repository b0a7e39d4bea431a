"""The SKUs that a partner leaves out of its pages: which, why, until when, and what that takes away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from customers.clock import today
from customers.models import LeftOutSku, Sku
from customers.selectors.customers import customers_of
from customers.selectors.holdings import skus_held
from customers.selectors.left_out import left_out_of, suggested_skus
from customers.services.left_out import count_sku_again, leave_out_sku
from insights.forms import LeaveOutForm
from insights.selectors.effect import effect
from insights.selectors.insight_rows import Question
from insights.selectors.left_out import Effect
from partners.doors import Door
from partners.permissions import Action
from partners.tenancy import counting


@dataclass(frozen=True, slots=True)
class Line:
    """An SKU that is left out, and what of today's figures it takes away."""

    stored: LeftOutSku
    is_over: bool
    effect: Effect


class LeftOutSkus(Door):
    """The page; what is posted leaves one SKU out, or counts one again (`again`)."""

    action: ClassVar[Action] = Action.PARTNER_SETTINGS

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(LeaveOutForm(skus=self._held(), initial={"sku": request.GET.get("sku", "")}))

    def post(self, request: HttpRequest) -> HttpResponse:
        if "again" in request.POST:
            return self._counted_again(request.POST["again"])
        form = LeaveOutForm(request.POST, skus=self._held())
        if not form.is_valid() or not self._left_out(form):
            return self._page(form, status=400)
        return redirect("insights:left_out_skus")

    def _left_out(self, form: LeaveOutForm) -> bool:
        said = form.cleaned_data
        sku = Sku.objects.get(pk=said["sku"])
        try:
            leave_out_sku(actor=self.request.user, sku=sku, reason=said["reason"], until=said["until"])
        except ValidationError as error:
            form.add_error(None, error)
            return False
        messages.success(self.request, _("%(sku)s is left out of your pages.") % {"sku": sku.name})
        return True

    def _counted_again(self, text: str) -> HttpResponse:
        own = [each.sku for each in left_out_of(partner=self.request.user.partner)]
        sku = next((sku for sku in own if str(sku.pk) == text), None)
        if sku is None:
            raise Http404
        count_sku_again(actor=self.request.user, sku=sku)
        messages.success(self.request, _("%(sku)s is counted again.") % {"sku": sku.name})
        return redirect("insights:left_out_skus")

    def _customers(self) -> list[int]:
        return [customer.id for customer in customers_of(partner=self.request.user.partner, day=today())]

    def _held(self) -> list[Sku]:
        with counting():
            return skus_held(customers=self._customers(), day=today())

    def _page(self, form: LeaveOutForm, *, status: int = 200) -> HttpResponse:
        partner, customers = self.request.user.partner, self._customers()
        known = left_out_of(partner=partner)
        lines = []
        for each in known:
            question = Question(partner, today(), left_out=frozenset({each.sku_id}))
            over = each.until is not None and each.until < today()
            lines.append(Line(each, over, effect(question, customers=customers)))
        context: dict[str, Any] = {
            "form": form,
            "lines": lines,
            "suggested": suggested_skus(held=self._held(), left_out=[each.sku_id for each in known]),
        }
        return render(self.request, "insights/left_out_skus.html", context, status=status)
