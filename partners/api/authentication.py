"""How the API knows who asks: a bearer token, or the session of the web pages."""

from __future__ import annotations

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from partners.authentication import authenticate_bearer, bearer_of
from partners.models import ApiToken, Staff
from partners.selectors.second_factor import lacks_second_factor

CHALLENGE = 'Bearer realm="Seatwise"'


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer TOKEN`. A token that isn't valid is a 401, whatever session comes with it.

    Failures aren't counted: a token has 256 random bits, what hasn't its form is refused without a look-up, and nobody
    can lock a token out by guessing at it.
    """

    def authenticate(self, request: Request) -> tuple[Staff, ApiToken] | None:
        plain = bearer_of(request.META.get("HTTP_AUTHORIZATION", ""))
        if plain is None:
            return None
        token = authenticate_bearer(plain)
        if token is None:
            raise AuthenticationFailed(_("This token isn't valid: unknown, revoked, expired, or its owner can't work."))
        return token.staff, token

    def authenticate_header(self, request: Request) -> str:
        failed = bearer_of(request.META.get("HTTP_AUTHORIZATION", "")) is not None
        return f'{CHALLENGE}, error="invalid_token"' if failed else CHALLENGE


class PagesAuthentication(SessionAuthentication):
    """The session of somebody who has signed in to the pages, with the same demands as there."""

    def authenticate(self, request: Request) -> tuple[Staff, None] | None:
        known = super().authenticate(request)
        if known is not None and lacks_second_factor(known[0]):
            raise AuthenticationFailed(_("Your partner demands a second factor: set one up in your profile."))
        return known
