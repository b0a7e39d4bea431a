"""A new password by mail: the same answer for everybody, one link that works once."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from partners.models import AuditEntry, Staff
from tests.partners.conftest import House
from tests.partners.door import fail, is_signed_in, link_in, sign_in
from tests.people import make_operator, signed_in

pytestmark = pytest.mark.django_db


def test_reset_answers_the_same_for_known_unknown_and_inactive(house: House) -> None:
    Staff.objects.filter(pk=house.admin_agent.pk).update(is_active=False)
    answers = []
    for email in (house.sales_agent.email, "nobody@nordwind.example", house.admin_agent.email):
        response = Client().post("/account/password/reset/", {"email": email}, follow=True)
        answers.append((response.redirect_chain, re.sub(r'"[^"]{40,}"', "", response.content.decode())))
    assert answers[0] == answers[1] == answers[2]
    assert [(message.to, message.subject) for message in mail.outbox] == [
        (["sales_agent@nordwind.example"], "Set a new password for Seatwise"),
        (["nobody@nordwind.example"], "No account with this address on Seatwise"),
        (["admin_agent@nordwind.example"], "No account with this address on Seatwise"),
    ]


def reset(client: Client, path: str, password: str):
    form = client.get(path, follow=True)
    return client.post(form.redirect_chain[-1][0], {"password1": password, "password2": password})


def test_reset_by_mail_works_once_and_makes_the_browser_known(house: House, client: Client) -> None:
    old = signed_in(house.sales_agent)
    client.post("/account/password/reset/", {"email": house.sales_agent.email.upper()})
    path = link_in(mail.outbox[0].body)
    fail(Client(), house.sales_agent.email, 5)
    assert reset(client, path, "another horse battery").status_code == 302
    assert not is_signed_in(client)
    assert old.get("/profile/").status_code == 302
    sign_in(client, house.sales_agent.email, "another horse battery")
    assert is_signed_in(client)
    assert "This link leads nowhere any more" in Client().get(path).content.decode()
    assert list(AuditEntry.objects.values_list("action", "actor")) == [("staff.password", house.sales_agent.pk)]


def test_reset_works_for_an_operator(db: None, client: Client) -> None:
    operator = make_operator(email="root@seatwise.example")
    client.post("/account/password/reset/", {"email": operator.email})
    assert reset(client, link_in(mail.outbox[0].body), "another horse battery").status_code == 302
    operator.refresh_from_db()
    assert operator.check_password("another horse battery")


def test_reset_tells_the_same_when_the_mail_server_is_down(
    house: House, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    statuses = [
        Client().post("/account/password/reset/", {"email": email}).status_code
        for email in (house.sales_agent.email, "nobody@nordwind.example")
    ]
    assert statuses == [503, 503]
