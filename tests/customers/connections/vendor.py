"""The vendor on this machine: sign-in, Graph, Partner Center and the store of reports, each a host of its own; real sockets."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

SAMPLES = Path(__file__).parents[2] / "samples"
TENANT = UUID("c0000000-0000-4000-8000-000000000001")
OTHER_TENANT = UUID("c0000000-0000-4000-8000-000000000002")
DIRECTORY = UUID("d0000000-0000-4000-8000-000000000001")
CLIENT = UUID("e0000000-0000-4000-8000-000000000001")
SECRET = "canary~secret~of~the~application"
REPORT = "getOffice365ActiveUserDetail"
APPS = "getM365AppUserDetail"


@dataclass
class Answer:
    """What a host answers once. `cut`: so many bytes less than it promised; `wait`: seconds before, `drip`: between bytes."""

    body: bytes | str | dict | list = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    type: str = "application/json"
    cut: int = 0
    wait: float = 0.0
    drip: float = 0.0

    @property
    def content(self) -> bytes:
        """The body as bytes."""
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


@dataclass
class Request:
    """What was asked."""

    method: str
    path: str
    """With its query."""
    headers: Mapping[str, str]
    body: str


Route = Callable[[Request], Answer] | Answer


class Host:
    """One host. What is next in `faults` for a path is answered first, then what its route says."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.faults: dict[str, list[Answer]] = {}
        self.requests: list[Request] = []
        self.guard: Callable[[Request], Answer | None] = lambda _request: None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("OfHost", (Handler,), {"host": self}))
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def netloc(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.netloc}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, request: Request) -> Answer:
        self.requests.append(request)
        path = urlsplit(request.path).path
        if waiting := self.faults.get(path):
            return waiting.pop(0)
        refused = self.guard(request)
        route = self.routes.get(request.path) or self.routes.get(path)
        if refused is not None:
            return refused
        if route is None:
            return Answer({"error": {"code": "ResourceNotFound"}}, 404)
        return route(request) if callable(route) else route

    def asked(self, path: str) -> list[Request]:
        """What was asked at this path, in order."""
        return [request for request in self.requests if urlsplit(request.path).path == path]


class Handler(BaseHTTPRequestHandler):
    """Answers one connection of a host."""

    protocol_version = "HTTP/1.1"
    host: Host

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *_arguments: Any) -> None:
        """Nobody reads along."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        answer = self.host.answer(Request(self.command, self.path, dict(self.headers), body))
        time.sleep(answer.wait)
        try:
            self._send(answer)
        except ConnectionError:
            self.close_connection = True

    def _send(self, answer: Answer) -> None:
        content = answer.content
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(content)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self._write(content[: len(content) - answer.cut], answer.drip)
        self.close_connection = self.close_connection or bool(answer.cut)

    def _write(self, content: bytes, drip: float) -> None:
        if not drip:
            self.wfile.write(content)
            return
        for place in range(len(content)):
            self.wfile.write(content[place : place + 1])
            time.sleep(drip)


class Vendor:
    """All hosts together, with one tenant that has consented, and samples of what it holds."""

    def __init__(self) -> None:
        self.login, self.graph, self.center, self.store = Host(), Host(), Host(), Host()
        self.secret = SECRET
        self.refusals: dict[str, tuple[int, str]] = {}
        """By tenant, the code of the vendor's sign-in, and its error."""
        self.tokens: dict[str, str] = {}
        """Which tenant each token that holds is for."""
        self.given = 0
        self.graph.guard = self.center.guard = self._guard
        self.login.routes = {}
        for tenant in (TENANT, OTHER_TENANT, DIRECTORY):
            self._sign_in(str(tenant))
        self._fill_graph()
        self._fill_center()

    def close(self) -> None:
        for host in (self.login, self.graph, self.center, self.store):
            host.close()

    @property
    def settings(self) -> dict[str, str]:
        """Where the installation finds it."""
        return {
            "VENDOR_LOGIN": self.login.url,
            "VENDOR_GRAPH": self.graph.url,
            "VENDOR_PARTNER_CENTER": self.center.url,
        }

    def expire_tokens(self) -> None:
        self.tokens.clear()

    def _sign_in(self, tenant: str) -> None:
        # As the real one does, in https: what this server speaks is the test's business.
        base = f"https://{self.login.netloc}/{tenant}"
        self.login.routes[f"/{tenant}/v2.0/.well-known/openid-configuration"] = Answer(
            {
                "issuer": f"{base}/v2.0",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            }
        )
        self.login.routes[f"/{tenant}/oauth2/v2.0/token"] = lambda request: self._token(tenant, request)

    def _token(self, tenant: str, request: Request) -> Answer:
        form = {name: values[0] for name, values in parse_qs(request.body).items()}
        if form.get("client_secret") != self.secret:
            return refusal(7000215, "invalid_client")
        if tenant in self.refusals:
            return refusal(*self.refusals[tenant])
        assert (form["grant_type"], form["client_id"]) == ("client_credentials", str(CLIENT))
        assert form["scope"] in {f"{self.graph.url}/.default", f"{self.center.url}/.default"}
        self.given += 1
        token = f"canary-token-{tenant}-{self.given}"
        self.tokens[token] = tenant
        return Answer({"token_type": "Bearer", "expires_in": 3599, "access_token": token})

    def _guard(self, request: Request) -> Answer | None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token in self.tokens:
            return None
        return Answer({"error": {"code": "InvalidAuthenticationToken", "message": "Access token has expired."}}, 401)

    def _fill_graph(self) -> None:
        routes = self.graph.routes
        routes["/v1.0/organization"] = self._organisation
        routes["/v1.0/subscribedSkus"] = Answer(SKUS)
        context = "https://graph.microsoft.com/v1.0/$metadata#directory/subscriptions"
        routes["/v1.0/directory/subscriptions"] = Answer({"@odata.context": context, "value": []})
        routes["/v1.0/users"] = Answer(users(["ann", "bob"]))
        for report in (REPORT, APPS):
            routes[f"/v1.0/reports/{report}(period='D30')"] = Answer(
                status=302, headers={"Location": f"{self.store.url}/{report}?key=canary-key"}
            )
            self.store.routes[f"/{report}"] = Answer(REPORTS[report], type="text/csv")

    def _organisation(self, request: Request) -> Answer:
        tenant = self.tokens[request.headers["Authorization"].removeprefix("Bearer ")]
        domains = [{"name": "f.example", "isDefault": False}, {"name": "fabrikam.example", "isDefault": True}]
        said = {"id": tenant, "displayName": "Fabrikam", "countryLetterCode": "SE", "verifiedDomains": domains}
        return Answer({"value": [said]})

    def _fill_center(self) -> None:
        self.center.routes["/v1/customers"] = Answer(customers([TENANT, OTHER_TENANT]))
        for tenant in (TENANT, OTHER_TENANT):
            self.center.routes[f"/v1/customers/{tenant}/subscriptions"] = Answer(
                {"totalCount": 0, "items": [], "attributes": {"objectType": "Collection"}}
            )


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


SKUS = sample("graph/subscribedSkus_list.json").replace(b"48a80680-7326-48cd-9935-b556b81d3a4e", str(TENANT).encode())
"""The sample, as this tenant would answer."""
REPORTS = {
    REPORT: sample(f"graph_reports/{REPORT}.csv"),
    APPS: b"\xef\xbb\xbfReport Refresh Date,User Principal Name,Last Activation Date,Last Activity Date,Report Period,Windows\r\n"
    b"2022-10-23,77E5979DD60BA6EAA53E814DBEEEFA5F,2022-01-01,2022-10-20,30,Yes\r\n",
}


def refusal(code: int, error: str) -> Answer:
    """What sign-in says to an application that it doesn't let in."""
    return Answer(
        {"error": error, "error_description": f"AADSTS{code}: canary-description", "error_codes": [code]},
        400 if error == "invalid_request" else 401,
    )


def users(names: list[str], following: str = "") -> dict[str, Any]:
    """A page of users."""
    page: dict[str, Any] = {
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users(id,userPrincipalName,assignedLicenses)"
    }
    if following:
        page["@odata.nextLink"] = following
    value = [
        {
            "id": str(UUID(int=UUID("b0000000-0000-4000-8000-000000000000").int + sum(name.encode()))),
            "userPrincipalName": f"{name}@fabrikam.example",
            "displayName": name.title(),
            "assignedLicenses": [{"skuId": "c7df2760-2c81-4ef7-b578-5b5392b571df", "disabledPlans": []}],
        }
        for name in names
    ]
    return page | {"value": value}


def customers(tenants: list[UUID], following: dict[str, Any] | None = None) -> dict[str, Any]:
    """A page of Partner Center's list of customers."""
    items = [
        {
            "id": str(tenant),
            "companyProfile": {"tenantId": str(tenant), "domain": "x.example", "companyName": f"Customer {place}"},
            "relationshipToPartner": "reseller",
        }
        for place, tenant in enumerate(tenants)
    ]
    links = {"self": {"uri": "/v1/customers?size=500", "method": "GET", "headers": []}}
    if following:
        links["next"] = following
    return {"totalCount": len(items), "items": items, "links": links, "attributes": {"objectType": "Collection"}}


@contextmanager
def running() -> Iterator[Vendor]:
    vendor = Vendor()
    try:
        yield vendor
    finally:
        vendor.close()
