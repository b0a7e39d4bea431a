"""The mailboxes of a customer that aren't counted among its people: which, who left them out, when and why."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from customers.forms.mailbox import MailboxForm
from customers.models import Customer
from customers.models.alias import AccountKind
from customers.selectors.customers import VisibleCustomer
from customers.selectors.mailboxes import left_out_mailboxes, number_left_out, suggested_mailboxes
from customers.services.corrections.mailboxes import count_mailbox_again, leave_out_mailbox
from customers.views.customer import CustomerDoor
from partners.permissions import Action
from partners.services.corrections import CorrectionError
from partners.services.names import record_names_seen


class Mailboxes(CustomerDoor):
    """The page; what is posted leaves a mailbox out, or counts one again (`again`)."""

    action: ClassVar[Action] = Action.CORRECT_FACTS

    def get(self, request: HttpRequest, customer_id: UUID) -> HttpResponse:
        asked = {name: request.GET.get(name, "") for name in ("user_id", "mailbox")}
        return self._page(self.customer(customer_id), MailboxForm(initial=asked))

    def post(self, request: HttpRequest, customer_id: UUID) -> HttpResponse:
        customer = self.customer(customer_id)
        if "again" in request.POST:
            return self._counted_again(customer, request.POST["again"])
        form = MailboxForm(request.POST)
        if not form.is_valid() or not self._left_out(customer, form):
            return self._page(customer, form, status=400)
        messages.success(request, _("The mailbox isn't counted among the customer's people any more."))
        return redirect("customers:mailboxes", customer_id)

    def _left_out(self, customer: VisibleCustomer, form: MailboxForm) -> bool:
        said = form.cleaned_data
        try:
            leave_out_mailbox(
                actor=self.request.user,
                customer=Customer.objects.get(pk=customer.id),
                user_id=said["user_id"],
                mailbox=AccountKind(said["mailbox"]),
                reason=said["reason"],
            )
        except CorrectionError as error:
            form.add_error(error.cell if error.cell in form.fields else None, str(error))
            return False
        return True

    def _counted_again(self, customer: VisibleCustomer, text: str) -> HttpResponse:
        own = left_out_mailboxes(partner=self.request.user.partner, customer=customer.id)
        stored = next((each for each in own if str(each.pk) == text), None)
        if stored is None:
            raise Http404
        try:
            count_mailbox_again(actor=self.request.user, stored=stored, reason=_("counted again"))
        except CorrectionError as error:
            messages.error(self.request, str(error))
        else:
            messages.success(self.request, _("The mailbox is counted among the customer's people again."))
        return redirect("customers:mailboxes", customer.customer_id)

    def _page(self, customer: VisibleCustomer, form: MailboxForm, *, status: int = 200) -> HttpResponse:
        partner = self.request.user.partner
        own = left_out_mailboxes(partner=partner, customer=customer.id)
        suggested = suggested_mailboxes(partner=partner, customer=customer.id)
        record_names_seen(
            actor=self.request.user,
            customer_id=customer.customer_id,
            people=len({each.key for each in own} | {each.user_id.casefold() for each in suggested}),
            where="mailboxes, page",
        )
        context = {
            "customer": customer,
            "form": form,
            "own": own,
            "others": max(number_left_out(customer=customer.id) - len(own), 0),
            "suggested": suggested,
        }
        return render(self.request, "customers/mailboxes.html", context, status=status)
