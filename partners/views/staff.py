"""The list of staff, and one member of it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from partners.doors import Door
from partners.failures import WrongStateError
from partners.filters import StaffFilter
from partners.forms import NameForm, RolesForm
from partners.mail import MailError
from partners.models import Staff
from partners.paging import page_of
from partners.permissions import Action, Role
from partners.selectors.staff import colleagues, open_invitations
from partners.services import staff as services
from partners.sign_in.reset import reset_path


class StaffList(Door):
    """Who works here, with roles, second factor and last sign-in; and who is invited."""

    action = Action.MANAGE_STAFF

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, cut down by `text`, `role` and `status`."""
        asked = StaffFilter(request.GET, queryset=colleagues(request.user), request=request)
        if not asked.is_valid():
            raise BadRequest(_wrong(asked.form))
        page = page_of(request, asked.qs)
        invitations = list(open_invitations(request.user))
        return render(request, "partners/staff.html", {"form": asked.form, "page": page, "invitations": invitations})


class StaffMember(Door):
    """One member of staff: name, roles, and what a manager may do."""

    action = Action.MANAGE_STAFF

    def get(self, request: HttpRequest, staff_id: int) -> HttpResponse:
        """The page as it stands."""
        return self._page(request, self._found(request, staff_id))

    def post(self, request: HttpRequest, staff_id: int) -> HttpResponse:
        """One change, named by `act`; what can't be done is told on the page."""
        staff = self._found(request, staff_id)
        act = _ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise BadRequest(_("act: expected one of %(known)s.") % {"known": ", ".join(_ACTS)})
        try:
            bound, told = act(request, staff)
        except WrongStateError as error:
            return self._page(request, staff, status=HTTPStatus.CONFLICT, problem=str(error))
        except MailError as error:
            return self._page(request, staff, status=HTTPStatus.SERVICE_UNAVAILABLE, problem=str(error))
        if not bound.is_valid():
            return self._page(request, staff, bound, status=HTTPStatus.BAD_REQUEST)
        messages.success(request, told)
        return redirect("partners:staff_member", staff.pk)

    def _found(self, request: HttpRequest, staff_id: int) -> Staff:
        return get_object_or_404(colleagues(request.user), pk=staff_id)

    def _page(
        self, request: HttpRequest, staff: Staff, bound: Form | None = None, *, status: int = 200, problem: str = ""
    ) -> HttpResponse:
        forms = {
            "name_form": NameForm(initial={"first_name": staff.first_name, "last_name": staff.last_name}),
            "roles_form": RolesForm(actor=request.user, initial={"roles": staff.roles, "seen": _held(staff)}),
        }
        if bound is not None:
            forms["roles_form" if isinstance(bound, RolesForm) else "name_form"] = bound
        above = Role.GLOBAL_ADMIN in staff.roles and not services.may_grant_roles(request.user, [Role.GLOBAL_ADMIN])
        context = forms | {"staff": staff, "above": above, "problem": problem}
        return render(request, "partners/staff_member.html", context, status=status)


def _roles(request: HttpRequest, staff: Staff) -> tuple[Form, str]:
    form = RolesForm(request.POST, actor=request.user)
    if form.is_valid():
        if form.cleaned_data["seen"] not in ("", _held(staff)):
            raise WrongStateError(_("Somebody else has changed the roles meanwhile: look at them again."))
        _filed(form, lambda: services.change_roles(actor=request.user, staff=staff, roles=form.cleaned_data["roles"]))
    return form, _("The roles are changed.")


def _held(staff: Staff) -> str:
    """The roles in a line."""
    return " ".join(sorted(staff.roles))


def _name(request: HttpRequest, staff: Staff) -> tuple[Form, str]:
    form = NameForm(request.POST)
    if form.is_valid():
        _filed(form, lambda: services.rename(actor=request.user, staff=staff, **form.cleaned_data))
    return form, _("The name is changed.")


def _deactivate(request: HttpRequest, staff: Staff) -> tuple[Form, str]:
    services.deactivate(actor=request.user, staff=staff)
    return Form({}), _("%(email)s is shut out: sessions and API tokens have ended.") % {"email": staff.email}


def _reactivate(request: HttpRequest, staff: Staff) -> tuple[Form, str]:
    services.reactivate(actor=request.user, staff=staff)
    return Form({}), _("%(email)s can sign in again.") % {"email": staff.email}


def _reset(request: HttpRequest, staff: Staff) -> tuple[Form, str]:
    services.send_reset(
        actor=request.user, staff=staff, link=lambda found: request.build_absolute_uri(reset_path(found))
    )
    return Form({}), _("A link to set a new password is on its way to %(email)s.") % {"email": staff.email}


def _second_factor(request: HttpRequest, staff: Staff) -> tuple[Form, str]:
    services.remove_second_factor(actor=request.user, staff=staff)
    return Form({}), _("The second factor of %(email)s is removed.") % {"email": staff.email}


def _filed(form: Form, change: Callable[[], None]) -> None:
    """Make the change; what the service finds wrong with the input stands in the form."""
    try:
        change()
    except ValidationError as error:
        form.add_error(None, error)


def _wrong(form: Form) -> str:
    """What is wrong with a query, parameter by parameter."""
    return " ".join(f"{name}: {' '.join(errors)}" for name, errors in form.errors.items())


_ACTS: dict[str, Callable[[HttpRequest, Staff], tuple[Any, str]]] = {
    "roles": _roles,
    "name": _name,
    "deactivate": _deactivate,
    "reactivate": _reactivate,
    "reset": _reset,
    "second_factor": _second_factor,
}
