"""The form with which a partner claims a customer."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import cache
from uuid import UUID

import pycountry
from django import forms
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from customers.feed.values import canonical_guid
from customers.services.claims import Claim


class ClaimForm(forms.Form):
    """Which customer is meant, and what the partner calls it: a line of customers.csv (feed.md)."""

    customer_id = forms.CharField(
        label=_("Customer id"),
        max_length=64,
        help_text=_("The customer's tenant id: 32 hexadecimal digits, with or without hyphens."),
    )
    name = forms.CharField(label=_("Name"), max_length=256)
    domain = forms.CharField(label=_("Domain"), max_length=256)
    country = forms.ChoiceField(label=_("Country"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Choose a country")), *countries()]

    def clean_customer_id(self) -> UUID:
        """The id as a GUID."""
        found = canonical_guid(self.cleaned_data["customer_id"])
        if found is None:
            raise forms.ValidationError(
                _("This is no customer id: expected 32 hexadecimal digits, with or without hyphens.")
            )
        return UUID(found)

    @property
    def claim(self) -> Claim:
        """What a valid form claims."""
        return Claim(**self.cleaned_data)


_FOLDERS = {"zh-hans": "zh_CN"}
"""Where pycountry keeps a language under another name."""


def countries() -> list[tuple[str, str]]:
    """Countries of ISO 3166-1, by name: code, and name in the person's language."""
    translated = _names_in(get_language() or "en")
    named = [(entry.alpha_2, translated(getattr(entry, "common_name", entry.name))) for entry in pycountry.countries]
    return sorted(named, key=lambda pair: pair[1].casefold())


@cache
def _names_in(language: str) -> Callable[[str], str]:
    """Names of countries into a language: pycountry brings the translations along."""
    written = _FOLDERS.get(language) or to_locale(language)
    known = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, [written, written.partition("_")[0]], fallback=True)
    return known.gettext
