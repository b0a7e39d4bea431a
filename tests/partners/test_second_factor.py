"""The second factor: set up, asked for, demanded, and what opens without it."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from partners.permissions import Role
from tests.partners.conftest import House
from tests.partners.door import LOCKED, code_of, is_signed_in, set_up, sign_in
from tests.people import PASSWORD, make_operator, make_staff, signed_in

pytestmark = pytest.mark.django_db


def test_second_factor_is_asked_for_at_sign_in_and_recovery_codes_stand_in(house: House, client: Client) -> None:
    browser = signed_in(house.sales_agent)
    secret = set_up(browser)
    stored = Authenticator.objects.get(user=house.sales_agent, type="totp")
    assert secret not in stored.data["secret"]
    codes = browser.get("/account/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10

    response = sign_in(client, house.sales_agent.email)
    assert (response["Location"], is_signed_in(client)) == ("/account/2fa/authenticate/", False)
    assert client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert not is_signed_in(client)
    client.post("/account/2fa/authenticate/", {"code": codes[0]})
    assert is_signed_in(client)

    second = Client()
    sign_in(second, house.sales_agent.email)
    second.post("/account/2fa/authenticate/", {"code": codes[0]})
    assert not is_signed_in(second)
    second.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert is_signed_in(second)


def test_wrong_codes_are_counted(house: House, client: Client) -> None:
    secret = set_up(signed_in(house.sales_agent))
    sign_in(client, house.sales_agent.email)
    for _ in range(5):
        client.post("/account/2fa/authenticate/", {"code": "000000"})
    response = client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert "Too many wrong codes. Try again in five minutes." in response.content.decode()
    assert not is_signed_in(client)


def test_setting_up_asks_for_the_password_once_more(house: House) -> None:
    browser = signed_in(house.sales_agent)
    response = browser.get("/account/2fa/totp/activate/")
    assert response["Location"] == "/account/reauthenticate/?next=%2Faccount%2F2fa%2Ftotp%2Factivate%2F"
    for _ in range(5):
        assert browser.post("/account/reauthenticate/", {"password": "wrong"}).status_code == 200
    response = browser.post("/account/reauthenticate/", {"password": PASSWORD})
    assert LOCKED in response.content.decode()


def test_partner_that_demands_it_keeps_whoever_has_none_to_the_setting_up(house: House) -> None:
    browser = signed_in(house.global_admin)
    browser.post("/settings/", {"second_factor_required": "on"})
    response = browser.get("/staff/", headers={"accept": "text/html"})
    assert (response.status_code, response["Location"]) == (302, "/account/2fa/totp/activate/")
    assert browser.post("/settings/", {}).status_code == 403
    assert browser.get("/staff/").status_code == 403
    assert browser.get("/profile/").status_code == 200
    set_up(browser)
    assert browser.get("/staff/").status_code == 200
    refused = browser.post("/account/2fa/totp/deactivate/")
    assert "You cannot deactivate two-factor authentication." in refused.content.decode()
    assert Authenticator.objects.filter(user=house.global_admin, type="totp").count() == 1


def test_demand_of_one_partner_is_not_another_partners(house: House, neighbours: House) -> None:
    signed_in(house.global_admin).post("/settings/", {"second_factor_required": "on"})
    assert signed_in(neighbours.global_admin).get("/staff/").status_code == 200
    assert signed_in(make_staff(house.partner, Role.USER_ADMIN)).get("/staff/").status_code == 403


def test_second_factor_of_another_secret_key_opens_nothing(house: House, settings, client: Client) -> None:
    secret = set_up(signed_in(house.sales_agent))
    settings.SECRET_KEY = "another one"
    sign_in(client, house.sales_agent.email)
    client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert not is_signed_in(client)


def test_operators_work_without_one_unless_the_installation_demands_it(settings) -> None:
    operator = make_operator()
    browser = signed_in(operator)
    assert browser.get("/admin/", headers={"accept": "text/html"}).status_code == 200
    settings.SEATWISE_OPERATORS_SECOND_FACTOR = True
    response = browser.get("/admin/", headers={"accept": "text/html"})
    assert (response.status_code, response["Location"]) == (302, "/account/2fa/totp/activate/")
    refused = browser.post("/admin/partners/partner/add/", {})
    assert refused.status_code == 403
    assert "This installation demands a second factor of its operators" in refused.content.decode()
    set_up(browser)
    assert browser.get("/admin/", headers={"accept": "text/html"}).status_code == 200


def test_what_operators_must_do_is_not_demanded_of_staff(house: House, settings) -> None:
    settings.SEATWISE_OPERATORS_SECOND_FACTOR = True
    assert signed_in(house.sales_agent).get("/profile/").status_code == 200
