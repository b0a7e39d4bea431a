"""One's own profile and API tokens."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from partners.doors import Door
from partners.forms import ProfileForm, TokenForm
from partners.permissions import Action
from partners.selectors.second_factor import has_second_factor
from partners.selectors.tokens import tokens_of
from partners.services.profile import change_profile, end_sessions
from partners.services.tokens import NewToken, create_token, revoke_token

_NAMES = ("first_name", "last_name", "language")


class Profile(Door):
    """What people change of themselves."""

    action = Action.OWN_TOKENS

    def get(self, request: HttpRequest) -> HttpResponse:
        """Name, language, and the ways to password, second factor and tokens."""
        return self._page(request, ProfileForm(initial={name: getattr(request.user, name) for name in _NAMES}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """`act=profile` changes name and language, `act=sessions` ends all other sessions."""
        act = request.POST.get("act")
        if act == "sessions":
            end_sessions(actor=request.user)
            update_session_auth_hash(request, request.user)
            messages.success(request, _("You are signed out everywhere else."))
            return redirect("partners:profile")
        if act != "profile":
            raise BadRequest(_("act: expected one of %(known)s.") % {"known": "profile, sessions"})
        return self._changed(request, ProfileForm(request.POST))

    def _changed(self, request: HttpRequest, form: ProfileForm) -> HttpResponse:
        if not form.is_valid():
            return self._page(request, form, HTTPStatus.BAD_REQUEST)
        change_profile(actor=request.user, **form.cleaned_data)
        messages.success(request, _("Your profile is changed."))
        response = redirect("partners:profile")
        if language := form.cleaned_data["language"]:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                samesite=settings.LANGUAGE_COOKIE_SAMESITE,
            )
        else:
            response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return response

    def _page(self, request: HttpRequest, form: ProfileForm, status: int = HTTPStatus.OK) -> HttpResponse:
        context = {"form": form, "has_second_factor": has_second_factor(request.user)}
        return render(request, "partners/profile.html", context, status=status)


class Tokens(Door):
    """One's own API tokens. A new one is shown once, in the answer that makes it."""

    action = Action.OWN_TOKENS

    def get(self, request: HttpRequest) -> HttpResponse:
        """All tokens, and a form for a new one."""
        return self._page(request, TokenForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """`act=create` makes a token, `act=revoke` ends the one named by `token`."""
        act = request.POST.get("act")
        if act == "revoke":
            return self._revoked(request)
        if act != "create":
            raise BadRequest(_("act: expected one of %(known)s.") % {"known": "create, revoke"})
        form = TokenForm(request.POST)
        if form.is_valid():
            try:
                new = create_token(
                    actor=request.user,
                    staff=request.user,
                    name=form.cleaned_data["name"],
                    expires_at=form.expires_at(),
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return self._page(request, TokenForm(), new=new)
        return self._page(request, form, HTTPStatus.BAD_REQUEST)

    def _revoked(self, request: HttpRequest) -> HttpResponse:
        key = request.POST.get("token", "")
        if not (key.isascii() and key.isdigit()) or len(key) > 18:
            raise BadRequest(_("token: expected the number of one of your tokens."))
        token = get_object_or_404(tokens_of(request.user).select_related("staff__partner"), pk=key)
        revoke_token(actor=request.user, token=token)
        messages.success(request, _("The token “%(name)s” is revoked.") % {"name": token.name})
        return redirect("partners:tokens")

    def _page(
        self, request: HttpRequest, form: TokenForm, status: int = HTTPStatus.OK, new: NewToken | None = None
    ) -> HttpResponse:
        context = {"form": form, "tokens": list(tokens_of(request.user)), "new": new}
        response = render(request, "partners/tokens.html", context, status=status)
        add_never_cache_headers(response)
        return response
