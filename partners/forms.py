"""The forms of the pages about staff, profile, tokens and settings: what was typed, not what may be done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.account.fields import PasswordField, SetPasswordField
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models import Invitation, Staff
from partners.permissions import Role
from partners.roles import ROLE_NAMES, ROLES_EXPLAINED
from partners.services.staff import may_grant_roles

LIFETIMES = (("30", _("30 days")), ("90", _("90 days")), ("365", _("one year")), ("0", _("without end")))


class RolesField(forms.MultipleChoiceField):
    """Which roles somebody gets, each with what it is for; only those that the actor may grant are offered."""

    def __init__(self, actor: Staff) -> None:
        offered = [role for role in Role if may_grant_roles(actor, [role])]
        super().__init__(
            label=_("Roles"),
            choices=[(role.value, f"{ROLE_NAMES[role]}: {ROLES_EXPLAINED[role]}") for role in offered],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose at least one role.")},
        )

    def clean(self, value: Any) -> list[Role]:
        return [Role(code) for code in super().clean(value)]


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)

    def __init__(self, *args: Any, actor: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"] = RolesField(actor)


class RolesForm(forms.Form):
    """The roles of one member of staff; and those that were shown when it was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"] = RolesField(actor)


class NameForm(forms.Form):
    """A person's name."""

    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)


class ProfileForm(NameForm):
    """One's own name and language."""

    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("as the browser asks")), *settings.LANGUAGES]


class AcceptForm(NameForm):
    """Name and password of whoever joins."""

    password1 = SetPasswordField(label=_("Password"))
    password2 = PasswordField(label=_("Password, once more"), autocomplete="new-password")

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].user = Staff(email=invitation.email)
        for name in ("password1", "password2"):
            self.fields[name].widget.attrs.pop("placeholder", None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "password1" in cleaned and cleaned.get("password2") != cleaned["password1"]:
            self.add_error("password2", _("The two passwords differ."))
        return cleaned


class TokenForm(forms.Form):
    """What a new API token is called and how long it lives."""

    name = forms.CharField(label=_("Name"), max_length=128, help_text=_("What will use it, such as “nightly report”."))
    lifetime = forms.ChoiceField(label=_("Valid for"), choices=LIFETIMES, initial="90")

    def expires_at(self) -> datetime | None:
        """When it ends; None: never."""
        days = int(self.cleaned_data["lifetime"])
        return timezone.now() + timedelta(days=days) if days else None


class SettingsForm(forms.Form):
    """What the partner demands of its staff."""

    second_factor_required = forms.BooleanField(
        label=_("Demand a second factor of all staff"),
        required=False,
        help_text=_(
            "Whoever has none can only set one up from then on, and his or her API tokens stop working until then."
        ),
    )
