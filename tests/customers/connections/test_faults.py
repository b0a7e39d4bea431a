"""What goes wrong with the vendor: what is tried again, what is put off, what somebody has to put right, and that no other pays for it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from customers.connections.client import BYTE_ORDER_MARK
from customers.connections.failures import Problem, PullError
from customers.models import Connection, Pull
from tests.customers.connections.conftest import Pulling
from tests.customers.connections.vendor import OTHER_TENANT, REPORT, SKUS, TENANT, Answer, sample, users

LIST = "/v1.0/subscribedSkus"
USERS = "/v1.0/users"
REPORT_PATH = f"/v1.0/reports/{REPORT}(period='D30')"
FOUR_TIMES = [1.0, 2.0, 4.0, 8.0]


def throttled(after: str | None = "2.128") -> Answer:
    """The documented answer, as it was caught."""
    body = re.split(rb"\r?\n\r?\n", sample("graph/throttle_429.http"), maxsplit=1)[1]
    return Answer(body, 429, {} if after is None else {"Retry-After": after})


@pytest.mark.parametrize(
    ("fault", "slept"),
    [
        (throttled("2.128"), [2.128]),
        (throttled(None), [1.0]),
        (throttled("nonsense"), [1.0]),
        (Answer("busy", 503, type="text/html"), [1.0]),
        (Answer("busy", 503, {"Retry-After": "7"}), [7.0]),
        (Answer({"value": []}, 500), [1.0]),
        (Answer({"value": []}, 504), [1.0]),
        (Answer(SKUS, cut=20), [1.0]),
        (Answer(b'{"value": [', 200), [1.0]),
        (Answer({"value": []}, wait=1.0), [1.0]),
    ],
    ids=["429 in fractions", "429 alone", "429 with nonsense", "503", "503 that says when", "500", "504", "cut short",
         "half a document", "too slow"],
)  # fmt: skip
def test_fault_that_passes_is_waited_out(pulling: Pulling, fault: Answer, slept: list[float]) -> None:
    pulling.vendor.graph.faults[LIST] = [fault]
    connection = pulling.connection()
    pulling.work_off()
    assert (pulling.state(connection), pulling.slept) == (("", "", 0), slept)
    assert len(pulling.vendor.graph.asked(LIST)) == 2


def test_report_that_is_cut_short_is_fetched_anew_in_full(pulling: Pulling) -> None:
    whole = sample(f"graph_reports/{REPORT}.csv")
    pulling.vendor.store.faults[f"/{REPORT}"] = [Answer(whole, type="text/csv", cut=100)]
    pulling.connection()
    pulling.work_off()
    assert pulling.taken.files[0][f"{REPORT}.csv"] == whole
    assert pulling.slept == [1.0]


@pytest.mark.parametrize(
    ("fault", "problem"),
    [(Answer("busy", 503), "unreachable"), (throttled(None), "throttled"), (Answer(b"{"), "unexpected")],
)
def test_fault_that_stays_puts_the_pull_off(pulling: Pulling, fault: Answer, problem: str) -> None:
    pulling.vendor.graph.faults[LIST] = [fault] * 5
    connection = pulling.connection()
    pulling.work_off()
    assert (pulling.state(connection), pulling.slept) == ((problem, "", 1), FOUR_TIMES)
    assert timedelta(seconds=29) < connection.not_before - timezone.now() < timedelta(seconds=61)
    assert pulling.work_off() == 0
    assert Pull.objects.get().outcome == "running"


@pytest.mark.parametrize("status", [429, 503])
def test_long_wait_is_not_slept_through(pulling: Pulling, status: int) -> None:
    pulling.vendor.graph.faults[LIST] = [Answer("", status, {"Retry-After": "57"})]
    connection = pulling.connection()
    pulling.work_off()
    connection.refresh_from_db()
    assert pulling.slept == []
    assert timedelta(seconds=50) < connection.not_before - timezone.now() <= timedelta(seconds=57)


def test_delays_grow_with_each_failure(pulling: Pulling) -> None:
    connection = pulling.connection()
    waits = []
    for failures in range(8):
        pulling.vendor.graph.faults[LIST] = [Answer("busy", 503)] * 5
        Connection.objects.filter(pk=connection.pk).update(not_before=None, failures=failures)
        pulling.work_off()
        connection.refresh_from_db()
        waits.append((connection.not_before - timezone.now()).total_seconds())
    for failures, wait in enumerate(waits):
        whole = min(60 * 2**failures, 3600)
        assert whole / 2 - 2 < wait <= whole


def test_server_that_is_gone_puts_the_pull_off(pulling: Pulling) -> None:
    pulling.vendor.graph.close()
    connection = pulling.connection()
    pulling.work_off()
    pulling.vendor.graph = pulling.vendor.store
    assert pulling.state(connection) == ("unreachable", "", 1)


def test_answer_that_drips_for_ever_is_given_up(pulling: Pulling) -> None:
    pulling.vendor.graph.faults[LIST] = [Answer(b" " * 200_000, drip=0.05)]
    connection = pulling.connection()
    clock = iter(range(0, 1_000_000, 400))
    pulling.work_off(clock=lambda: float(next(clock)))
    assert (pulling.state(connection)[0], pulling.slept[0]) == ("", 1.0)


def test_expired_token_is_renewed_once(pulling: Pulling) -> None:
    pulling.vendor.graph.faults[USERS] = [Answer({"error": {"code": "InvalidAuthenticationToken"}}, 401)]
    connection = pulling.connection()
    pulling.work_off()
    assert pulling.state(connection) == ("", "", 0)
    assert pulling.vendor.given == 2
    first, second = (request.headers["Authorization"] for request in pulling.vendor.graph.asked(USERS))
    assert first != second


def test_new_token_that_is_refused_too_ends_the_pull(pulling: Pulling) -> None:
    pulling.vendor.graph.faults[USERS] = [Answer({"error": {}}, 401)] * 2
    connection = pulling.connection()
    pulling.work_off()
    told = "The vendor took neither the token nor a new one."
    assert pulling.state(connection) == ("consent_missing", told, 1)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (7000215, "secret_wrong"),
        (7000222, "secret_expired"),
        (700016, "consent_missing"),
        (7000229, "consent_missing"),
        (90002, "tenant_unknown"),
        (53003, "unexpected"),
    ],
)
def test_refused_token_says_what_to_do(pulling: Pulling, code: int, problem: str) -> None:
    pulling.vendor.refusals[str(TENANT)] = (code, "invalid_client")
    connection = pulling.connection()
    pulling.work_off()
    assert pulling.state(connection) == (problem, f"AADSTS{code}", 1)


def test_unknown_tenant_is_told(pulling: Pulling) -> None:
    path = f"/{TENANT}/v2.0/.well-known/openid-configuration"
    pulling.vendor.login.routes[path] = Answer({"error": "invalid_tenant", "error_codes": [90002]}, 400)
    connection = pulling.connection()
    pulling.work_off()
    assert pulling.state(connection) == ("tenant_unknown", "", 1)


def test_sign_in_that_is_down_puts_the_pull_off(pulling: Pulling) -> None:
    pulling.vendor.login.faults[f"/{TENANT}/oauth2/v2.0/token"] = [Answer("busy", 503)] * 5
    connection = pulling.connection()
    pulling.work_off()
    assert (pulling.state(connection), pulling.slept) == (("unreachable", "", 1), FOUR_TIMES)


def test_sign_in_that_sends_the_secret_elsewhere_is_refused(pulling: Pulling) -> None:
    path = f"/{TENANT}/v2.0/.well-known/openid-configuration"
    elsewhere = f"https://{pulling.vendor.store.netloc}/{TENANT}"
    pulling.vendor.login.routes[path] = Answer(
        {
            "token_endpoint": f"{elsewhere}/token",
            "authorization_endpoint": f"{elsewhere}/authorize",
            "issuer": elsewhere,
        }
    )
    connection = pulling.connection()
    pulling.work_off()
    assert pulling.state(connection)[0] == "unsafe"
    assert pulling.vendor.store.requests == []


@pytest.mark.parametrize(("is_verified", "problem"), [(False, "consent_missing"), (True, "consent_withdrawn")])
def test_refused_list_means_that_the_consent_is_missing(pulling: Pulling, is_verified: bool, problem: str) -> None:
    connection = pulling.connection()
    if is_verified:
        pulling.work_off()
        Connection.objects.update(asked_at=timezone.now())
    body = {"error": {"code": "Authorization_RequestDenied", "message": "canary-message"}}
    pulling.vendor.graph.faults[USERS] = [Answer(body, 403)]
    pulling.work_off()
    assert pulling.state(connection) == (problem, "The vendor refused /v1.0/users.", 1)
    assert connection.asked_at is None
    assert pulling.work_off() == 0


@pytest.mark.parametrize(
    ("answer", "problem", "detail"),
    [
        (Answer("<html>", type="text/html"), "unexpected", "The answer is no JSON."),
        (Answer([1]), "unexpected", "The answer isn't built as documented: expected an object."),
        (Answer({"value": {}}), "unexpected", "subscribedSkus.json isn't built as documented."),
        (Answer(status=302, headers={"Location": "http://x.example/"}), "unexpected",
         "The vendor answered /v1.0/subscribedSkus with 302."),
        (Answer({"error": {"code": "Bad Request <canary>"}}, 400), "unexpected",
         "The vendor answered /v1.0/subscribedSkus with 400."),
        (Answer({"error": {"code": "BadRequest"}}, 400), "unexpected",
         "The vendor answered /v1.0/subscribedSkus with 400 BadRequest."),
    ],
    ids=["HTML", "no object", "no list", "redirect", "400 with a strange code", "400"],
)  # fmt: skip
def test_strange_answer_ends_the_pull(pulling: Pulling, answer: Answer, problem: str, detail: str) -> None:
    pulling.vendor.graph.routes[LIST] = answer
    connection = pulling.connection()
    pulling.work_off()
    assert (pulling.state(connection), pulling.slept) == ((problem, detail, 1), [])
    assert pulling.taken.files == []
    assert Pull.objects.get().outcome == "given_up"


@pytest.mark.parametrize("host", ["store", "path", "user", "port"])
def test_next_link_to_another_host_is_not_followed(pulling: Pulling, host: str) -> None:
    graph, store = pulling.vendor.graph, pulling.vendor.store
    link = {
        "store": f"{store.url}/v1.0/users?$skiptoken=2",
        "path": f"//{store.netloc}/v1.0/users",
        "user": f"http://name@{graph.netloc}/v1.0/users?$skiptoken=2",
        "port": "http://127.0.0.1:notaport/v1.0/users",
    }[host]
    graph.routes[USERS] = Answer(users(["ann"], link))
    connection = pulling.connection()
    pulling.work_off()
    assert pulling.state(connection) == ("unsafe", "A link of the answer leads to another host.", 1)
    assert len(graph.asked(USERS)) == 1
    assert store.requests == []


def test_pages_that_go_round_end_the_pull(pulling: Pulling) -> None:
    graph = pulling.vendor.graph
    second, third = (f"{graph.url}/v1.0/users?$skiptoken={number}" for number in (2, 3))
    graph.routes[USERS] = Answer(users(["ann"], second))
    graph.routes["/v1.0/users?$skiptoken=2"] = Answer(users(["bob"], third))
    graph.routes["/v1.0/users?$skiptoken=3"] = Answer(users(["cat"], second))
    connection = pulling.connection()
    pulling.work_off()
    assert pulling.state(connection) == ("unexpected", "The pages of users.json go round in a circle.", 1)
    assert len(graph.asked(USERS)) == 3


@pytest.mark.parametrize("location", ["", "ftp://x.example/report", "http://name:word@127.0.0.1:1/", "nowhere"])
def test_report_that_redirects_to_no_address_is_refused(pulling: Pulling, location: str) -> None:
    pulling.vendor.graph.routes[REPORT_PATH] = Answer(status=302, headers={"Location": location})
    connection = pulling.connection()
    pulling.work_off()
    assert pulling.state(connection) == ("unsafe", "The report's address is none: expected https.", 1)


def test_report_that_redirects_twice_is_refused(pulling: Pulling) -> None:
    store = pulling.vendor.store
    store.routes[f"/{REPORT}"] = Answer(status=302, headers={"Location": f"{store.url}/further"})
    connection = pulling.connection()
    pulling.work_off()
    assert pulling.state(connection) == ("unsafe", "The report's address leads to yet another one.", 1)
    assert store.asked("/further") == []


@pytest.mark.parametrize(("kind", "detail"), [("text/html", "The report is no CSV."), ("", "The report is no CSV.")])
def test_report_of_another_kind_is_refused(pulling: Pulling, kind: str, detail: str) -> None:
    pulling.vendor.store.routes[f"/{REPORT}"] = Answer("<html>", type=kind)
    connection = pulling.connection()
    pulling.work_off()
    assert pulling.state(connection) == ("unexpected", detail, 1)


def test_answer_that_is_too_large_ends_the_pull(pulling: Pulling, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("customers.connections.client.MOST_BYTES_OF_JSON", 2**20)
    pulling.vendor.graph.routes[LIST] = Answer(BYTE_ORDER_MARK + b" " * (2**20 + 1))
    connection = pulling.connection()
    pulling.work_off()
    assert pulling.state(connection) == ("too_large", "Expected at most 1 MB.", 1)


def test_one_failing_customer_stops_no_other(pulling: Pulling) -> None:
    pulling.vendor.refusals[str(OTHER_TENANT)] = (700016, "unauthorized_client")
    now = timezone.now()
    failing = pulling.connection(OTHER_TENANT, asked_at=now - timedelta(minutes=1))
    good = pulling.connection(TENANT)
    assert pulling.work_off() == 2
    assert pulling.state(failing) == ("consent_missing", "AADSTS700016", 1)
    assert pulling.state(good) == ("", "", 0)


def test_fault_of_our_own_stops_no_other(pulling: Pulling, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_handed: object) -> list[str]:
        raise ZeroDivisionError("canary-of-a-fault")

    first, second = pulling.connection(OTHER_TENANT), pulling.connection(TENANT)
    assert pulling.work_off(broken) == 2
    for connection in (first, second):
        assert pulling.state(connection) == ("unexpected", "", 1)
    assert [record.getMessage() for record in caplog.records] == ["a pull broke off"] * 2


def test_import_that_takes_nothing_is_told(pulling: Pulling) -> None:
    def refuse(_handed: object) -> list[str]:
        raise PullError(Problem.NOT_IMPORTED, "users.json: nothing of it is known")

    connection = pulling.connection()
    pulling.work_off(refuse)
    assert pulling.state(connection) == ("not_imported", "users.json: nothing of it is known", 1)
