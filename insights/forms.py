"""The form with which a partner leaves SKUs out of its pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Sku


class LeaveOutForm(forms.Form):
    """One SKU that the partner's customers hold, why, and until when."""

    sku = forms.TypedChoiceField(label=_("SKU"), coerce=int)
    reason = forms.CharField(label=_("Reason"), max_length=256, help_text=_("Such as: free, nobody can be given it."))
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The last day. Empty: for good."),
    )

    def __init__(self, *args: Any, skus: Sequence[Sku], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(sku.pk, f"{sku.name} ({sku.part_number})") for sku in skus]
        self.fields["sku"].choices = [("", _("Choose an SKU")), *named]
        self.fields["sku"].error_messages["invalid_choice"] = _("Choose one of the SKUs that your customers hold.")
