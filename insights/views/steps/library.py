"""Pages of what helps with next steps: playbooks, courses, links; thresholds; and the page that is passed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic.base import View

from customers.clock import today
from customers.selectors.customers import customers_of
from insights.forms_steps import AttendanceForm, CourseForm, LinkForm, PlaybookForm, ThresholdsForm
from insights.models import Course, Playbook, SelfServiceLink, TrainingSession
from insights.selectors.steps.library import (
    LinkPage,
    address_token,
    courses,
    link_page,
    links,
    playbooks,
    sessions,
    thresholds_of,
)
from insights.services.steps import library
from insights.steps.rules import Rule
from insights.steps.thresholds import DEFAULTS
from insights.steps.words import PLAYBOOKS
from partners.doors import Door
from partners.permissions import Action


class _Library(Door):
    """A page of things that are added, changed and removed."""

    abstract: ClassVar[bool] = True
    kind: ClassVar[type[Model]]
    form: ClassVar[type[forms.Form]]
    template: ClassVar[str]
    here: ClassVar[str]
    """The name of the list's address."""

    def keep(self, form: forms.Form, key: int | None = None) -> bool:
        """Store what a valid form says; False: it can't be, and the form says why."""
        try:
            library.keep(actor=self.request.user, of=self.kind, key=key, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return False
        messages.success(self.request, _("Saved."))
        return True

    def get(self, _request: HttpRequest) -> HttpResponse:
        """The list, and a form for one more."""
        return self.page(self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        """One more."""
        form = self.form(request.POST)
        if form.is_valid() and self.keep(form):
            return redirect(self.here)
        return self.page(form, HTTPStatus.BAD_REQUEST)

    def page(self, form: forms.Form, status: int = HTTPStatus.OK) -> HttpResponse:
        """The list with this form."""
        return render(self.request, self.template, {"form": form} | self.listed(), status=status)

    def listed(self) -> dict[str, Any]:
        """What stands in the list."""
        raise NotImplementedError


class _One(_Library):
    """The page of one of them: changed, or removed by `act=remove`."""

    abstract: ClassVar[bool] = True

    def get(self, _request: HttpRequest, key: int) -> HttpResponse:  # type: ignore[override]
        """The form with what is stored."""
        one = self.found(key)
        return self.one(one, self.form(initial={name: getattr(one, name) for name in self.form.base_fields}))

    def post(self, request: HttpRequest, key: int) -> HttpResponse:  # type: ignore[override]
        """Change or remove it."""
        one = self.found(key)
        if request.POST.get("act") == "remove":
            library.remove(actor=request.user, of=self.kind, key=one.pk)
            messages.success(request, _("Removed."))
            return redirect(self.here)
        return self.changed(one)

    def changed(self, one: Any) -> HttpResponse:
        """Change it."""
        form = self.form(self.request.POST)
        if form.is_valid() and self.keep(form, one.pk):
            return redirect(self.here)
        return self.one(one, form, HTTPStatus.BAD_REQUEST)

    def one(self, one: Any, form: forms.Form, status: int = HTTPStatus.OK) -> HttpResponse:
        """The page of this one."""
        return render(self.request, self.template, {"form": form, "one": one} | self.more(one), status=status)

    def more(self, _one: Any) -> dict[str, Any]:
        """What else stands on its page."""
        return {}

    def found(self, key: int) -> Any:
        """Raises Http404 for what isn't there, and for another partner's."""
        one = self.kind.objects.visible_to(self.request.user).filter(pk=key).first()  # type: ignore[attr-defined]
        if one is None:
            raise Http404(_("There is nothing here any more."))
        return one


class Playbooks(_Library):
    """The shipped playbooks, and the partner's own."""

    action = Action.PLAN_STEPS
    kind, form = Playbook, PlaybookForm
    template, here = "insights/steps/playbooks.html", "insights:playbooks"

    def listed(self) -> dict[str, Any]:
        """By rule the shipped one and one's own."""
        own = list(playbooks(self.request.user))
        return {"rules": [(PLAYBOOKS[rule], [one for one in own if one.rule == rule]) for rule in Rule]}


class OnePlaybook(_One):
    """One of the partner's own."""

    action = Action.PLAN_STEPS
    kind, form = Playbook, PlaybookForm
    template, here = "insights/steps/playbook.html", "insights:playbooks"


class Courses(_Library):
    """The partner's trainings."""

    action = Action.PLAN_STEPS
    kind, form = Course, CourseForm
    template, here = "insights/steps/courses.html", "insights:courses"

    def listed(self) -> dict[str, Any]:
        """All of them."""
        return {"courses": list(courses(self.request.user))}


class OneCourse(_One):
    """One training: what it is, and its sessions with how many came."""

    action = Action.PLAN_STEPS
    kind, form = Course, CourseForm
    template, here = "insights/steps/course.html", "insights:courses"

    def more(self, one: Course) -> dict[str, Any]:
        """Its sessions, of customers that are served today."""
        names = {each.id: each for each in customers_of(partner=self.request.user.partner, day=today())}
        held = sessions(self.request.user, course=one.pk)
        return {"sessions": [(each, names.get(each.customer_id), _attendance(each)) for each in held]}

    def changed(self, one: Course) -> HttpResponse:
        """What it is, or with `session`: how many came, or `act=cancel`: that it isn't held."""
        if "session" not in self.request.POST:
            return super().changed(one)
        session = self._session(one)
        if self.request.POST.get("act") == "cancel":
            library.remove_session(actor=self.request.user, session=session.pk)
        else:
            form = AttendanceForm(self.request.POST)
            if not form.is_valid():
                raise BadRequest(_("attended: expected a whole number from 0, or nothing."))
            library.note_attendance(actor=self.request.user, session=session.pk, **form.cleaned_data)
        messages.success(self.request, _("Saved."))
        return redirect("insights:course", one.pk)

    def _session(self, one: Course) -> TrainingSession:
        text = self.request.POST["session"]
        found = [each for each in sessions(self.request.user, course=one.pk) if str(each.pk) == text]
        if not found:
            raise Http404(_("There is nothing here any more."))
        return found[0]


def _attendance(session: TrainingSession) -> AttendanceForm:
    return AttendanceForm(initial={"attended": session.attended}, auto_id=f"session_{session.pk}_%s")


class Links(_Library):
    """The links that the partner passes on; `act=renew` makes a new address for their page."""

    action = Action.PLAN_STEPS
    kind, form = SelfServiceLink, LinkForm
    template, here = "insights/steps/links.html", "insights:links"

    def post(self, request: HttpRequest) -> HttpResponse:
        """One more, or a new address."""
        if request.POST.get("act") == "renew":
            library.renew_address(actor=request.user)
            messages.success(request, _("Addresses that you gave away before lead nowhere now."))
            return redirect(self.here)
        return super().post(request)

    def listed(self) -> dict[str, Any]:
        """All of them, and the address to pass on."""
        token = address_token(self.request.user.partner)
        address = self.request.build_absolute_uri(reverse("insights:self_service", args=[token]))
        return {"links": list(links(self.request.user)), "address": address}


class OneLink(_One):
    """One link."""

    action = Action.PLAN_STEPS
    kind, form = SelfServiceLink, LinkForm
    template, here = "insights/steps/link.html", "insights:links"


class StepThresholds(Door):
    """From where on each rule speaks; `act=defaults` goes back to the shipped numbers."""

    action: ClassVar[Action] = Action.PARTNER_SETTINGS

    def get(self, request: HttpRequest) -> HttpResponse:
        """The numbers as they stand."""
        return self._page(ThresholdsForm(initial=asdict(thresholds_of(request.user.partner))))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Change them."""
        if request.POST.get("act") == "defaults":
            thresholds = DEFAULTS
        else:
            form = ThresholdsForm(request.POST)
            if not form.is_valid():
                return self._page(form, HTTPStatus.BAD_REQUEST)
            thresholds = form.thresholds
        library.set_thresholds(actor=request.user, thresholds=thresholds)
        messages.success(request, _("Saved. They hold from the rules' next run on."))
        return redirect("insights:step_thresholds")

    def _page(self, form: ThresholdsForm, status: int = HTTPStatus.OK) -> HttpResponse:
        defaults: Mapping[str, int] = asdict(DEFAULTS)
        for name, field in form.fields.items():
            field.help_text = _("Shipped: %(number)d.") % {"number": defaults[name]}
        return render(self.request, "insights/steps/thresholds.html", {"form": form}, status=status)


@method_decorator([login_not_required, never_cache], "dispatch")
class SelfService(View):
    """A partner's links, for whoever has the address. Tells nothing else of the partner, and nothing of customers."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """The links, of one language where `?language=` asks for it."""
        page = link_page(token)
        if page is None:
            raise Http404(_("This address leads nowhere any more. Ask whoever gave it to you for a new one."))
        asked = request.GET.get("language", "")
        chosen = asked if asked in page.languages else ""
        context = {
            "page": page,
            "products": _in_language(page, chosen),
            "chosen": chosen,
            "languages": [(code, name) for code, name in settings.LANGUAGES if code in page.languages],
        }
        response = render(request, "insights/steps/self_service.html", context)
        response.headers["X-Robots-Tag"] = "noindex"
        return response


def _in_language(page: LinkPage, chosen: str) -> list[tuple[str, list[SelfServiceLink]]]:
    """The links by product, of one language where one is chosen."""
    kept = ((product, [one for one in of if chosen in ("", one.language)]) for product, of in page.products)
    return [(product, of) for product, of in kept if of]
