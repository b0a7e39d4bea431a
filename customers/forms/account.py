"""The form for what a partner keeps on a customer: owner, tags, segment, contacts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.selectors.accounts import AccountState, ContactState

NEW_CONTACTS = 2
"""Empty lines that wait for a new contact."""


class AccountForm(forms.Form):
    """Owner, segment and tags; and what was shown when it was opened."""

    owner = forms.TypedChoiceField(
        label=_("Owner"), required=False, coerce=int, empty_value=None, help_text=_("Who of you looks after it.")
    )
    segment = forms.CharField(
        label=_("Segment"),
        required=False,
        max_length=256,
        help_text=_("Instead of the delivered one; empty: as delivered."),
    )
    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        max_length=2000,
        help_text=_("Separated by commas; at most 20 of 64 characters each."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, owners: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", _("Nobody")), *owners.items()]
        self.fields["owner"].error_messages["invalid_choice"] = _(
            "Choose one of your colleagues: this one isn't known."
        )


class ContactForm(forms.Form):
    """One contact; with nothing typed it is none."""

    id = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name"), required=False, max_length=256)
    position = forms.CharField(label=_("Position"), required=False, max_length=128)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=64)
    remove = forms.BooleanField(label=_("Remove"), required=False)

    def clean(self) -> dict[str, Any]:
        """Who has an address or a position has a name."""
        data = super().clean() or {}
        said = any(data.get(name) for name in ("position", "email", "phone", "id"))
        if said and not data.get("name") and not data.get("remove") and "name" not in self.errors:
            self.add_error("name", _("A contact needs a name."))
        return data

    @property
    def state(self) -> ContactState | None:
        """The contact that was typed; None: nobody, or one to be removed."""
        data = self.cleaned_data
        if data.get("remove") or not data.get("name"):
            return None
        return ContactState(data["id"], data["name"], data["position"], data["email"], data["phone"])


ContactForms = forms.formset_factory(ContactForm, extra=NEW_CONTACTS, absolute_max=100, max_num=100)


def initial_account(state: AccountState) -> dict[str, Any]:
    """What the form shows of a state."""
    return {
        "owner": state.owner,
        "segment": state.segment,
        "tags": ", ".join(state.tags),
        "seen": state.fingerprint,
    }


def initial_contacts(state: AccountState) -> list[dict[str, Any]]:
    """What the lines for contacts show of a state."""
    names = ("id", "name", "position", "email", "phone")
    return [{name: getattr(contact, name) for name in names} for contact in state.contacts]


def wanted_state(form: AccountForm, contacts: forms.BaseFormSet) -> AccountState:
    """The state that valid forms ask for."""
    states = [contact.state for contact in contacts]
    return AccountState(
        owner=form.cleaned_data["owner"],
        segment=form.cleaned_data["segment"],
        tags=tuple(form.cleaned_data["tags"].split(",")),
        contacts=tuple(state for state in states if state is not None),
    )
