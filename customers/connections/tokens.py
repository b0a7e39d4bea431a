"""Access tokens of an application in one tenant, by client credentials (MSAL)."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx
import msal

from customers.connections.client import GarbledError, Sender, origin_of
from customers.connections.failures import LaterError, Problem, PullError

# Codes of the vendor's sign-in (AADSTS...) that tell what has to be done.
PROBLEMS = {
    7000215: Problem.SECRET_WRONG,
    7000216: Problem.SECRET_WRONG,
    7000222: Problem.SECRET_EXPIRED,
    90002: Problem.TENANT_UNKNOWN,
    900023: Problem.TENANT_UNKNOWN,
    700016: Problem.CONSENT_MISSING,
    7000229: Problem.CONSENT_MISSING,
    7000112: Problem.CONSENT_MISSING,
    7000113: Problem.CONSENT_MISSING,
    65001: Problem.CONSENT_MISSING,
    500011: Problem.CONSENT_MISSING,
}
MOST_BYTES = 2**20


@dataclass
class Answer:
    """An answer as MSAL wants it."""

    status_code: int
    text: str
    headers: dict[str, str]

    def raise_for_status(self) -> None:
        """Never needed: what fails for good is raised before MSAL sees it."""
        if self.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise LaterError(Problem.UNREACHABLE)


class SignInHost:
    """What MSAL sends by: to the sign-in host of the installation, and to no other.

    MSAL knows https only; on a machine of one's own the configured host may speak http, so the configured scheme holds.
    """

    def __init__(self, base: str, sender: Sender) -> None:
        self._base = base
        self._sender = sender

    def get(self, url: str, params: Any = None, headers: Any = None, **_more: Any) -> Answer:
        """MSAL asks for the tenant's addresses."""
        return self._sender.ask("GET", self._own(url), self._take, params=params, headers=headers)

    def post(self, url: str, params: Any = None, data: Any = None, headers: Any = None, **_more: Any) -> Answer:
        """MSAL asks for a token."""
        return self._sender.ask("POST", self._own(url), self._take, params=params, data=data, headers=headers)

    def close(self) -> None:
        """The sender is closed by whoever opened it."""

    def _own(self, url: str) -> str:
        parts, base = urlsplit(url), urlsplit(self._base)
        own = parts._replace(scheme=base.scheme).geturl()
        if origin_of(own) != origin_of(self._base):
            raise PullError(Problem.UNSAFE)
        return own

    def _take(self, response: httpx.Response) -> Answer:
        body = b"".join(self._sender.pieces(response, MOST_BYTES))
        if not body.lstrip().startswith(b"{") or not body.rstrip().endswith(b"}"):
            raise GarbledError
        return Answer(response.status_code, body.decode(errors="replace"), dict(response.headers))


@dataclass
class ApplicationTokens:
    """Tokens of one application in one tenant, for one of the vendor's services. They are kept in memory only."""

    login: str
    """Base address of the sign-in host."""
    tenant: str
    client_id: str
    secret: str = field(repr=False)
    scope: str
    sender: Sender = field(repr=False)
    _application: Any = field(default=None, init=False, repr=False)

    def token(self, *, fresh: bool = False) -> str:
        """A token; `fresh`: not one from memory. Raises PullError for what somebody has to put right, else LaterError."""
        if self._application is None or fresh:
            self._application = self._begin()
        answer = self._application.acquire_token_for_client(scopes=[self.scope])
        token = answer.get("access_token")
        if not isinstance(token, str) or not token:
            raise _refusal(answer)
        return token

    def _begin(self) -> Any:
        authority = f"https://{urlsplit(self.login).netloc}/{self.tenant}"
        try:
            return msal.ConfidentialClientApplication(
                self.client_id,
                client_credential=self.secret,
                authority=authority,
                instance_discovery=False,
                http_client=SignInHost(self.login, self.sender),
            )
        except (ValueError, KeyError):
            # There is no such tenant; or its addresses are none.
            raise PullError(Problem.TENANT_UNKNOWN) from None


def _refusal(answer: dict[str, Any]) -> PullError | LaterError:
    """What a refused token means. The vendor's description names tenants and applications, so only its code is told."""
    codes = [code for code in answer.get("error_codes") or () if isinstance(code, int)]
    for code in codes:
        if code in PROBLEMS:
            return PullError(PROBLEMS[code], f"AADSTS{code}")
    if answer.get("error") in {"temporarily_unavailable", "server_error"}:
        return LaterError(Problem.UNREACHABLE)
    return PullError(Problem.UNEXPECTED, ", ".join(f"AADSTS{code}" for code in codes[:3]))
