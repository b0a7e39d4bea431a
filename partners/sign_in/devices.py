"""Browsers that have signed in to an account before: a signed cookie, which opens nothing, but is counted on its own.

After OWASP's "Slow Down Online Guessing Attacks with Device Cookies".
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

COOKIE = "seatwise_device"
AGE = 365 * 24 * 60 * 60
MOST = 8
"""How many accounts one browser is known for; the oldest gives way."""
_SALT = "seatwise.devices"


def device_of(request: HttpRequest, account: str) -> str | None:
    """By which name this browser is known to the account (an e-mail address); None if it isn't."""
    return _known(request).get(_key(account))


def make_known(request: HttpRequest, account: str) -> None:
    """From this request's answer on the account knows the browser; `hand_over` puts it into the answer."""
    known = _known(request)
    known.pop(_key(account), None)
    known[_key(account)] = secrets.token_hex(8)
    request.seatwise_devices = dict(list(known.items())[-MOST:])


def hand_over(request: HttpRequest, response: HttpResponseBase) -> None:
    """Set the cookie where something of it is new."""
    known = getattr(request, "seatwise_devices", None)
    if known is not None:
        response.set_cookie(
            COOKIE,
            signing.dumps(known, salt=_SALT),
            max_age=AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _known(request: HttpRequest) -> dict[str, str]:
    fresh = getattr(request, "seatwise_devices", None)
    if fresh is not None:
        return dict(fresh)
    try:
        return dict(signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=AGE))
    except signing.BadSignature:
        return {}


def _key(account: str) -> str:
    """The cookie names no address: whoever finds it learns nothing of who uses the browser."""
    return salted_hmac(_SALT, account.strip().lower(), algorithm="sha256").hexdigest()[:32]
