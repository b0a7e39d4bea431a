"""The pages of connections with the vendor: for global admins; and where a customer's administrator comes back."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic.base import View

from customers.connections.advice import PERMISSIONS
from customers.connections.secrets import can_seal
from customers.forms.connections import ApplicationForm, ConnectForm
from customers.models import Connection
from customers.selectors.connections import application_of, connection_state, connections_of
from customers.services import connections as services
from customers.services.connections import Consent
from partners.doors import Door
from partners.permissions import Action


class Connections(Door):
    """All connections with their states, and the form for one more."""

    action = Action.PARTNER_SETTINGS

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        return self._page(request, ConnectForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """`act=connect` adds a customer's tenant, `act=partner_center` the partner's own Partner Center."""
        form = ConnectForm(request.POST if request.POST.get("act") == "connect" else None)
        try:
            added = self._added(request, form)
        except ValidationError as error:
            if form.is_bound:
                form.add_error("tenant_id", error)
                return self._page(request, form, HTTPStatus.BAD_REQUEST)
            raise BadRequest(" ".join(error.messages)) from None
        return self._page(request, form, HTTPStatus.BAD_REQUEST) if added is None else self._to(added)

    def _added(self, request: HttpRequest, form: ConnectForm) -> Connection | None:
        act = request.POST.get("act")
        if act == "partner_center":
            return services.connect_partner_center(actor=request.user)
        if act != "connect":
            raise BadRequest(_("act: expected one of %(known)s.") % {"known": "connect, partner_center"})
        return services.connect(actor=request.user, tenant=form.cleaned_data["tenant_id"]) if form.is_valid() else None

    def _to(self, connection: Connection) -> HttpResponse:
        return redirect("customers:connection", connection.pk)

    def _page(self, request: HttpRequest, form: ConnectForm, status: int = HTTPStatus.OK) -> HttpResponse:
        states = connections_of(request.user)
        context = {
            "form": form,
            "states": states,
            "application": application_of(request.user),
            "can_seal": can_seal(),
            "has_partner_center": any(state.connection.kind == Connection.Kind.PARTNER_CENTER for state in states),
        }
        return render(request, "customers/connections/list.html", context, status=status)


@method_decorator(sensitive_post_parameters("secret"), "dispatch")
class ApplicationPage(Door):
    """The partner's application registration."""

    action = Action.PARTNER_SETTINGS

    def get(self, request: HttpRequest) -> HttpResponse:
        """What is kept, without the secret."""
        stored = application_of(request.user)
        initial = {"directory_id": stored.directory_id, "client_id": stored.client_id} if stored else {}
        return self._page(request, ApplicationForm(stored=stored, initial=initial))

    @method_decorator(sensitive_variables("form"))
    def post(self, request: HttpRequest) -> HttpResponse:
        """`act=save` keeps it, `act=remove` forgets it."""
        if request.POST.get("act") == "remove":
            services.remove_application(actor=request.user)
            messages.success(request, _("The application and its secret are forgotten."))
            return redirect("customers:connections")
        if request.POST.get("act") != "save":
            raise BadRequest(_("act: expected one of %(known)s.") % {"known": "save, remove"})
        form = ApplicationForm(request.POST, stored=application_of(request.user))
        if form.is_valid():
            try:
                services.register_application(actor=request.user, registration=form.registration)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("The application is kept."))
                return redirect("customers:connections")
        return self._page(request, form, HTTPStatus.BAD_REQUEST)

    def _page(self, request: HttpRequest, form: ApplicationForm, status: int = HTTPStatus.OK) -> HttpResponse:
        context = {
            "form": form,
            "stored": application_of(request.user),
            "can_seal": can_seal(),
            "redirect": return_address(request),
            "permissions": PERMISSIONS,
        }
        response = render(request, "customers/connections/application.html", context, status=status)
        add_never_cache_headers(response)
        return response


class ConnectionPage(Door):
    """One connection: its state and what to do, the consent's link, its last pulls."""

    action = Action.PARTNER_SETTINGS

    def get(self, request: HttpRequest, connection_id: int) -> HttpResponse:
        """The page, which renews its upper part while a pull is running."""
        found = get_object_or_404(Connection.objects.visible_to(request.user), pk=connection_id)
        state = connection_state(request.user, found)
        link = services.consent_link(connection=found, redirect=return_address(request))
        context = {"state": state, "connection": found, "link": link, "link_days": services.LINK_DAYS}
        response = render(request, "customers/connections/connection.html", context)
        add_never_cache_headers(response)
        return response

    def post(self, request: HttpRequest, connection_id: int) -> HttpResponse:
        """`act=pull` pulls as soon as a worker is free, `act=link` makes a new link, `act=remove` forgets the connection."""
        found = get_object_or_404(Connection.objects.visible_to(request.user), pk=connection_id)
        act = request.POST.get("act")
        if act == "remove":
            services.disconnect(actor=request.user, connection=found)
            messages.success(request, _("The connection is removed. What it had brought stays."))
            return redirect("customers:connections")
        if act == "pull":
            services.ask_for_pull(actor=request.user, connection=found)
        elif act == "link":
            services.renew_link(actor=request.user, connection=found)
            messages.success(request, _("Links that you gave away before lead nowhere now."))
        else:
            raise BadRequest(_("act: expected one of %(known)s.") % {"known": "pull, link, remove"})
        return redirect("customers:connection", found.pk)


@method_decorator([login_not_required, never_cache], "dispatch")
class ConsentReturn(View):
    """Where the vendor sends a customer's administrator back to. Tells nothing about anybody, and believes nothing that is said."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """A word of thanks, or what went wrong."""
        granted = request.GET.get("admin_consent", "").casefold() == "true" and "error" not in request.GET
        outcome = services.receive_consent(
            state=request.GET.get("state", ""), tenant=request.GET.get("tenant", ""), granted=granted
        )
        status = HTTPStatus.NOT_FOUND if outcome is Consent.GONE else HTTPStatus.OK
        return render(request, "customers/connections/consent.html", {"outcome": outcome.name}, status=status)


def return_address(request: HttpRequest) -> str:
    """Where the vendor sends administrators back to: has to stand in the application registration, letter by letter."""
    return request.build_absolute_uri(reverse("customers:consent"))
