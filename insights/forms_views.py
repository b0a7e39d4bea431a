"""The forms of saved views: what was typed, not what may be done."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from insights.services.saved_views import Wish


class ViewForm(forms.Form):
    """What a view is called, and for whom it is."""

    name = forms.CharField(label=_("Name"), max_length=64)
    shared = forms.BooleanField(label=_("Share it with my team"), required=False)
    default = forms.BooleanField(
        label=_("Open it by itself"), required=False, help_text=_("For me, whenever I come to this page.")
    )

    @property
    def wish(self) -> Wish:
        """What a valid form says."""
        said = self.cleaned_data
        return Wish(said["name"], shared=said["shared"], default=said["default"])


class NewViewForm(ViewForm):
    """The same of a view that isn't kept yet."""

    dated = forms.BooleanField(
        label=_("Keep the days"),
        required=False,
        help_text=_("Otherwise the view always shows the latest figures."),
    )
