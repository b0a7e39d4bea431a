"""What stands in the mails about one's own account."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from partners.models import AuditEntry
from tests.partners.conftest import House
from tests.partners.door import confirm_password, set_up
from tests.people import PASSWORD, signed_in

pytestmark = pytest.mark.django_db

BROWSER = "Mozilla/5.0"
FROM_HERE = (
    "\n\nThis came from the network address 127.0.0.1 with the browser Mozilla/5.0. If it wasn't you, set a new password "
    "at once and tell whoever manages your company's staff in Seatwise.\n\n-- \nSeatwise"
)


def told() -> list[tuple[list[str], str, str, str]]:
    return [(message.to, message.from_email, message.subject, message.body) for message in mail.outbox]


@pytest.fixture
def browser(house: House) -> Client:
    client = signed_in(house.sales_agent)
    client.defaults["HTTP_USER_AGENT"] = BROWSER
    return client


def expected(subject: str, text: str) -> tuple[list[str], str, str, str]:
    return (["sales_agent@nordwind.example"], "seatwise@localhost", subject, text + FROM_HERE)


def test_mail_with_the_link_of_a_reset(house: House, client: Client) -> None:
    client.post("/account/password/reset/", {"email": house.sales_agent.email})
    ((to, sender, subject, body),) = told()
    assert (to, sender, subject) == (
        ["sales_agent@nordwind.example"],
        "seatwise@localhost",
        "Set a new password for Seatwise",
    )
    assert re.sub(r"key/\S+", "key/...", body) == (
        "Somebody, probably you, asked for a new password for your account. Set it here:\n\n"
        "http://testserver/account/password/reset/key/...\n\n"
        "The link works once, and for one day. If you didn't ask for it, there is nothing to do: your password stays as it "
        "is.\n\n-- \nSeatwise"
    )


def test_mail_to_an_unknown_address(house: House, client: Client) -> None:
    client.post("/account/password/reset/", {"email": "nobody@nordwind.example"})
    assert told() == [
        (
            ["nobody@nordwind.example"],
            "seatwise@localhost",
            "No account with this address on Seatwise",
            (
                "Somebody, probably you, asked for a new password for nobody@nordwind.example. There is no active account "
                "with this address. You may have another one, or need an invitation by whoever manages your company's "
                "staff in Seatwise.\n\nIf you didn't ask for it, there is nothing to do.\n\n-- \nSeatwise"
            ),
        )
    ]


def test_mail_of_a_changed_password(browser: Client) -> None:
    new = "another horse battery"
    browser.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert told() == [expected("Your password for Seatwise was changed", "The password of your account was changed.")]


@pytest.mark.django_db(transaction=True)
def test_mails_and_audit_of_a_second_factor(house: House, browser: Client) -> None:
    set_up(browser)
    browser.post("/account/2fa/recovery-codes/generate/")
    confirm_password(browser, "/account/2fa/totp/deactivate/")
    browser.post("/account/2fa/totp/deactivate/")
    assert told() == [
        expected(
            "A second factor was set up for Seatwise",
            "An authenticator app was set up as the second factor of your account.",
        ),
        expected(
            "New recovery codes for Seatwise",
            "New recovery codes were made for your account; the old ones no longer work.",
        ),
        expected(
            "The second factor for Seatwise was removed",
            "The second factor of your account was removed: the password alone opens it now.",
        ),
    ]
    assert list(AuditEntry.objects.order_by("id").values_list("action", "actor", "partner")) == [
        (action, house.sales_agent.pk, house.partner.pk)
        for action in ("staff.set_up_second_factor", "staff.remove_own_second_factor")
    ]


def test_change_stands_also_where_its_mail_cannot_be_sent(house: House, browser: Client, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    new = "another horse battery"
    response = browser.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert response.status_code == 302
    house.sales_agent.refresh_from_db()
    assert house.sales_agent.check_password(new)
