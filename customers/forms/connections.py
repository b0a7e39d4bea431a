"""The forms of connections: the application, and which tenant to connect."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.feed.values import canonical_guid
from customers.models import Application
from customers.services.connections import Registration

LONGEST_SECRET = 512


class GuidField(forms.CharField):
    """A GUID in any of the feed's forms, as a UUID."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(max_length=64, **kwargs)

    def clean(self, value: object) -> UUID:
        """ValidationError for anything else."""
        found = canonical_guid(super().clean(value))
        if found is None:
            raise forms.ValidationError(_("This is no id: expected 32 hexadecimal digits, with or without hyphens."))
        return UUID(found)


class ApplicationForm(forms.Form):
    """A partner's application. The secret is asked for, and never shown."""

    directory_id = GuidField(label=_("Directory (tenant) id"), help_text=_("Of your own organisation."))
    client_id = GuidField(label=_("Application (client) id"))
    secret = forms.CharField(
        label=_("Secret"),
        max_length=LONGEST_SECRET,
        required=False,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: object, stored: Application | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["secret"].required = stored is None
        self.fields["secret"].help_text = (
            _("The value of a client secret. It is kept encrypted, and never shown again.")
            if stored is None
            else _("Empty: the one that is kept. It is never shown again.")
        )

    @property
    def registration(self) -> Registration:
        """What a valid form says."""
        return Registration(**self.cleaned_data)


class ConnectForm(forms.Form):
    """Which customer's tenant."""

    tenant_id = GuidField(
        label=_("Customer id"),
        help_text=_("The customer's tenant id. Nothing is read until its administrator has consented."),
    )
