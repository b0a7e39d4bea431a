"""The page on which a partner claims a customer."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from customers.forms.claim import ClaimForm
from customers.selectors.claims import confirmed_at_once, waiting_claims_of
from customers.services.claims import LoadingError, claim_customer
from partners.doors import Door
from partners.permissions import Action


class ClaimCustomer(Door):
    """The form, one's own claims that wait, and what comes back: the same whether the customer is known or not."""

    action: ClassVar[Action] = Action.CLAIM_CUSTOMER

    def get(self, _request: HttpRequest) -> HttpResponse:
        return self._page(ClaimForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ClaimForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=400)
        try:
            confirmed = claim_customer(actor=request.user, claim=form.claim)
        except ValidationError as error:
            form.add_error(None, error)
            return self._page(form, status=400)
        except LoadingError:
            form.add_error(None, _("A delivery is being loaded at the moment. Please try again in a few minutes."))
            return self._page(form, status=409)
        return self._answered(confirmed=confirmed)

    def _answered(self, *, confirmed: bool) -> HttpResponse:
        if confirmed:
            messages.success(self.request, _("The customer is in your list now."))
            return redirect("insights:customers")
        messages.success(
            self.request,
            _("Your claim has been received. As soon as the operator has confirmed it, the customer is in your list."),
        )
        return redirect("customers:claim")

    def _page(self, form: ClaimForm, *, status: int = 200) -> HttpResponse:
        claims = waiting_claims_of(partner=self.request.user.partner)
        context = {"form": form, "claims": claims, "confirmed_at_once": confirmed_at_once()}
        return render(self.request, "customers/claim.html", context, status=status)
