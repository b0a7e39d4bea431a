"""The admin site: one door with the pages, closed classes only, and a content security policy of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import update_wrapper
from typing import Any

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.conf import settings
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured, PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.urls import URLPattern, URLResolver, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from unfold.sites import UnfoldAdminSite

OWN_APPS = frozenset({"partners", "customers", "insights"})
POLICY = {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}
"""What the admin site needs over and above the pages: Alpine evaluates the expressions in Unfold's attributes, and the
colours stand in the page (docs/decisions/0010-admin-site.md)."""
_KEPT_AT = "seatwise_enters_admin"


class Choices(AutocompleteJsonView):
    """What can be chosen while one types, called as people know it."""

    def process_request(self, request: HttpRequest) -> Any:
        """What the address asks for; 403 as well for a reference of several columns, which nobody chooses by typing."""
        try:
            return super().process_request(request)
        except FieldDoesNotExist:
            raise PermissionDenied from None

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        return {"id": str(getattr(obj, to_field_name)), "text": self.model_admin.label(obj)}


class SeatwiseAdminSite(UnfoldAdminSite):
    """Who enters: the operator, and staff that may correct facts; not by Django's flag `is_staff`."""

    site_header = _("Seatwise corrections")
    site_title = _("Seatwise")
    index_title = _("What can be corrected")
    enable_nav_sidebar = True

    def register(
        self, model_or_iterable: type[Model] | Iterable[type[Model]], admin_class: Any = None, **options: Any
    ) -> None:
        """Only classes that are closed by default. Other packages register their own too: those stay out."""
        from partners.admin_base import TenantAdmin

        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        if admin_class is not None and issubclass(admin_class, TenantAdmin):
            super().register(models, admin_class, **options)
        elif any(model._meta.app_label in OWN_APPS for model in models):
            raise ImproperlyConfigured(
                f"{admin_class} is no TenantAdmin: expected a class that says for whom it opens."
            )

    def has_permission(self, request: HttpRequest) -> bool:
        """Judged once a request, by rights."""
        if not hasattr(request, _KEPT_AT):
            setattr(request, _KEPT_AT, _enters(request.user))
        return getattr(request, _KEPT_AT)

    def admin_view(
        self, view: Callable[..., HttpResponseBase], cacheable: bool = False
    ) -> Callable[..., HttpResponseBase]:
        """Not signed in: to the sign-in page. Not for the role: 403, before anything is looked up."""
        guarded = super().admin_view(view, cacheable)

        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied(_("Your role doesn't include the admin site."))
            response = guarded(request, *args, **kwargs)
            response._csp_replace = POLICY
            return response

        return update_wrapper(entered, view)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without the address that leads from any object of any table to its page."""
        return [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]

    @method_decorator([never_cache, login_not_required])
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """There is one door to sign in by: that of the pages."""
        if not request.user.is_authenticated:
            wanted = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
            return redirect_to_login(wanted, resolve_url(settings.LOGIN_URL))
        if not self.has_permission(request):
            raise PermissionDenied(_("Your role doesn't include the admin site."))
        return redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseRedirect:
        """Likewise to sign out."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Likewise to change one's password."""
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Likewise."""
        return redirect("account_change_password")

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:
        """Only what the person finds in the class itself."""
        return Choices.as_view(admin_site=self)(request)

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Unfold's search over all classes: off. Each list has its own."""
        return HttpResponse()


def _enters(user: Any) -> bool:
    from partners.models import operates
    from partners.permissions import Action
    from partners.selectors.second_factor import lacks_second_factor

    if not user.is_authenticated or not user.is_active:
        return False
    return (operates(user) or user.may(Action.CORRECT_FACTS)) and not lacks_second_factor(user)
