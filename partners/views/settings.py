"""What the partner decides for all of its staff."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from partners.doors import Door
from partners.forms import SettingsForm
from partners.permissions import Action
from partners.selectors.staff import colleagues
from partners.services.settings import demand_second_factor


class Settings(Door):
    """The partner's settings."""

    action = Action.PARTNER_SETTINGS

    def get(self, request: HttpRequest) -> HttpResponse:
        """The settings as they stand, and whom a change would touch."""
        form = SettingsForm(initial={"second_factor_required": request.user.partner.second_factor_required})
        without = colleagues(request.user).filter(is_active=True, has_second_factor=False).count()
        return render(request, "partners/settings.html", {"form": form, "without": without})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Change them."""
        form = SettingsForm(request.POST)
        if not form.is_valid():
            return render(request, "partners/settings.html", {"form": form}, status=HTTPStatus.BAD_REQUEST)
        demand_second_factor(actor=request.user, required=form.cleaned_data["second_factor_required"])
        messages.success(request, _("The settings are changed."))
        return redirect("partners:settings")
