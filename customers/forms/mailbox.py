"""The form with which a mailbox is left out of a customer's people."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models.alias import MAILBOXES


class MailboxForm(forms.Form):
    """Which mailbox, what it is, and why it is no person."""

    user_id = forms.CharField(label=_("User id"), max_length=256, help_text=_("Its address, or another identifier."))
    mailbox = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label) for kind in MAILBOXES])
    reason = forms.CharField(label=_("Reason"), max_length=256)
