"""One suggestion: evidence, the three parts of its advice, what people make of it, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.clock import today
from customers.selectors.customers import customer_of
from insights.forms_steps import DismissForm, DoneForm, PlanForm, PutOffForm, SessionForm
from insights.models import Course, Suggestion, SuggestionEvent
from insights.selectors.steps.library import address_token, courses, links, playbooks, sessions, who_may_follow
from insights.selectors.steps.outcome import outcome_of
from insights.services.steps.acting import dismiss, finish, plan, put_off, reopen
from insights.services.steps.library import plan_session
from insights.steps.shown import playbook
from partners.doors import Door
from partners.models import Staff
from partners.permissions import Action

PLANNED_IN_DAYS = 7
ACTS: dict[str, Callable[..., Any]] = {"plan": plan, "done": finish, "put_off": put_off, "dismiss": dismiss}


class Step(Door):
    """The page. POST `act`: plan, done, put_off, dismiss, reopen, session."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    def get(self, _request: HttpRequest, suggestion_id: int) -> HttpResponse:
        return self._page(self._found(suggestion_id))

    def post(self, request: HttpRequest, suggestion_id: int) -> HttpResponse:
        if not request.user.may(Action.PLAN_STEPS):
            raise PermissionDenied(_("Your role doesn't include planning next steps."))
        one = self._found(suggestion_id)
        act = request.POST.get("act", "")
        if act == "reopen":
            reopen(actor=request.user, suggestion=one.pk)
        elif act in (*ACTS, "session"):
            form = self._forms(one, act, request)[act]
            if not form.is_valid() or not self._do(act, one, form):
                return self._page(one, HTTPStatus.BAD_REQUEST, act, form)
        else:
            known = ", ".join((*ACTS, "reopen", "session"))
            raise BadRequest(_("act: expected one of %(known)s.") % {"known": known})
        messages.success(request, _("Saved."))
        return redirect("insights:step", one.pk)

    def _found(self, key: int) -> Suggestion:
        """Raises Http404 for one that isn't there, and for another partner's."""
        visible = Suggestion.objects.visible_to(self.request.user).select_related("owner", "customer")
        one = visible.filter(pk=key).first()
        if one is None:
            raise Http404(_("There is no such suggestion."))
        return one

    def _do(self, act: str, one: Suggestion, form: forms.Form) -> bool:
        does = ACTS.get(act, plan_session)
        try:
            does(actor=self.request.user, suggestion=one.pk, **form.cleaned_data)
        except (ValidationError, Course.DoesNotExist) as error:
            form.add_error(
                None, error if isinstance(error, ValidationError) else _("This course isn't there any more.")
            )
            return False
        return True

    def _forms(self, one: Suggestion, act: str = "", request: HttpRequest | None = None) -> dict[str, forms.Form]:
        """The forms of this page; the one of the act holds what was sent."""
        sent = {name: request.POST if request and name == act else None for name in (*ACTS, "session")}
        owners = who_may_follow(self.request.user)
        begin = {"owner": one.owner_id or self.request.user.pk, "planned_for": one.planned_for or _soon()}
        offered = {course.pk: course.title for course in courses(self.request.user)}
        return {
            "plan": PlanForm(sent["plan"], owners=owners, initial=begin, prefix=None, auto_id="plan_%s"),
            "done": DoneForm(sent["done"], auto_id="done_%s"),
            "put_off": PutOffForm(sent["put_off"], initial={"until": _soon()}, auto_id="put_off_%s"),
            "dismiss": DismissForm(sent["dismiss"], auto_id="dismiss_%s"),
            "session": SessionForm(sent["session"], courses=offered, auto_id="session_%s"),
        }

    def _page(
        self, one: Suggestion, status: int = HTTPStatus.OK, act: str = "", form: forms.Form | None = None
    ) -> HttpResponse:
        user: Staff = self.request.user
        customer = customer_of(partner=user.partner, customer_id=one.customer.tenant_id, day=today())
        may = user.may(Action.PLAN_STEPS)
        context: dict[str, Any] = {
            "one": one,
            "customer": customer,
            "shipped": playbook(one.rule),
            "own": list(playbooks(user).filter(rule=one.rule)),
            "events": _history(user, one),
            "outcome": outcome_of(partner=user.partner, one=one),
            "sessions": sessions(user, suggestion=one.pk),
            "links": list(links(user)),
            "act": act,
        }
        if may:
            context["forms"] = self._forms(one) | ({act: form} if form is not None else {})
            context["address"] = self.request.build_absolute_uri(_self_service(address_token(user.partner)))
        return render(self.request, "insights/steps/detail.html", context, status=status)


def _soon() -> Any:
    return today() + timedelta(days=PLANNED_IN_DAYS)


def _history(user: Staff, one: Suggestion) -> list[SuggestionEvent]:
    turned = SuggestionEvent.objects.visible_to(user).filter(suggestion=one).select_related("actor", "owner")
    return list(turned.order_by("-at", "-pk"))


def _self_service(token: str) -> str:
    return reverse("insights:self_service", args=[token])
