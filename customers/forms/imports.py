"""The forms of imports: what files may not say themselves, and why one is undone."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.clock import today
from customers.feed.values import canonical_guid
from customers.forms.claim import countries
from customers.selectors.customers import VisibleCustomer, customers_of
from customers.selectors.search import matching
from customers.services.imports.uploads import Unsaid
from partners.models import Partner

MOST_OFFERED = 20
_ID = re.compile(r"\(([0-9a-f-]{36})\)\s*$", re.IGNORECASE)


class AboutForm(forms.Form):
    """Which customer files are about, and of which day lists are, where the files don't say."""

    customer = forms.CharField(
        label=gettext_lazy("Customer"),
        max_length=400,
        required=False,
        help_text=gettext_lazy(
            "For files that don't say whose they are, such as usage reports and lists of users: name, domain or customer id."
        ),
    )
    day = forms.DateField(
        label=gettext_lazy("Day of lists"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        help_text=gettext_lazy("For lists without a date, such as users and licences. Empty: today."),
    )

    country = forms.ChoiceField(
        label=gettext_lazy("Country of new customers"),
        required=False,
        help_text=gettext_lazy("For lists of customers, which don't say it."),
    )

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partner = partner
        self.fields["country"].choices = [("", _("None")), *countries()]
        self.fields["customer"].widget.attrs |= {"list": "customers", "autocomplete": "off"}

    def clean_customer(self) -> UUID | None:
        """The tenant id of a customer that the partner serves today."""
        text = self.cleaned_data["customer"].strip()
        if not text:
            return None
        found = offered(self.partner, text)
        if len(found) == 1:
            return found[0].customer_id
        if not found:
            raise forms.ValidationError(_("You serve no such customer. Expected the name, domain or id of one."))
        names = ", ".join(label(customer) for customer in found[:5])
        raise forms.ValidationError(
            _("Several customers are called so: %(names)s. Choose one.")
            % {"names": names + (", …" if len(found) > 5 else "")}
        )

    def clean_day(self) -> Any:
        """A day up to today."""
        day = self.cleaned_data["day"]
        if day is not None and day > today():
            raise forms.ValidationError(_("This day is still to come; expected today (UTC) or a day before."))
        return day

    @property
    def about(self) -> Unsaid:
        """What a valid form says."""
        return Unsaid(**self.cleaned_data)


class UndoForm(forms.Form):
    """Why an import is undone."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=1000)


def offered(partner: Partner, text: str) -> list[VisibleCustomer]:
    """The customers served today that somebody may mean, by name; the one alone whose label, id or whole name it is."""
    served = customers_of(partner=partner, day=today())
    chosen = _ID.search(text)
    guid = canonical_guid(chosen[1] if chosen else text)
    exact = [
        each for each in served if str(each.customer_id) == guid or each.name.casefold() == text.strip().casefold()
    ]
    if guid or len(exact) == 1:
        return exact[:1]
    found = exact or matching(served, partner=partner, text=text)
    return sorted(found, key=lambda each: (each.name.casefold(), str(each.customer_id)))


def label(customer: VisibleCustomer) -> str:
    """A customer as it is offered: the name and, because names repeat, the id."""
    return f"{customer.name} ({customer.customer_id})"
