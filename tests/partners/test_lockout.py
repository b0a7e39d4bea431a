"""Guessing at passwords: counted, stopped, and never a way to keep somebody out."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

import pytest
from django.core.cache import caches
from django.test import Client
from redis.exceptions import ConnectionError as NoCacheError

from partners.sign_in import lockout
from tests.partners.conftest import House
from tests.partners.door import LOCKED, fail, is_signed_in, sign_in
from tests.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("email", ["sales_agent@nordwind.example", "nobody@nordwind.example"])
def test_five_failures_lock_out_and_say_how_long(house: House, client: Client, email: str) -> None:
    fail(client, email, 5)
    assert LOCKED in sign_in(client, email).content.decode()
    assert not is_signed_in(client)


def test_lockout_counts_whatever_the_spelling_and_the_network_address(house: House) -> None:
    for number, email in enumerate(("sales_agent@nordwind.example", "SALES_AGENT@nordwind.example ") * 2):
        fail(Client(), email, 1, REMOTE_ADDR=f"192.0.2.{number}")
    fail(Client(), "Sales_agent@nordwind.example", 1)
    assert LOCKED in sign_in(Client(), "sales_agent@nordwind.example").content.decode()


def test_lockout_is_of_one_account_only(house: House, client: Client) -> None:
    fail(client, house.sales_agent.email, 5)
    sign_in(client, house.admin_agent.email)
    assert is_signed_in(client)


def test_success_gives_its_own_attempt_back_and_no_other(house: House) -> None:
    fail(Client(), house.sales_agent.email, 4)
    for _ in range(3):
        client = Client()
        sign_in(client, house.sales_agent.email)
        assert is_signed_in(client)
    fail(Client(), house.sales_agent.email, 1)
    assert LOCKED in sign_in(Client(), house.sales_agent.email).content.decode()


def test_lockout_ends_five_minutes_after_the_failures_and_trying_on_adds_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lockout, "WINDOW", 1)
    fail(Client(), house.sales_agent.email, 5)
    sign_in(Client(), house.sales_agent.email)
    time.sleep(1.1)
    client = Client()
    sign_in(client, house.sales_agent.email)
    assert is_signed_in(client)


def test_outsider_cannot_lock_out_a_browser_that_has_signed_in_before(house: House, client: Client) -> None:
    sign_in(client, house.sales_agent.email)
    client.post("/account/logout/")
    assert not is_signed_in(client)
    fail(Client(), house.sales_agent.email, 5)
    assert LOCKED in sign_in(Client(), house.sales_agent.email).content.decode()
    sign_in(client, house.sales_agent.email)
    assert is_signed_in(client)


def test_known_browser_is_locked_out_by_its_own_failures_only(house: House, client: Client) -> None:
    sign_in(client, house.sales_agent.email)
    client.post("/account/logout/")
    fail(client, house.sales_agent.email, 5)
    assert LOCKED in sign_in(client, house.sales_agent.email).content.decode()
    other = Client()
    sign_in(other, house.sales_agent.email)
    assert is_signed_in(other)


def test_cookie_of_a_known_browser_is_worth_nothing_for_another_account(house: House, client: Client) -> None:
    sign_in(client, house.sales_agent.email)
    client.post("/account/logout/")
    fail(Client(), house.global_admin.email, 5)
    assert LOCKED in sign_in(client, house.global_admin.email).content.decode()


def test_forged_cookie_is_worth_nothing(house: House, client: Client) -> None:
    client.cookies["seatwise_device"] = "e30:1abc:forged"
    fail(client, house.sales_agent.email, 5)
    client.cookies["seatwise_device"] = "e30:1abc:another"
    assert LOCKED in sign_in(client, house.sales_agent.email).content.decode()


def test_cookie_of_a_known_browser_names_nobody_and_is_not_for_scripts(house: House, client: Client) -> None:
    sign_in(client, house.sales_agent.email)
    cookie = client.cookies["seatwise_device"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 365 * 24 * 60 * 60)
    assert "nordwind" not in cookie.value


def test_one_network_address_fails_thirty_times_over_all_accounts(house: House) -> None:
    for number in range(30):
        fail(Client(), f"nobody-{number}@nordwind.example", 1)
    assert LOCKED in sign_in(Client(), house.sales_agent.email).content.decode()
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    sign_in(elsewhere, house.sales_agent.email)
    assert is_signed_in(elsewhere)


def test_forwarded_addresses_are_not_believed_without_a_proxy_of_our_own(house: House) -> None:
    for number in range(30):
        fail(Client(), f"nobody-{number}@nordwind.example", 1, HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
    response = sign_in(Client(), house.sales_agent.email, HTTP_X_FORWARDED_FOR="192.0.2.99")
    assert LOCKED in response.content.decode()


def test_attempts_are_counted_before_they_end(db: None) -> None:
    taken = [lockout.begin_attempt(account="a@b.example", device=None, address="192.0.2.1") for _ in range(5)]
    with pytest.raises(lockout.LockedOutError) as error:
        lockout.begin_attempt(account="a@b.example", device=None, address="192.0.2.1")
    assert 299 <= error.value.seconds <= 300
    taken[0].succeeded()
    lockout.begin_attempt(account="A@B.example", device=None, address="192.0.2.1")


def test_attempts_at_once_cannot_pass_together(db: None) -> None:
    start, passed = threading.Barrier(20), []

    def attempt() -> None:
        start.wait(timeout=10)
        with suppress(lockout.LockedOutError):
            passed.append(lockout.begin_attempt(account="a@b.example", device=None, address="192.0.2.1"))
        for pool in caches["default"]._cache._pools.values():
            pool.disconnect()

    threads = [threading.Thread(target=attempt) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 5


def test_door_stays_shut_while_the_cache_is_down(house: House, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = signed_in(house.sales_agent)

    def down(*_given: object) -> None:
        raise NoCacheError

    monkeypatch.setattr(type(caches["default"]), "get_many", down)
    response = sign_in(client, house.sales_agent.email)
    assert response.status_code == 503
    assert "Signing in isn't possible at the moment" in response.content.decode()
    assert not is_signed_in(client)
    assert inside.get("/profile/").status_code == 200
