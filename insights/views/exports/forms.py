"""The form of a regular report."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Contact
from insights.models import Report
from partners.models import Staff


class ReportForm(forms.Form):
    """When a report is sent, and to whom: own staff, and contacts of the customer that it is about."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=128)
    rhythm = forms.ChoiceField(label=gettext_lazy("How often"), choices=Report.Rhythm)
    day = forms.IntegerField(
        label=gettext_lazy("On day"),
        min_value=1,
        max_value=28,
        initial=1,
        help_text=gettext_lazy("Every week: 1 is Monday, 7 is Sunday. Every month: 1 to 28."),
    )
    hour = forms.IntegerField(label=gettext_lazy("At hour"), min_value=0, max_value=23, initial=7)
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"), initial="UTC", max_length=64, help_text=gettext_lazy("Such as Europe/Rome.")
    )
    staff = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Colleagues"),
        queryset=Staff.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Each gets what he or she may see."),
    )
    contacts = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Contacts of the customer"),
        queryset=Contact.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("They get it once somebody who may export customers has looked at it and approved it."),
    )

    def __init__(self, *args: Any, user: Staff, customer: UUID | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = Staff.objects.visible_to(user).filter(is_active=True).order_by("email")
        found = Contact.objects.none()
        if customer is not None:
            found = Contact.objects.filter(account__partner=user.partner_id, account__customer__tenant_id=customer)
            found = found.exclude(email="").select_related("account__customer").order_by("name", "pk")
        self.fields["contacts"].queryset = found
        if customer is None:
            del self.fields["contacts"]

    def clean_time_zone(self) -> str:
        """A zone that the clock knows."""
        zone = self.cleaned_data["time_zone"].strip()
        if zone not in available_timezones():
            raise forms.ValidationError(
                _("“%(zone)s” is no time zone; expected one such as Europe/Rome."), params={"zone": zone}
            )
        return zone

    def clean(self) -> dict[str, Any]:
        """Somebody must get it; a week has seven days."""
        found = super().clean() or {}
        if not found.get("staff") and not found.get("contacts"):
            self.add_error("staff", _("A report needs somebody to be sent to."))
        if found.get("rhythm") == Report.Rhythm.WEEKLY and (found.get("day") or 1) > 7:
            self.add_error("day", _("A week has seven days: 1 is Monday, 7 is Sunday."))
        return found
