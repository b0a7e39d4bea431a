"""What allauth asks of us: who may try, what is said and mailed, and how secrets of second factors are kept."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext_lazy as _

from partners.mail import FAILURES
from partners.models import Staff
from partners.selectors.second_factor import second_factor_demanded
from partners.services.profile import set_password
from partners.sign_in.devices import device_of, make_known
from partners.sign_in.lockout import Attempt, LockedOutError, begin_attempt, begin_confirmation
from partners.sign_in.reset import reset_path
from partners.tenancy import scope_of, within

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by address and password, counted by us; nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This e-mail address and this password don't belong together."),
        "too_many_login_attempts": _("Too many wrong codes. Try again in five minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's signature
        """Staff are invited."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's signature
        """Pages only: the same answers in JSON would be doors of their own."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Staff | None:
        """Who has this address and password, if it may be tried now (ValidationError with the time to wait)."""
        attempt = self._begin(request, credentials["email"])
        AuthenticationBackend.unstash_authenticated_user()
        staff = authenticate(request, **credentials) or AuthenticationBackend.unstash_authenticated_user()
        if staff is not None:
            attempt.succeeded()
        return staff

    def reauthenticate(self, user: Staff, password: str) -> bool:
        """Whether this is the password of whoever is signed in."""
        try:
            attempt = begin_confirmation(staff=user.pk)
        except LockedOutError as error:
            raise ValidationError(_told(error.seconds)) from None
        right = user.check_password(password)
        if right:
            attempt.succeeded()
        return right

    def post_login(self, request: HttpRequest, user: Staff, **kwargs: Any) -> HttpResponse:
        """The browser is known from now on, and speaks the person's language."""
        response = super().post_login(request, user, **kwargs)
        make_known(request, user.email)
        if user.language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                user.language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                samesite=settings.LANGUAGE_COOKIE_SAMESITE,
            )
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The portfolio; an operator belongs to no partner, and works in the admin site."""
        return reverse("admin:index") if request.user.is_superuser else super().get_login_redirect_url(request)

    def set_password(self, user: Staff, password: str) -> None:
        """A password that was changed or reset. Whoever could read the mail need not wait at the door."""
        make_known(self.request, user.email)
        with within(scope_of(user)):
            set_password(actor=user, password=password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002  allauth's signature
        """Back to where the link stood."""
        return reverse("partners:profile")

    def send_reset(self, staff: Staff | None, email: str) -> None:
        """The mail that was asked for with this address; one mail for known and unknown ones, and the same time."""
        known = staff is not None and staff.is_active
        with override((staff.language if known else "") or get_language()):
            if known:
                url = self.request.build_absolute_uri(reset_path(staff))
                self.send_mail("account/email/password_reset_key", staff.email, {"password_reset_url": url})
            else:
                self.send_mail("account/email/unknown_account", email, {})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one mail; a mail server that fails is told on a page of its own, the same for every address."""
        try:
            super().send_mail(template_prefix, email, context)
        except FAILURES as error:
            log.warning("mail was not sent: %s", type(error).__name__)
            raise ImmediateHttpResponse(render(self.request, "account/no_mail.html", status=503)) from None

    def send_notification_mail(self, template_prefix: str, user: Staff, *args: Any, **kwargs: Any) -> None:
        """Tell a person of a change to his or her account; the change stands, also where the mail can't be sent."""
        try:
            with override(user.language or get_language()):
                super().send_notification_mail(template_prefix, user, *args, **kwargs)
        except ImmediateHttpResponse:
            return

    def _begin(self, request: HttpRequest, email: str) -> Attempt:
        try:
            return begin_attempt(account=email, device=device_of(request, email), address=self.get_client_ip(request))
        except LockedOutError as error:
            raise ValidationError(_told(error.seconds), code="locked_out") from None


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are encrypted by SECRET_KEY, and stay where the partner demands one."""

    def encrypt(self, text: str) -> str:
        """The text as it is stored."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text again. A stored one of another SECRET_KEY opens nothing: it becomes a secret that nobody has."""
        try:
            return _keys().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(
                salted_hmac("seatwise.lost", encrypted_text, algorithm="sha256").digest()[:20]
            ).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not where it is demanded."""
        return not second_factor_demanded(authenticator.user)


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in _derived_keys()])


def _derived_keys() -> Iterator[bytes]:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        digest = salted_hmac("seatwise.second_factor", "", secret=secret, algorithm="sha256").digest()
        yield base64.urlsafe_b64encode(digest)


def _told(seconds: int) -> str:
    """How long to wait, in whole minutes."""
    minutes = -(-seconds // 60)
    return ngettext(
        "Too many failed attempts. Try again in %(minutes)d minute, or set a new password by mail.",
        "Too many failed attempts. Try again in %(minutes)d minutes, or set a new password by mail.",
        minutes,
    ) % {"minutes": minutes}
