"""Invitations: who may send them, what they tell, and how somebody joins."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.utils import timezone

from partners.failures import WrongStateError
from partners.mail import MailError
from partners.models import AuditEntry, Invitation, Staff
from partners.permissions import Role
from partners.services.invitations import InvitationGoneError, accept, invitation_of, invite, withdraw
from partners.services.staff import change_roles, deactivate
from tests.partners.conftest import House
from tests.people import PASSWORD, make_staff, signed_in

pytestmark = pytest.mark.django_db

NEW = "eve@nordwind.example"
secrets: list[str] = []


def link(secret: str) -> str:
    secrets.append(secret)
    return f"https://seatwise.example/{secret}"


def invited(actor: Staff, *roles: Role, email: str = NEW) -> str:
    invite(actor=actor, email=email, roles=roles or [Role.SALES_AGENT], link=link)
    return secrets[-1]


def joined(secret: str, **fields: str) -> Staff:
    return accept(**{"secret": secret, "first_name": "Eve", "last_name": "Lund", "password": PASSWORD} | fields)


@pytest.mark.parametrize("role", [Role.GLOBAL_ADMIN, Role.USER_ADMIN])
def test_manager_of_staff_invites_and_the_person_joins(house: House, role: Role) -> None:
    secret = invited(house.of(role), Role.SALES_AGENT, Role.ADMIN_AGENT, email=" Eve@NORDWIND.example ")
    assert Staff.objects.filter(email__iexact=NEW).count() == 0
    eve = joined(secret)
    assert (eve.email, eve.partner, eve.roles) == (
        "Eve@nordwind.example",
        house.partner,
        ["admin_agent", "sales_agent"],
    )
    assert (eve.get_full_name(), eve.is_active, eve.is_superuser) == ("Eve Lund", True, False)
    assert eve.check_password(PASSWORD)
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("role", [Role.ADMIN_AGENT, Role.SALES_AGENT])
def test_others_invite_nobody(house: House, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        invited(house.of(role))
    assert (mail.outbox, Invitation.objects.count()) == ([], 0)


def test_only_a_global_admin_invites_a_global_admin(house: House) -> None:
    with pytest.raises(PermissionDenied):
        invited(house.user_admin, Role.GLOBAL_ADMIN)
    invited(house.global_admin, Role.GLOBAL_ADMIN)
    with pytest.raises(PermissionDenied):
        invited(house.user_admin, Role.SALES_AGENT)
    with pytest.raises(PermissionDenied):
        withdraw(actor=house.user_admin, invitation=Invitation.objects.get())
    assert Invitation.objects.get().roles == ["global_admin"]


def test_mail_of_an_invitation(house: House) -> None:
    secret = invited(house.user_admin)
    (message,) = mail.outbox
    assert (message.to, message.subject) == ([NEW], "Nordwind invites you to Seatwise")
    assert message.body == (
        "user_admin@nordwind.example of Nordwind invites you to Seatwise, where Nordwind sees whether its customers use "
        "the licences it sold them.\n\nChoose a password here, and you are in:\n\n"
        f"https://seatwise.example/{secret}\n\n"
        "The link works once, and for 7 days. If you don't know Nordwind, there is nothing to do.\n\n-- \nSeatwise\n"
    )


def test_known_address_gets_another_mail_and_nothing_else_differs(house: House, neighbours: House) -> None:
    invited(house.user_admin, email=NEW)
    invited(house.user_admin, email="SALES_agent@sud.example")
    known = mail.outbox[1]
    assert (known.to, known.subject) == (["sales_agent@sud.example"], "Nordwind wanted to invite you to Seatwise")
    assert "Nordwind wasn't told that you have an account." in known.body
    assert "http" not in known.body
    rows = list(Invitation.objects.order_by("id").values("partner", "roles", "invited_by"))
    assert rows[0] == rows[1]
    entries = list(
        AuditEntry.objects.order_by("id").values("action", "actor", "partner", "object_type", "before", "kind")
    )
    assert entries[0] == entries[1]
    assert AuditEntry.objects.order_by("id").last().after["email"] == "SALES_agent@sud.example"
    with pytest.raises(InvitationGoneError):
        joined(secrets[-1])
    assert Staff.objects.get(email="sales_agent@sud.example").partner == neighbours.partner


def test_secret_is_nowhere_kept(house: House) -> None:
    secret = invited(house.user_admin)
    kept = f"{Invitation.objects.values().get()}{AuditEntry.objects.values().get()}"
    assert secret not in kept


def test_inviting_again_replaces_the_first(house: House) -> None:
    first = invited(house.user_admin)
    second = invited(house.user_admin, Role.ADMIN_AGENT, email=NEW.upper())
    with pytest.raises(InvitationGoneError):
        invitation_of(first)
    assert invitation_of(second).roles == ["admin_agent"]
    assert Invitation.objects.count() == 1


def test_two_partners_may_invite_the_same_person_who_joins_one(house: House, neighbours: House) -> None:
    first, second = invited(house.user_admin), invited(neighbours.user_admin)
    assert joined(second).partner == neighbours.partner
    with pytest.raises(InvitationGoneError):
        joined(first)


def test_link_works_once_for_seven_days_and_not_after_withdrawal(house: House) -> None:
    secret = invited(house.user_admin)
    invitation = Invitation.objects.get()
    assert timedelta(days=6, hours=23) < invitation.expires_at - timezone.now() <= timedelta(days=7)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(InvitationGoneError):
        invitation_of(secret)
    secret = invited(house.user_admin)
    withdraw(actor=house.global_admin, invitation=Invitation.objects.get())
    with pytest.raises(InvitationGoneError):
        invitation_of(secret)
    secret = invited(house.user_admin)
    joined(secret)
    with pytest.raises(InvitationGoneError):
        joined(secret)
    assert [entry.action for entry in AuditEntry.objects.order_by("id")] == [
        "staff.invite",
        "staff.invite",
        "staff.withdraw_invitation",
        "staff.invite",
        "staff.join",
    ]


def test_invitation_is_worth_what_its_sender_may_still_grant(house: House) -> None:
    second = make_staff(house.partner, Role.GLOBAL_ADMIN)
    secret = invited(second, Role.GLOBAL_ADMIN)
    change_roles(actor=house.global_admin, staff=second, roles=[Role.USER_ADMIN])
    with pytest.raises(InvitationGoneError):
        joined(secret)
    secret = invited(house.user_admin, email="eva@nordwind.example")
    deactivate(actor=house.global_admin, staff=house.user_admin)
    with pytest.raises(InvitationGoneError):
        joined(secret)
    assert list(Invitation.objects.values_list("invited_by", flat=True)) == [second.pk]


def test_weak_password_is_refused_and_the_link_still_works(house: House) -> None:
    secret = invited(house.user_admin)
    with pytest.raises(ValidationError):
        joined(secret, password="password")
    assert joined(secret).email == NEW


@pytest.mark.parametrize(
    ("email", "roles", "message"),
    [
        ("nobody", [Role.SALES_AGENT], {"email": ["Enter a valid email address."]}),
        ("", [Role.SALES_AGENT], {"email": ["Enter a valid email address."]}),
        (NEW, [], {"roles": ["Choose at least one role."]}),
    ],
)
def test_wrong_input_is_told_by_field(house: House, email: str, roles: list[Role], message: dict) -> None:
    with pytest.raises(ValidationError) as error:
        invite(actor=house.user_admin, email=email, roles=roles, link=link)
    assert error.value.message_dict == message


def test_mail_that_cannot_be_sent_leaves_no_invitation(house: House, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    for email in (NEW, house.sales_agent.email):
        with pytest.raises(MailError):
            invited(house.user_admin, email=email)
    assert Invitation.objects.count() == 0
    acts = AuditEntry.objects.order_by("pk").values_list("action", "reason")
    assert list(acts) == [("staff.invite", ""), ("staff.withdraw_invitation", "The mail couldn't be sent.")] * 2


def test_mail_goes_out_when_the_invitation_is_stored_and_nobody_is_kept_waiting(house: House, monkeypatch) -> None:
    open_blocks = []
    sent = EmailMessage.send
    monkeypatch.setattr(
        EmailMessage, "send", lambda mail: (open_blocks.append(len(connection.savepoint_ids)), sent(mail))[1]
    )
    before = len(connection.savepoint_ids)
    invited(house.user_admin)
    assert open_blocks == [before]


def test_withdrawing_what_was_answered_meanwhile_is_refused(house: House) -> None:
    secret = invited(house.user_admin)
    shown = Invitation.objects.get()
    joined(secret)
    with pytest.raises(WrongStateError):
        withdraw(actor=house.user_admin, invitation=shown)
    assert not AuditEntry.objects.filter(action="staff.withdraw_invitation").exists()


def test_an_expired_invitation_can_be_sent_again(house: House) -> None:
    invited(house.user_admin, Role.SALES_AGENT, Role.ADMIN_AGENT)
    again = f"/staff/invite/?email={NEW.replace('@', '%40')}&amp;roles=admin_agent&amp;roles=sales_agent"
    browser = signed_in(house.user_admin)
    assert again not in browser.get("/staff/").content.decode()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert again in browser.get("/staff/").content.decode()
    form = browser.get(again.replace("&amp;", "&")).context["form"]
    assert (form["email"].value(), form["roles"].value()) == (NEW, ["admin_agent", "sales_agent"])


# --- the pages


def test_page_invites_and_the_link_of_the_mail_leads_in(house: House, client: Client) -> None:
    browser = signed_in(house.user_admin)
    response = browser.post("/staff/invite/", {"email": NEW, "roles": ["sales_agent"]}, follow=True)
    assert response.redirect_chain == [("/staff/", 302)]
    assert f"A mail is on its way to {NEW}." in response.content.decode()
    path = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)[1]
    page = client.get(path)
    assert page.status_code == 200
    assert f"You will sign in as <strong>{NEW}</strong>." in page.content.decode()
    fields = {"first_name": "Eve", "last_name": "Lund", "password1": PASSWORD, "password2": "other"}
    assert "The two passwords differ." in client.post(path, fields).content.decode()
    response = client.post(path, fields | {"password2": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/account/login/")
    client.post("/account/login/", {"login": NEW, "password": PASSWORD})
    assert client.get("/profile/").status_code == 200
    assert client.get(path).status_code == 404


def test_joining_signs_out_whoever_else_worked_in_the_browser(house: House) -> None:
    browser = signed_in(house.sales_agent)
    path = f"/account/invitation/{invited(house.user_admin)}/"
    response = browser.post(path, {"password1": PASSWORD, "password2": PASSWORD}, follow=True)
    assert response.redirect_chain == [("/account/login/", 302)]
    assert "Welcome. Sign in with your new password." in response.content.decode()


def test_page_answers_the_same_for_known_and_unknown_addresses(house: House, neighbours: House) -> None:
    pages = []
    for email in ("xxxxxxxxxxx@sud.example", "sales_agent@sud.example"):
        response = signed_in(house.user_admin).post("/staff/invite/", {"email": email, "roles": ["sales_agent"]})
        page = signed_in(house.user_admin).get("/staff/").content.decode()
        Invitation.objects.all().delete()
        text = re.sub(r'csrf\w*"[^>]*|invitations/\d+', "", page).replace(email, "")
        pages.append((response.status_code, response["Location"], text.replace("hx-headers='{\"x-", "")))
    assert pages[0] == pages[1]


def test_user_admin_is_not_offered_global_admin_and_cannot_ask_for_it(house: House) -> None:
    offered = [
        [value for value, _ in signed_in(actor).get("/staff/invite/").context["form"].fields["roles"].choices]
        for actor in (house.global_admin, house.user_admin)
    ]
    assert offered == [
        ["global_admin", "user_admin", "admin_agent", "sales_agent"],
        ["user_admin", "admin_agent", "sales_agent"],
    ]
    response = signed_in(house.user_admin).post("/staff/invite/", {"email": NEW, "roles": ["global_admin"]})
    assert response.status_code == 400
    assert Invitation.objects.count() == 0


def test_withdrawing_by_page_is_for_own_invitations_only(house: House, neighbours: House) -> None:
    invited(house.user_admin)
    path = f"/staff/invitations/{Invitation.objects.get().pk}/withdraw/"
    assert signed_in(neighbours.global_admin).post(path).status_code == 404
    assert signed_in(house.sales_agent).post(path).status_code == 403
    assert signed_in(house.user_admin).get(path).status_code == 405
    assert signed_in(house.user_admin).post(path).status_code == 302
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("secret", ["x", "a" * 43])
def test_wrong_secret_is_not_found(db: None, client: Client, secret: str) -> None:
    response = client.get(f"/account/invitation/{secret}/")
    assert response.status_code == 404
    assert "This invitation can't be used" in response.content.decode()
