"""The page of a customer's days: who was active when, what was delivered, and how both are corrected."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from customers.bits.read import active_on
from customers.clock import today
from customers.models import Coverage, Customer, Person, Workload
from customers.services.corrections.days import ACTIVITY_FACT, COVERAGE_FACT, EVERY_SERVICE, correct_days
from partners.admin_base import TenantAdmin
from partners.admin_reason import reason_field
from partners.models import Partner, Staff, operates
from partners.services.corrections import CorrectionError
from partners.services.names import record_names_seen

MOST_PEOPLE = 500
OPERATOR = ""


class DayForm(forms.Form):
    """Which day is looked at."""

    day = forms.DateField(label=_("Day"), widget=UnfoldAdminSingleDateWidget)


class DaysForm(forms.Form):
    """What was, or was not, on some days."""

    what = forms.ChoiceField(
        label=_("What"),
        choices=[
            ("activity add", _("The person was active")),
            ("activity remove", _("The person was not active")),
            ("coverage add", _("The days were delivered")),
            ("coverage remove", _("The days were not delivered")),
        ],
        widget=UnfoldAdminSelectWidget,
    )
    service = forms.ChoiceField(label=_("Workload"), widget=UnfoldAdminSelectWidget)
    user_id = forms.CharField(
        label=_("User id"),
        max_length=256,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("For activity only."),
    )
    first = forms.DateField(label=_("First day"), widget=UnfoldAdminSingleDateWidget)
    last = forms.DateField(label=_("Last day"), widget=UnfoldAdminSingleDateWidget)
    source = forms.ChoiceField(label=_("Stated by"), required=False, widget=UnfoldAdminSelectWidget)
    reason = reason_field()

    def __init__(
        self, sources: Sequence[Partner | None], workloads: dict[int, Workload], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        services = [(workload.code, workload.name) for workload in workloads.values()]
        self.fields["service"].choices = [(EVERY_SERVICE, _("every workload (coverage only)")), *services]
        self.fields["source"].choices = [(_key(source), _name(source)) for source in sources]
        if len(sources) == 1:
            del self.fields["source"]

    def clean(self) -> dict[str, Any]:
        """Activity is somebody's, in some workload."""
        cleaned = super().clean()
        if cleaned.get("what", "").startswith("activity"):
            if not cleaned.get("user_id"):
                self.add_error("user_id", _("Activity is somebody's: expected a user id."))
            if cleaned.get("service") == EVERY_SERVICE:
                self.add_error("service", _("Activity is in one workload: expected which."))
        return cleaned


@dataclass(frozen=True)
class Row:
    """A line of a table: what is told of which workload by whom."""

    workload: str
    source: str
    told: str


def days_page(model_admin: TenantAdmin, request: HttpRequest, object_id: str) -> HttpResponseBase:
    """Shows a day and its month; corrects what is asked for."""
    if not model_admin.enters(request):
        raise PermissionDenied
    customer = model_admin.found(request, object_id)
    sources = _sources(request.user, customer)
    workloads = {workload.pk: workload for workload in Workload.objects.order_by("name")}
    form = DaysForm(sources, workloads, request.POST if request.method == "POST" else None)
    if form.is_valid() and _corrected(request, customer, sources, form):
        return HttpResponseRedirect(request.get_full_path())
    asked = DayForm(request.GET if "day" in request.GET else {"day": today()})
    day = asked.cleaned_data["day"] if asked.is_valid() else None
    source = None if operates(request.user) else request.user.partner_id
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Activity and coverage"),
        "subtitle": customer.called or str(customer),
        "opts": model_admin.opts,
        "day": day,
        "asked": asked,
        "form": form,
        "media": model_admin.media + form.media,
        "activity": _activity(request, customer, day, source, workloads) if day else [],
        "coverage": _coverage(customer, day, source, workloads) if day else [],
    }
    return TemplateResponse(request, "admin/days.html", context)


def _sources(user: Staff, customer: Customer) -> list[Partner | None]:
    """Who may be corrected: to the operator everybody who serves or served the customer, and itself."""
    if not operates(user):
        return [user.partner]
    return [None, *Partner.objects.filter(relationships__customer=customer).order_by("name").distinct()]


def _corrected(request: HttpRequest, customer: Customer, sources: Sequence[Partner | None], form: DaysForm) -> bool:
    told = form.cleaned_data
    what, how = told["what"].split()
    cells = {"customer_id": str(customer.tenant_id), "service": told["service"]}
    if what == "activity":
        cells["user_id"] = told["user_id"].strip()
    try:
        correct_days(
            actor=request.user,
            fact=ACTIVITY_FACT if what == "activity" else COVERAGE_FACT,
            cells=cells,
            first=told["first"],
            last=told["last"],
            add=how == "add",
            source=next(source for source in sources if _key(source) == told.get("source", _key(sources[0]))),
            reason=told["reason"],
        )
    except CorrectionError as error:
        cell = {"day": "first"}.get(error.cell or "", error.cell)
        form.add_error(cell if cell in form.fields else None, str(error))
        return False
    messages.success(request, _("Corrected. It can be undone in the audit log."))
    return True


def _activity(
    request: HttpRequest, customer: Customer, day: date, source: int | None, workloads: dict[int, Workload]
) -> list[Row]:
    found = active_on(customer=customer.pk, day=day, source=source, most=MOST_PEOPLE)
    numbers = {number for _workload, _source, number in found}
    names = dict(Person.objects.filter(customer=customer, number__in=numbers).values_list("number", "user_id"))
    partners = Partner.objects.in_bulk({told for _workload, told, _number in found})
    record_names_seen(actor=request.user, customer_id=customer.tenant_id, people=len(names), where="admin")
    return [
        Row(workloads[workload].name, _name(partners.get(told)), names.get(number, ""))
        for workload, told, number in found
    ]


def _coverage(customer: Customer, day: date, source: int | None, workloads: dict[int, Workload]) -> list[Row]:
    """Which days of the month of `day` were delivered."""
    stored = Coverage.objects.filter(customer=customer, month=day.replace(day=1)).order_by("workload_id", "source")
    if source is not None:
        stored = stored.filter(source=source)
    rows = list(stored)
    partners = Partner.objects.in_bulk({row.source for row in rows})
    count = monthrange(day.year, day.month)[1]
    return [
        Row(
            workloads[row.workload_id].name if row.workload_id else str(_("every workload")),
            _name(partners.get(row.source)),
            _spans([number + 1 for number in range(count) if row.days >> number & 1]),
        )
        for row in rows
    ]


def _spans(days: list[int]) -> str:
    """Days of a month, those that follow each other drawn together: 1-3, 7."""
    spans: list[list[int]] = []
    for day in days:
        if spans and spans[-1][1] == day - 1:
            spans[-1][1] = day
        else:
            spans.append([day, day])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def _key(source: Partner | None) -> str:
    return OPERATOR if source is None else source.slug


def _name(source: Partner | None) -> str:
    return str(_("the operator")) if source is None else source.name
