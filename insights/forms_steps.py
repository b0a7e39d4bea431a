"""The forms of the next steps: what was typed, not what may be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from insights.models import Course
from insights.services.steps.acting import LONGEST_REASON
from insights.steps.rules import Rule
from insights.steps.thresholds import MOST, Thresholds
from insights.steps.words import LIMITS, PLAYBOOKS

MOST_PEOPLE = 1_000_000


def day_field(label: Any, **fields: Any) -> forms.DateField:
    """A day, as browsers send it."""
    widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
    return forms.DateField(label=label, input_formats=["%Y-%m-%d"], widget=widget, **fields)


class PlanForm(forms.Form):
    """Who follows the suggestion, and when."""

    planned_for = day_field(_("When"))

    def __init__(self, *args: Any, owners: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choose")), *owners.items()]
        self.fields["owner"] = forms.TypedChoiceField(label=_("Who"), coerce=int, choices=choices)
        self.order_fields(["owner", "planned_for"])
        self.fields["owner"].error_messages["invalid_choice"] = _(
            "Choose one of your colleagues who may follow next steps."
        )


def _reason(label: Any, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=LONGEST_REASON, widget=forms.Textarea({"rows": 2})
    )


class DoneForm(forms.Form):
    """What was done."""

    reason = _reason(_("What was done"), required=False)


class PutOffForm(forms.Form):
    """Until when, and why."""

    until = day_field(_("Until"), help_text=_("At most 180 days ahead."))
    reason = _reason(_("Why"), required=True)


class DismissForm(forms.Form):
    """Why it doesn't fit."""

    reason = _reason(_("Why"), required=True)


class SessionForm(forms.Form):
    """A training for the customer: which course, when, how many are invited."""

    held_on = day_field(_("Date"))
    invited = forms.IntegerField(label=_("Invited"), min_value=0, max_value=MOST_PEOPLE)

    def __init__(self, *args: Any, courses: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"] = forms.TypedChoiceField(
            label=_("Course"), coerce=int, choices=[("", _("Choose")), *courses.items()]
        )
        self.order_fields(["course", "held_on", "invited"])


class AttendanceForm(forms.Form):
    """How many came."""

    attended = forms.IntegerField(label=_("Attended"), min_value=0, max_value=MOST_PEOPLE, required=False)


class _WebField(forms.URLField):
    """An address on the web."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=500, assume_scheme="https", **kwargs)

    def clean(self, value: Any) -> str:
        found = super().clean(value)
        if found and not found.lower().startswith(("http://", "https://")):
            raise forms.ValidationError(_("Expected an address that begins with https:// or http://."))
        return found


class CourseForm(forms.Form):
    """A training that is offered."""

    title = forms.CharField(label=_("Title"), max_length=128)
    kind = forms.ChoiceField(label=_("Kind"), choices=Course.Kind.choices)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    link = _WebField(label=_("Link"), required=False)


class LinkForm(forms.Form):
    """A page with answers."""

    title = forms.CharField(label=_("Title"), max_length=128)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    address = _WebField(label=_("Address"))
    product = forms.CharField(label=_("Product"), max_length=64, required=False, help_text=_("Such as Teams."))


class PlaybookForm(forms.Form):
    """The partner's own advice for a rule."""

    rule = forms.ChoiceField(label=_("For"), choices=[(rule.value, PLAYBOOKS[rule].title) for rule in Rule])
    title = forms.CharField(label=_("Title"), max_length=128)
    problem = forms.CharField(label=_("Problem"), max_length=2000, required=False, widget=forms.Textarea({"rows": 2}))
    consider = forms.CharField(
        label=_("What to consider"), max_length=2000, required=False, widget=forms.Textarea({"rows": 2})
    )
    attempt = forms.CharField(label=_("What to try"), max_length=2000, widget=forms.Textarea({"rows": 4}))


class ThresholdsForm(forms.Form):
    """From where on each rule speaks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (_rule, label) in LIMITS.items():
            self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=MOST)

    @property
    def thresholds(self) -> Thresholds:
        """What a valid form says."""
        return Thresholds(**self.cleaned_data)

    def by_rule(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields of each rule, under its title."""
        return [
            (PLAYBOOKS[rule].title, [self[name] for name, (of, _label) in LIMITS.items() if of is rule])
            for rule in Rule
        ]
