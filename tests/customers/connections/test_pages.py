"""The pages of connections: what they say, what they ask for, and for whom they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from customers.connections.secrets import opened
from customers.models import Application, Connection, Pull, PulledPart
from partners.models import AuditEntry
from partners.permissions import Role
from tests.customers.connections.conftest import Pulling
from tests.customers.connections.vendor import CLIENT, DIRECTORY, OTHER_TENANT, SECRET, TENANT
from tests.people import make_partner, make_staff, signed_in

LIST = "/settings/connections/"
APPLICATION = "/settings/connections/application/"


@pytest.fixture
def browser(pulling: Pulling) -> Client:
    return signed_in(pulling.admin)


def page_of(connection: Connection) -> str:
    return f"{LIST}{connection.pk}/"


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize("role", [Role.USER_ADMIN, Role.ADMIN_AGENT, Role.SALES_AGENT])
def test_pages_are_for_global_admins(pulling: Pulling, role: Role) -> None:
    connection = pulling.connection()
    other = signed_in(make_staff(pulling.us, role))
    for address in (LIST, APPLICATION, page_of(connection)):
        assert other.get(address).status_code == 403
        assert other.post(address, {"act": "remove"}).status_code == 403
    assert Connection.objects.count() == Application.objects.count() == 1


def test_another_partners_connection_isnt_there(pulling: Pulling) -> None:
    connection = pulling.connection()
    other = signed_in(make_staff(make_partner(), Role.GLOBAL_ADMIN))
    for answer in (other.get(page_of(connection)), other.post(page_of(connection), {"act": "remove"})):
        assert answer.status_code == 404
    assert Connection.objects.count() == 1


def test_list_says_what_to_do_about_each(pulling: Pulling, browser: Client) -> None:
    pulling.connection(asked_at=None)
    pulling.connection(OTHER_TENANT, problem="consent_withdrawn", verified_at=timezone.now(), asked_at=None)
    pulling.connection(DIRECTORY, kind="partner_center", verified_at=timezone.now(), asked_at=None)
    page = text(browser.get(LIST))
    for words in (
        "Waits for the consent",
        "The consent was withdrawn",
        "Ask the customer&#x27;s administrator to open the link for the consent again.",
        "Works",
        "it is pulled every night",
    ):
        assert words in page
    assert "Connect Partner Center" not in page


def test_list_takes_the_same_queries_for_one_and_for_three(
    pulling: Pulling, browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pulling.connection()
    browser.get(LIST)
    with django_assert_num_queries(6):
        browser.get(LIST)
    pulling.connection(OTHER_TENANT)
    pulling.connection(DIRECTORY, kind="partner_center")
    with django_assert_num_queries(6):
        browser.get(LIST)


def test_customer_is_connected(pulling: Pulling, browser: Client) -> None:
    answer = browser.post(LIST, {"act": "connect", "tenant_id": f"{{{str(TENANT).upper()}}}"})
    added = Connection.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page_of(added))
    assert (added.partner, added.kind, added.tenant_id, added.asked_at) == (pulling.us, "graph", TENANT, None)
    page = text(browser.get(page_of(added)))
    assert f"{pulling.vendor.login.url}/{TENANT}/v2.0/adminconsent?" in page
    assert AuditEntry.objects.get().action == "connection.add"


def test_partner_center_is_connected_and_pulled(pulling: Pulling, browser: Client) -> None:
    browser.post(LIST, {"act": "partner_center"})
    added = Connection.objects.get()
    assert (added.kind, added.tenant_id) == ("partner_center", DIRECTORY)
    assert pulling.work_off() == 1
    assert pulling.state(added) == ("", "", 0)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"act": "connect", "tenant_id": "fabrikam.example"}, "expected 32 hexadecimal digits"),
        ({"act": "connect"}, "This field is required."),
        ({"act": "connect", "tenant_id": str(TENANT)}, "You have a connection with this tenant already."),
        ({"act": "nothing"}, "act: expected one of connect, partner_center."),
        ({}, "act: expected one of connect, partner_center."),
    ],
)
def test_connection_that_cant_be_is_refused(
    pulling: Pulling, browser: Client, data: dict[str, str], words: str
) -> None:
    pulling.connection()
    assert words in text(browser.post(LIST, data), 400)
    assert Connection.objects.count() == 1


def test_partner_center_needs_an_application_and_comes_once(pulling: Pulling, browser: Client) -> None:
    browser.post(LIST, {"act": "partner_center"})
    again = browser.post(LIST, {"act": "partner_center"})
    assert "You have a connection with this tenant already." in text(again, 400)
    Application.objects.all().delete()
    assert "Register your application first." in text(browser.post(LIST, {"act": "partner_center"}), 400)


def test_pull_is_asked_for(pulling: Pulling, browser: Client) -> None:
    connection = pulling.connection(asked_at=None, not_before=timezone.now(), problem="unexpected")
    assert browser.post(page_of(connection), {"act": "pull"})["Location"] == page_of(connection)
    connection.refresh_from_db()
    assert (connection.asked_at is None, connection.not_before) == (False, None)


def test_vendors_wish_to_wait_holds_for_pulls_that_are_asked_for(pulling: Pulling, browser: Client) -> None:
    until = timezone.now()
    connection = pulling.connection(asked_at=None, not_before=until, problem="throttled")
    browser.post(page_of(connection), {"act": "pull"})
    connection.refresh_from_db()
    assert connection.not_before == until


def test_running_pull_shows_how_far_it_is(pulling: Pulling, browser: Client) -> None:
    connection = pulling.connection(claimed_until=timezone.now() + timedelta(minutes=1))
    Pull.objects.create(connection=connection, day="2026-03-10", planned=5, fetched=["a", "b"])
    page = text(browser.get(page_of(connection)))
    for words in ("Is being pulled", "2 of 5 files are here.", 'value="2" max="5"', 'hx-trigger="every 3s"'):
        assert words in page
    assert "(2 of 5 files)" in text(browser.get(LIST))


def test_links_given_away_are_made_useless(pulling: Pulling, browser: Client) -> None:
    connection = pulling.connection(asked_at=None)
    before = connection.nonce
    browser.post(page_of(connection), {"act": "link"})
    connection.refresh_from_db()
    assert connection.nonce != before


def test_connection_is_removed_with_what_was_pulled(pulling: Pulling, browser: Client) -> None:
    connection = pulling.connection()
    pull = Pull.objects.create(connection=connection, day="2026-03-10")
    PulledPart.objects.create(pull=pull, file="users.json", number=0, content=b"")
    assert browser.post(page_of(connection), {"act": "remove"})["Location"] == LIST
    assert (Connection.objects.count(), Pull.objects.count(), PulledPart.objects.count()) == (0, 0, 0)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id) == ("connection.remove", str(TENANT))


def test_unknown_act_is_refused(pulling: Pulling, browser: Client) -> None:
    connection = pulling.connection()
    assert "act: expected one of pull, link, remove." in text(browser.post(page_of(connection), {"act": "x"}), 400)
    assert "act: expected one of save, remove." in text(browser.post(APPLICATION, {"act": "x"}), 400)


def test_application_is_kept_and_its_secret_never_shown(pulling: Pulling, browser: Client) -> None:
    Application.objects.all().delete()
    said = {"act": "save", "directory_id": str(DIRECTORY), "client_id": str(CLIENT), "secret": SECRET}
    assert browser.post(APPLICATION, said)["Location"] == LIST
    stored = Application.objects.get()
    assert (stored.partner, stored.directory_id, stored.client_id) == (pulling.us, DIRECTORY, CLIENT)
    assert opened(stored.sealed_secret) == SECRET
    page = text(browser.get(APPLICATION))
    assert (SECRET in page, stored.sealed_secret in page, str(CLIENT) in page) == (False, False, True)
    assert "http://testserver/connections/consent/" in page
    entry = AuditEntry.objects.get()
    assert entry.before is None
    assert entry.after == {"directory_id": str(DIRECTORY), "client_id": str(CLIENT), "secret_replaced": True}


def test_secret_of_a_refused_form_isnt_shown_again(pulling: Pulling, browser: Client) -> None:
    said = {"act": "save", "directory_id": "x", "client_id": str(CLIENT), "secret": SECRET}
    assert SECRET not in text(browser.post(APPLICATION, said), 400)


def test_secret_may_stay_when_the_rest_changes(pulling: Pulling, browser: Client) -> None:
    before = Application.objects.get().sealed_secret
    verified = pulling.connection(asked_at=None, verified_at=timezone.now())
    center = pulling.connection(DIRECTORY, kind="partner_center", asked_at=None)
    other, directory = uuid4(), uuid4()
    browser.post(APPLICATION, {"act": "save", "directory_id": str(directory), "client_id": str(other), "secret": ""})
    stored = Application.objects.get()
    assert (stored.client_id, stored.sealed_secret) == (other, before)
    verified.refresh_from_db()
    center.refresh_from_db()
    assert (verified.verified_at, verified.asked_at is None, center.tenant_id) == (None, False, directory)


def test_new_secret_tries_again_what_had_failed_for_it(pulling: Pulling, browser: Client) -> None:
    failed = pulling.connection(asked_at=None, problem="secret_expired")
    other = pulling.connection(OTHER_TENANT, asked_at=None, problem="consent_missing")
    said = {"act": "save", "directory_id": str(DIRECTORY), "client_id": str(CLIENT), "secret": "new"}
    browser.post(APPLICATION, said)
    failed.refresh_from_db()
    other.refresh_from_db()
    assert (failed.problem, failed.asked_at is None) == ("", False)
    assert (other.problem, other.asked_at) == ("consent_missing", None)


def test_first_application_needs_a_secret(pulling: Pulling, browser: Client) -> None:
    Application.objects.all().delete()
    said = {"act": "save", "directory_id": str(DIRECTORY), "client_id": str(CLIENT)}
    assert "This field is required." in text(browser.post(APPLICATION, said), 400)


def test_application_is_forgotten(pulling: Pulling, browser: Client) -> None:
    connection = pulling.connection()
    browser.post(APPLICATION, {"act": "remove"})
    assert Application.objects.count() == 0
    pulling.work_off()
    assert pulling.state(connection) == ("no_application", "", 1)
    page = text(browser.get(page_of(connection)))
    assert "adminconsent" not in page


def test_without_a_key_connections_are_off_and_the_pages_say_so(
    pulling: Pulling, browser: Client, settings: Settings
) -> None:
    settings.SEATWISE_KEYS = []
    words = "Connections are off: this installation has no key that keeps their secrets."
    for address in (LIST, APPLICATION):
        assert words in text(browser.get(address))
    said = {"act": "save", "directory_id": str(DIRECTORY), "client_id": str(CLIENT), "secret": "new"}
    assert "This installation has no key for secrets" in text(browser.post(APPLICATION, said), 400)
