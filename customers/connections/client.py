"""Speaks HTTP with the vendor: time-outs, trying again, tokens that stay with their host, answers that aren't what was asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self, TypeVar
from urllib.parse import urljoin, urlsplit

import httpx
from django.utils.translation import gettext as _

from customers.connections.failures import LaterError, NotGivenError, Problem, PullError
from customers.connections.waiting import Patience, retry_after

TRANSIENT = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
REDIRECTS = {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT}
MOST_BYTES_OF_JSON = 64 * 2**20
MOST_BYTES_OF_CSV = 512 * 2**20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
CODE = re.compile(r"[A-Za-z0-9_.\-]{1,64}")
CSV_TYPES = {"text/csv", "text/plain", "application/octet-stream", "application/csv"}

T = TypeVar("T")


class GarbledError(Exception):
    """The answer is broken in a way that may be gone the next time: cut short, not JSON, dripping endlessly."""


class UnauthorisedError(Exception):
    """The token isn't taken (any more)."""


class TokenSource(Protocol):
    """Where the bearer token comes from."""

    def token(self, *, fresh: bool = False) -> str:
        """A token; `fresh`: not the one that was just refused."""


@dataclass(frozen=True)
class Link:
    """Where a page of a list is, and what has to be sent along."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: what a token may be sent to."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ("", "", None)
    return (parts.scheme, (parts.hostname or "").casefold(), port or {"https": 443, "http": 80}.get(parts.scheme))


class Sender:
    """Sends requests, and tries again what may pass. Follows no redirect, keeps no cookie, writes nothing down."""

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        timeout = httpx.Timeout(patience.reading, connect=patience.connecting)
        self._http = httpx.Client(timeout=timeout, follow_redirects=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(self, method: str, url: str, take: Callable[[httpx.Response], T], **more: Any) -> T:
        """What `take` makes of the answer. `more` is what httpx sends: headers, params, data.

        Raises LaterError where the vendor asks to wait for longer than one sleeps, or still fails after all attempts.
        """
        wait, problem = 0.0, Problem.UNREACHABLE
        for attempt in range(self.patience.attempts):
            if attempt:
                self.patience.sleep(wait)
            try:
                # Nothing of one request is left for the next: the vendor's cookies would be sent along otherwise.
                self._http.cookies.clear()
                with self._http.stream(method, url, **more) as response:
                    if response.status_code not in TRANSIENT:
                        return take(response)
                    wait, problem = self._told(response, attempt)
            except (httpx.TransportError, httpx.DecodingError, GarbledError) as error:
                wait, problem = self.patience.back_off(attempt), _problem_of(error)
            if wait > self.patience.longest_wait:
                raise LaterError(problem, wait)
        raise LaterError(problem)

    def _told(self, response: httpx.Response, attempt: int) -> tuple[float, Problem]:
        """How long to wait, and why."""
        throttled = response.status_code == HTTPStatus.TOO_MANY_REQUESTS
        asked = retry_after(response.headers, datetime.now(UTC))
        wait = self.patience.back_off(attempt) if asked is None else asked
        return wait, Problem.THROTTLED if throttled else Problem.UNREACHABLE

    def pieces(self, response: httpx.Response, most: int) -> Iterator[bytes]:
        """The body, unpacked, in pieces. Raises PullError beyond `most` bytes, GarbledError where it takes for ever."""
        size, begun = 0, self.patience.clock()
        with closing(response.iter_bytes()) as pieces:
            for piece in pieces:
                size += len(piece)
                if size > most:
                    raise PullError(Problem.TOO_LARGE, _("Expected at most %(size)s MB.") % {"size": most // 2**20})
                if self.patience.clock() - begun > self.patience.answering:
                    raise GarbledError
                yield piece


class VendorClient:
    """Asks one of the vendor's services, at `base`, with a token that is sent to that host and to no other."""

    def __init__(self, base: str, tokens: TokenSource, sender: Sender) -> None:
        self._base = base
        self._tokens = tokens
        self._sender = sender

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sender.close()

    def own(self, url: str) -> str:
        """The whole address of `url`, which may be relative. Raises PullError where it leads to another host."""
        whole = urljoin(self._base + "/", url)
        if origin_of(whole) != origin_of(self._base) or urlsplit(whole).username is not None:
            raise PullError(Problem.UNSAFE, _("A link of the answer leads to another host."))
        return whole

    def json(self, link: Link) -> dict[str, Any]:
        """The object that stands there."""
        return self._authorised(link, self._take_json)

    def csv(self, url: str, target: BinaryIO) -> None:
        """The report that stands there, into `target`: directly, or from the pre-authenticated address to which the vendor
        redirects, which is asked without the token and leads no further.
        """
        location = self._authorised(Link(url), lambda response: self._take_csv(response, target))
        if location is None:
            return
        if (
            self._sender.ask("GET", self._handed_on(location), lambda answer: self._take_csv(answer, target))
            is not None
        ):
            raise PullError(Problem.UNSAFE, _("The report's address leads to yet another one."))

    def _authorised(self, link: Link, take: Callable[[httpx.Response], T]) -> T:
        url = self.own(link.url)
        for fresh in (False, True):
            token = self._tokens.token(fresh=fresh)
            headers = {"Accept": "application/json, text/csv", **link.headers, "Authorization": f"Bearer {token}"}
            try:
                return self._sender.ask("GET", url, take, headers=headers)
            except UnauthorisedError:
                continue
        raise PullError(Problem.CONSENT_MISSING, _("The vendor took neither the token nor a new one."))

    def _handed_on(self, location: str) -> str:
        """A pre-authenticated address; in the clear only where the vendor's own is, on a machine of one's own."""
        scheme, host, _port = origin_of(location)
        allowed = {"https", origin_of(self._base)[0]}
        if scheme not in allowed or not host or urlsplit(location).username is not None:
            raise PullError(Problem.UNSAFE, _("The report's address is none: expected https."))
        return location

    def _take_json(self, response: httpx.Response) -> dict[str, Any]:
        body = b"".join(self._sender.pieces(response, MOST_BYTES_OF_JSON))
        _judge(response, body)
        if _type_of(response) != "application/json":
            raise PullError(Problem.UNEXPECTED, _("The answer is no JSON."))
        try:
            found = json.loads(body.removeprefix(BYTE_ORDER_MARK))
        except ValueError:
            raise GarbledError from None
        if not isinstance(found, dict):
            raise PullError(Problem.UNEXPECTED, _("The answer isn't built as documented: expected an object."))
        return found

    def _take_csv(self, response: httpx.Response, target: BinaryIO) -> str | None:
        """Where the answer redirects to; None: it was the report."""
        if response.status_code in REDIRECTS:
            return response.headers.get("Location", "")
        if response.status_code != HTTPStatus.OK:
            _judge(response, b"".join(self._sender.pieces(response, MOST_BYTES_OF_JSON)))
        if _type_of(response) not in CSV_TYPES:
            raise PullError(Problem.UNEXPECTED, _("The report is no CSV."))
        target.seek(0)
        target.truncate()  # what an attempt before this one has left
        target.writelines(self._sender.pieces(response, MOST_BYTES_OF_CSV))
        return None


def _type_of(response: httpx.Response) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _problem_of(error: Exception) -> Problem:
    return Problem.UNEXPECTED if isinstance(error, GarbledError | httpx.DecodingError) else Problem.UNREACHABLE


def _judge(response: httpx.Response, body: bytes) -> None:
    """Raises what a status other than 200 means."""
    status = response.status_code
    if status == HTTPStatus.OK:
        return
    code = code_of(body)
    if status == HTTPStatus.UNAUTHORIZED:
        raise UnauthorisedError
    if status == HTTPStatus.FORBIDDEN:
        raise NotGivenError(Problem.CONSENT_MISSING, _("The vendor refused %(path)s.") % {"path": response.url.path})
    told = _("The vendor answered %(path)s with %(status)s %(code)s.") % {
        "path": response.url.path,
        "status": status,
        "code": code,
    }
    kind = NotGivenError if response.is_client_error else PullError
    raise kind(Problem.UNEXPECTED, told.replace(" .", "."))


def code_of(body: bytes) -> str:
    """The vendor's code for an error: Graph's `error.code` or Partner Center's `code`; empty where there is none."""
    try:
        found = json.loads(body.removeprefix(BYTE_ORDER_MARK))
    except ValueError:
        return ""
    inner = found.get("error") if isinstance(found, dict) else None
    code = str((inner if isinstance(inner, dict) else found if isinstance(found, dict) else {}).get("code", ""))
    return code if CODE.fullmatch(code) else ""
