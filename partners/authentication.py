"""Whom a bearer token stands for."""

from __future__ import annotations

from partners.models import ApiToken
from partners.selectors.second_factor import lacks_second_factor
from partners.services.tokens import use_token
from partners.tenancy import signing_in

SCHEME = "bearer"


def bearer_of(header: str) -> str | None:
    """What an Authorization header brings as a bearer token (RFC 6750, 2.1); None where it is of another scheme."""
    scheme, _, credentials = header.partition(" ")
    return credentials.strip() if scheme.casefold() == SCHEME else None


def authenticate_bearer(plain: str) -> ApiToken | None:
    """The valid token with its `staff`; None as well where the person lacks the second factor that the partner demands.

    Looked up in the scope of those who aren't known yet: the rest of the request has to enter the partner's.
    """
    with signing_in():
        token = use_token(plain)
        return None if token is None or lacks_second_factor(token.staff) else token
