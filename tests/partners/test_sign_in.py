"""Signing in by password, and what ends a session; nothing tells who is known."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse

from partners.models import AuditEntry, Staff
from partners.services.staff import deactivate, reactivate
from tests.partners.conftest import House
from tests.partners.door import LOGIN, MISMATCH, is_signed_in, sign_in
from tests.people import PASSWORD, make_operator, make_staff, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("email", ["sales_agent@nordwind.example", " Sales_Agent@NORDWIND.example"])
def test_sign_in_by_address_and_password(house: House, client: Client, email: str) -> None:
    response = sign_in(client, email)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert is_signed_in(client)
    house.sales_agent.refresh_from_db()
    assert house.sales_agent.last_login is not None


@pytest.mark.parametrize("email", ["sales_agent@nordwind.example", "nobody@nordwind.example"])
def test_wrong_password_and_unknown_address_answer_the_same(house: House, client: Client, email: str) -> None:
    response = sign_in(client, email, "wrong")
    assert response.status_code == 200
    assert MISMATCH in response.content.decode()
    assert not is_signed_in(client)


def test_unknown_address_costs_one_hash_like_a_known_one(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *given: hashed.append("x") or encode(*given))
    costs = []
    for email in ("sales_agent@nordwind.example", "nobody@nordwind.example"):
        hashed.clear()
        sign_in(Client(), email, "wrong")
        costs.append(len(hashed))
    assert costs == [1, 1]


def test_operator_signs_in_by_the_same_door(db: None, client: Client) -> None:
    operator = make_operator(email="root@seatwise.example")
    response = sign_in(client, operator.email)
    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert is_signed_in(client)


def test_inactive_person_is_refused_and_told(house: House, client: Client) -> None:
    Staff.objects.filter(pk=house.sales_agent.pk).update(is_active=False)
    response = sign_in(client, house.sales_agent.email)
    assert (response.status_code, response["Location"]) == (302, "/account/inactive/")
    assert not is_signed_in(client)
    assert MISMATCH in sign_in(client, house.sales_agent.email, "wrong").content.decode()


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_set_password", "account_confirm_email"])
def test_no_other_way_in_exists(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("path", ["/account/signup/", "/account/email/", "/account/password/set/"])
def test_nobody_signs_up(db: None, client: Client, path: str) -> None:
    assert client.post(path, {"email": "x@y.example", "password1": PASSWORD, "password2": PASSWORD}).status_code == 404


def test_pages_are_shut_to_whoever_is_not_signed_in(db: None, client: Client) -> None:
    response = client.get("/staff/")
    assert (response.status_code, response["Location"]) == (302, "/account/login/?next=/staff/")


def test_no_other_host_is_gone_to_after_signing_in(house: House, client: Client) -> None:
    response = client.post(
        LOGIN, {"login": house.sales_agent.email, "password": PASSWORD, "next": "https://elsewhere.example/"}
    )
    assert response["Location"] == "/"


def test_language_of_the_person_is_spoken_after_signing_in(house: House, client: Client) -> None:
    Staff.objects.filter(pk=house.sales_agent.pk).update(language="nl")
    sign_in(client, house.sales_agent.email)
    assert client.cookies["django_language"].value == "nl"


def test_door_pages_ask_the_database_little(house: House, client: Client, django_assert_num_queries: Callable) -> None:
    with django_assert_num_queries(0):
        assert client.get(LOGIN).status_code == 200


def test_person_without_a_partner_signs_in_and_finds_every_door_shut(db: None, client: Client) -> None:
    nobody = make_staff(None)
    sign_in(client, nobody.email)
    assert is_signed_in(client)
    assert [client.get(path).status_code for path in ("/staff/", "/profile/", "/settings/")] == [403, 403, 403]


def test_deactivation_ends_sessions_and_reactivation_does_not_revive_them(house: House) -> None:
    browser = signed_in(house.sales_agent)
    assert browser.get("/profile/").status_code == 200
    deactivate(actor=house.global_admin, staff=house.sales_agent)
    assert browser.get("/profile/").status_code == 302
    second = signed_in(house.admin_agent)
    deactivate(actor=house.global_admin, staff=house.admin_agent)
    reactivate(actor=house.global_admin, staff=house.admin_agent)
    assert second.get("/profile/").status_code == 302


def test_changing_the_password_ends_other_sessions_only(house: House) -> None:
    here, elsewhere = signed_in(house.sales_agent), signed_in(house.sales_agent)
    new = "another horse battery"
    response = here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (response.status_code, response["Location"]) == (302, "/profile/")
    assert (here.get("/profile/").status_code, elsewhere.get("/profile/").status_code) == (200, 302)
    assert AuditEntry.objects.get().action == "staff.password"
    assert [(message.to, message.subject) for message in mail.outbox] == [
        ([house.sales_agent.email], "Your password for Seatwise was changed")
    ]


def test_changing_the_password_needs_the_present_one(house: House) -> None:
    new = "another horse battery"
    response = signed_in(house.sales_agent).post(
        "/account/password/change/", {"oldpassword": "wrong", "password1": new, "password2": new}
    )
    assert response.status_code == 200
    house.sales_agent.refresh_from_db()
    assert house.sales_agent.check_password(PASSWORD)
