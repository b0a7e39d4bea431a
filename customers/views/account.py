"""The page on which a partner changes what it keeps on a customer: owner, tags, segment, contacts."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from customers.forms.account import AccountForm, ContactForms, initial_account, initial_contacts, wanted_state
from customers.selectors.accounts import AccountState, account_state, possible_owners
from customers.selectors.customers import VisibleCustomer
from customers.services.accounts import ChangedMeanwhileError, edit_account
from customers.views.customer import CustomerDoor
from partners.permissions import Action

CONTACTS = "contacts"


class EditAccount(CustomerDoor):
    """The form, and what comes back from it."""

    action: ClassVar[Action] = Action.EDIT_ACCOUNT

    def get(self, request: HttpRequest, customer_id: UUID) -> HttpResponse:
        customer = self.customer(customer_id)
        state = account_state(partner=request.user.partner, customer=customer.id)
        form = AccountForm(initial=initial_account(state), owners=self._owners(state))
        return self._page(customer, form, ContactForms(initial=initial_contacts(state), prefix=CONTACTS))

    def post(self, request: HttpRequest, customer_id: UUID) -> HttpResponse:
        customer = self.customer(customer_id)
        state = account_state(partner=request.user.partner, customer=customer.id)
        form = AccountForm(request.POST, owners=self._owners(state))
        contacts = ContactForms(request.POST, prefix=CONTACTS)
        if not (form.is_valid() and contacts.is_valid()):
            return self._page(customer, form, contacts)
        return self._save(customer, form, contacts)

    def _save(self, customer: VisibleCustomer, form: AccountForm, contacts: forms.BaseFormSet) -> HttpResponse:
        wanted, seen = wanted_state(form, contacts), form.cleaned_data["seen"]
        try:
            edit_account(actor=self.request.user, customer=customer, wanted=wanted, seen=seen)
        except ValidationError as error:
            _tell(form, error)
            return self._page(customer, form, contacts)
        except ChangedMeanwhileError as error:
            return self._conflict(customer, error.present)
        messages.success(self.request, _("Saved."))
        return redirect("insights:customer", customer.customer_id)

    def _conflict(self, customer: VisibleCustomer, present: AccountState) -> HttpResponse:
        """What was typed stays; saving it again replaces what stands there now."""
        typed = self.request.POST.copy()
        typed["seen"] = present.fingerprint
        owners = self._owners(present)
        form, contacts = AccountForm(typed, owners=owners), ContactForms(typed, prefix=CONTACTS)
        more = {"present": present, "present_owner": owners.get(present.owner or 0, "")}
        return self._page(customer, form, contacts, status=409, **more)

    def _owners(self, state: AccountState) -> dict[int, str]:
        return possible_owners(partner=self.request.user.partner, present=state.owner)

    def _page(
        self,
        customer: VisibleCustomer,
        form: AccountForm,
        contacts: forms.BaseFormSet,
        *,
        status: int | None = None,
        **more: Any,
    ) -> HttpResponse:
        context = {"customer": customer, "form": form, "contacts": contacts} | more
        wrong = form.errors or (contacts.is_bound and not contacts.is_valid())
        return render(self.request, "customers/edit_account.html", context, status=status or (400 if wrong else 200))


def _tell(form: AccountForm, error: ValidationError) -> None:
    """Each message at its field; those of no field of this form above all."""
    known = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    for name, texts in known.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)
