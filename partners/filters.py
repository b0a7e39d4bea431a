"""What the lists of staff and of the audit log are cut down to, as parameters of the address."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter, Filter, FilterSet

from partners.audit_names import sees_names
from partners.models import AuditEntry, AuditEntryQuerySet, Staff, StaffQuerySet
from partners.permissions import Role
from partners.roles import ROLE_NAMES
from partners.selectors.audit import NAMING

STATUSES = (("active", _("active")), ("inactive", _("inactive")))


class StaffFilter(FilterSet):
    """`text`, `role` and `status`."""

    text = CharFilter(label=_("Name or e-mail address"), max_length=254, method="called")
    role = ChoiceFilter(label=_("Role"), choices=list(ROLE_NAMES.items()), empty_label=_("all"), method="held")
    status = ChoiceFilter(label=_("Status"), choices=STATUSES, empty_label=_("all"), method="working")

    class Meta:
        model = Staff
        fields: tuple[str, ...] = ()

    def called(self, staff: StaffQuerySet, _name: str, text: str) -> StaffQuerySet:
        """Part of the name or of the e-mail address."""
        return staff.filter(Q(email__icontains=text) | Q(first_name__icontains=text) | Q(last_name__icontains=text))

    def held(self, staff: StaffQuerySet, _name: str, role: str) -> StaffQuerySet:
        """Who has the role, beside others or not."""
        return staff.filter(roles__contains=[Role(role).value])

    def working(self, staff: StaffQuerySet, _name: str, status: str) -> StaffQuerySet:
        """Who can sign in, or can't any more."""
        return staff.filter(is_active=status == "active")


def _day(label: Any, method: str) -> DateFilter:
    widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
    return DateFilter(label=label, input_formats=["%Y-%m-%d"], widget=widget, method=method)


class AuditFilter(FilterSet):
    """`kind`, `who`, `action`, `about`, `from` and `to` (days in UTC, both included); only kinds that the person may read."""

    kind = ChoiceFilter(label=_("About"), empty_label=_("Everything"))
    who = CharFilter(label=_("Who (name or e-mail)"), max_length=254, method="acted")
    action = CharFilter(label=_("Action"), max_length=64, lookup_expr="startswith")
    about = CharFilter(label=_("Object"), max_length=256, method="of_object")
    first = _day(_("From"), "not_before")
    last = _day(_("To"), "not_after")

    class Meta:
        model = AuditEntry
        fields: tuple[str, ...] = ()

    @classmethod
    def get_filters(cls) -> dict[str, Filter]:
        """By parameter: `from` is a word of Python, and no name for an attribute."""
        called = {"first": "from", "last": "to"}
        return {called.get(name, name): one for name, one in super().get_filters().items()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = [kind for kind in AuditEntry.Kind if self.request.user.may(AuditEntry.SEEN_BY[kind])]
        self.filters["kind"].extra["choices"] = [(kind.value, kind.label) for kind in seen]

    def acted(self, entries: AuditEntryQuerySet, _name: str, text: str) -> AuditEntryQuerySet:
        """Part of the e-mail address or name of a colleague: nothing is found out about an operator by searching."""
        called = Q(actor__email__icontains=text)
        called |= Q(actor__first_name__icontains=text) | Q(actor__last_name__icontains=text)
        return entries.filter(called, actor__partner=self.request.user.partner_id)

    def of_object(self, entries: AuditEntryQuerySet, _name: str, text: str) -> AuditEntryQuerySet:
        """Part of the object's kind or id; by a name only for whoever may see names."""
        told = Q(object_id__icontains=text)
        if not sees_names(self.request.user):
            told &= ~NAMING
        return entries.filter(Q(object_type__icontains=text) | told)

    def not_before(self, entries: AuditEntryQuerySet, _name: str, day: date) -> AuditEntryQuerySet:
        """On that day or later."""
        return entries.filter(at__gte=_begin(day))

    def not_after(self, entries: AuditEntryQuerySet, _name: str, day: date) -> AuditEntryQuerySet:
        """On that day or earlier."""
        return entries.filter(at__lt=_begin(day + timedelta(days=1))) if day < date.max else entries


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)
