"""The door as a browser sees it: signing in, failing to, and what is then said."""

from __future__ import annotations

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import HttpResponse
from django.test import Client

from tests.people import PASSWORD

LOGIN = "/account/login/"
MISMATCH = "This e-mail address and this password don&#x27;t belong together."
LOCKED = "Too many failed attempts. Try again in 5 minutes, or set a new password by mail."


def sign_in(client: Client, email: str, password: str = PASSWORD, **headers: str) -> HttpResponse:
    """Type address and password."""
    return client.post(LOGIN, {"login": email, "password": password}, **headers)


def is_signed_in(client: Client) -> bool:
    """Whether somebody is, in this browser."""
    return "_auth_user_id" in client.session


def fail(client: Client, email: str, times: int, **headers: str) -> None:
    """Type a wrong password, as often as that."""
    for _ in range(times):
        assert not is_signed_in(client)
        assert MISMATCH in sign_in(client, email, "wrong", **headers).content.decode()


def link_in(text: str) -> str:
    """The path of the link in a mail."""
    return re.search(r"http://testserver(/\S+)", text)[1]


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def confirm_password(browser: Client, then: str) -> None:
    """Type the password once more."""
    response = browser.post(f"/account/reauthenticate/?next={then}", {"password": PASSWORD, "next": then})
    assert response.status_code == 302


def set_up(browser: Client) -> str:
    """Set up a second factor; its secret."""
    confirm_password(browser, "/account/2fa/totp/activate/")
    secret = browser.get("/account/2fa/totp/activate/").context["form"].secret
    response = browser.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    assert response.status_code == 302
    return secret
