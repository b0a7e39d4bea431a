"""The filters of the audit log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.models import AuditEntry


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, input_formats=["%Y-%m-%d"], widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )


class AuditFilterForm(forms.Form):
    """`kind`, `who`, `action`, `about`, `from` and `to` of the address; only kinds that the person may read."""

    kind = forms.ChoiceField(label=_("About"), required=False)
    who = forms.CharField(label=_("Who (name or e-mail)"), required=False, max_length=254)
    action = forms.CharField(label=_("Action"), required=False, max_length=64)
    about = forms.CharField(label=_("Object"), required=False, max_length=256)
    to = _day(_("To"))

    field_order = ("kind", "who", "action", "about", "from", "to")

    def __init__(self, data: Any, *, user: Any) -> None:
        super().__init__(data)
        seen = [kind for kind in AuditEntry.Kind if user.may(AuditEntry.SEEN_BY[kind])]
        self.fields["kind"].choices = [("", _("Everything")), *((kind.value, kind.label) for kind in seen)]
        # `from` is a word of Python, and no name for a class attribute.
        self.fields["from"] = _day(_("From"))
        self.order_fields(self.field_order)
