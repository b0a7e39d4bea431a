"""Inviting somebody, taking it back, and accepting it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic.base import View

from partners.doors import Door
from partners.forms import AcceptForm, InviteForm
from partners.mail import MailError
from partners.models import Invitation
from partners.permissions import Action
from partners.services.invitations import InvitationGoneError, accept, invitation_of, invite, withdraw
from partners.sign_in.devices import make_known


class Invite(Door):
    """Asks somebody to join; the answer is the same whether the address is known or not."""

    action = Action.MANAGE_STAFF

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form; `email` and `roles` of the address stand in it, for whoever is invited again."""
        known = {"email": request.GET.get("email", ""), "roles": request.GET.getlist("roles")}
        return self._page(request, InviteForm(actor=request.user, initial=known))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Invite, or say what is wrong with the form."""
        form = InviteForm(request.POST, actor=request.user)
        if not form.is_valid():
            return self._page(request, form, HTTPStatus.BAD_REQUEST)
        try:
            invite(
                actor=request.user,
                link=lambda secret: request.build_absolute_uri(reverse("accept_invitation", args=[secret])),
                **form.cleaned_data,
            )
        except ValidationError as error:
            form.add_error(None, error)
            return self._page(request, form, HTTPStatus.BAD_REQUEST)
        except MailError as error:
            form.add_error(None, str(error))
            return self._page(request, form, HTTPStatus.SERVICE_UNAVAILABLE)
        messages.success(request, _("A mail is on its way to %(email)s.") % {"email": form.cleaned_data["email"]})
        return redirect("partners:staff")

    def _page(self, request: HttpRequest, form: InviteForm, status: int = HTTPStatus.OK) -> HttpResponse:
        return render(request, "partners/invite.html", {"form": form}, status=status)


class Withdraw(Door):
    """Takes an invitation back."""

    action = Action.MANAGE_STAFF
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, invitation_id: int) -> HttpResponse:
        """Its link leads nowhere from now on."""
        found = get_object_or_404(Invitation.objects.visible_to(request.user), pk=invitation_id)
        withdraw(actor=request.user, invitation=found)
        messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": found.email})
        return redirect("partners:staff")


@method_decorator([login_not_required, never_cache, sensitive_post_parameters("password1", "password2")], "dispatch")
class AcceptInvitation(View):
    """Where the link of an invitation leads: open to whoever has it, and only to them."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """404 for every secret that accepts nothing, whatever the reason."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except InvitationGoneError:
            return render(request, "account/invitation_gone.html", status=HTTPStatus.NOT_FOUND)

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        """Who invites as what, and the form for name and password."""
        invitation = invitation_of(secret)
        return self._page(request, invitation, AcceptForm(invitation=invitation))

    def post(self, request: HttpRequest, secret: str) -> HttpResponse:
        """Join, and go to the sign-in page."""
        invitation = invitation_of(secret)
        form = AcceptForm(request.POST, invitation=invitation)
        if form.is_valid():
            names = {name: form.cleaned_data[name] for name in ("first_name", "last_name")}
            try:
                staff = accept(
                    secret=secret, password=form.cleaned_data["password1"], language=get_language() or "", **names
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                logout(request)  # whoever else worked in this browser
                make_known(request, staff.email)
                messages.success(request, _("Welcome. Sign in with your new password."))
                return redirect("account_login")
        return self._page(request, invitation, form, HTTPStatus.BAD_REQUEST)

    def _page(
        self, request: HttpRequest, invitation: Invitation, form: AcceptForm, status: int = HTTPStatus.OK
    ) -> HttpResponse:
        return render(request, "account/invitation.html", {"invitation": invitation, "form": form}, status=status)
