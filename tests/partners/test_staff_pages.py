"""The pages about staff, profile, tokens and settings: for whom they open, what they show, what they ask the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.utils import timezone

from partners.models import ApiToken, AuditEntry, Partner, Staff
from partners.permissions import Role
from partners.services.tokens import create_token, use_token
from tests.partners.conftest import House
from tests.people import make_operator, make_staff, signed_in

pytestmark = pytest.mark.django_db

OPEN_TO = {
    "/staff/": {"global_admin", "user_admin"},
    "/staff/invite/": {"global_admin", "user_admin"},
    "/profile/": {"global_admin", "user_admin", "admin_agent", "sales_agent"},
    "/profile/tokens/": {"global_admin", "user_admin", "admin_agent", "sales_agent"},
    "/settings/": {"global_admin"},
}


@pytest.mark.parametrize("path", OPEN_TO)
def test_page_opens_for_its_roles_only(house: House, path: str) -> None:
    statuses = {role.value: signed_in(house.of(role)).get(path).status_code for role in Role}
    assert statuses == {role.value: 200 if role in OPEN_TO[path] else 403 for role in Role}
    assert Client().get(path).status_code == 302
    assert signed_in(make_operator()).get(path).status_code == 403
    assert signed_in(make_staff(None)).get(path).status_code == 403
    assert signed_in(make_staff(house.partner)).get(path).status_code == 403


def listed(browser: Client, query: str = "") -> list[str]:
    return [staff.email for staff in browser.get(f"/staff/{query}").context["page"]]


def test_list_shows_the_own_partners_staff_alone(house: House, neighbours: House) -> None:
    browser = signed_in(house.user_admin)
    assert listed(browser) == [f"{role}@nordwind.example" for role in sorted(Role)]
    assert "sud.example" not in browser.get("/staff/").content.decode()


def test_list_is_filtered_by_name_role_and_status(house: House) -> None:
    Staff.objects.filter(pk=house.sales_agent.pk).update(first_name="Åsa", last_name="Ström", is_active=False)
    browser = signed_in(house.user_admin)
    assert listed(browser, "?text=ström") == [house.sales_agent.email]
    assert listed(browser, "?text=ADMIN_") == [house.admin_agent.email]
    assert listed(browser, "?role=user_admin") == [house.user_admin.email]
    assert listed(browser, "?status=inactive") == [house.sales_agent.email]
    assert listed(browser, "?status=active&role=sales_agent") == []
    assert listed(browser)[-1] == house.sales_agent.email


def test_list_refuses_a_wrong_filter_by_name(house: House) -> None:
    response = signed_in(house.user_admin).get("/staff/?role=owner")
    assert response.status_code == 400


def test_list_shows_second_factor_and_last_sign_in(house: House) -> None:
    Authenticator.objects.create(user=house.sales_agent, type=Authenticator.Type.TOTP, data={})
    Authenticator.objects.create(user=house.admin_agent, type=Authenticator.Type.RECOVERY_CODES, data={})
    page = signed_in(house.user_admin).get("/staff/").context["page"]
    assert {staff.email for staff in page if staff.has_second_factor} == {house.sales_agent.email}


@pytest.mark.parametrize("people", [1, 3])
def test_list_asks_as_much_for_one_as_for_three(house: House, people: int, django_assert_num_queries: Callable) -> None:
    for number in range(people):
        make_staff(house.partner, Role.SALES_AGENT, first_name=f"New {number}")
    browser = signed_in(house.user_admin)
    with django_assert_num_queries(5):  # session, person, count, list, invitations
        browser.get("/staff/?text=New")


def test_list_of_more_than_a_page(house: House) -> None:
    for _ in range(51):
        make_staff(house.partner, Role.SALES_AGENT, first_name="New")
    browser = signed_in(house.user_admin)
    assert [len(listed(browser, f"?text=New&page={page}")) for page in (1, 2)] == [50, 1]
    assert "?text=New&amp;page=2" in browser.get("/staff/?text=New").content.decode()


def test_member_page_asks_little(house: House, django_assert_num_queries: Callable) -> None:
    browser = signed_in(house.user_admin)
    with django_assert_num_queries(3):  # session, person, member
        browser.get(f"/staff/{house.sales_agent.pk}/")


@pytest.mark.parametrize("method", ["get", "post"])
def test_member_of_another_partner_is_not_found_like_one_that_is_not_there(
    house: House, neighbours: House, method: str
) -> None:
    browser = signed_in(house.global_admin)
    for pk in (neighbours.sales_agent.pk, make_operator().pk, 10**9):
        assert getattr(browser, method)(f"/staff/{pk}/", {"act": "deactivate"}).status_code == 404
    assert signed_in(house.sales_agent).get(f"/staff/{neighbours.sales_agent.pk}/").status_code == 403


def act(actor: Staff, staff: Staff, act: str, **fields: object):
    return signed_in(actor).post(f"/staff/{staff.pk}/", {"act": act} | fields)


def test_member_is_changed_by_page(house: House) -> None:
    assert act(house.user_admin, house.sales_agent, "roles", roles=["admin_agent"]).status_code == 302
    assert act(house.user_admin, house.sales_agent, "name", first_name="Ann", last_name="Lind").status_code == 302
    assert act(house.user_admin, house.sales_agent, "reset").status_code == 302
    assert act(house.user_admin, house.sales_agent, "deactivate").status_code == 302
    staff = Staff.objects.get(pk=house.sales_agent.pk)
    assert (staff.roles, staff.get_full_name(), staff.is_active) == (["admin_agent"], "Ann Lind", False)
    assert act(house.user_admin, house.sales_agent, "reactivate").status_code == 302
    assert "http://testserver/account/password/reset/key/" in mail.outbox[0].body
    assert [entry.action for entry in AuditEntry.objects.order_by("id")] == [
        "staff.roles",
        "staff.rename",
        "staff.send_reset",
        "staff.deactivate",
        "staff.reactivate",
    ]


def test_link_of_a_reset_by_a_manager_works(house: House, client: Client) -> None:
    act(house.user_admin, house.sales_agent, "reset")
    path = mail.outbox[0].body.split("http://testserver")[1].split()[0]
    form = client.get(path, follow=True).redirect_chain[-1][0]
    new = "another horse battery"
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302
    assert Staff.objects.get(pk=house.sales_agent.pk).check_password(new)


def test_roles_that_somebody_else_has_changed_meanwhile_are_looked_at_again(house: House) -> None:
    page = f"/staff/{house.sales_agent.pk}/"
    assert 'name="seen" value="sales_agent"' in signed_in(house.user_admin).get(page).content.decode()
    changed = {"roles": ["sales_agent", "user_admin"], "seen": "sales_agent"}
    assert act(house.global_admin, house.sales_agent, "roles", **changed).status_code == 302
    response = act(house.user_admin, house.sales_agent, "roles", roles=["admin_agent"], seen="sales_agent")
    assert response.status_code == 409
    assert "Somebody else has changed the roles meanwhile" in response.content.decode()
    house.sales_agent.refresh_from_db()
    assert house.sales_agent.roles == ["sales_agent", "user_admin"]


def test_what_is_wrong_stands_on_the_page(house: House) -> None:
    response = act(house.global_admin, house.global_admin, "deactivate")
    assert response.status_code == 409
    assert "This is the last active global admin: make somebody else one first." in response.content.decode()
    response = act(house.global_admin, house.sales_agent, "roles", roles=[])
    assert response.status_code == 400
    assert "Choose at least one role." in response.content.decode()
    assert act(house.global_admin, house.sales_agent, "promote").status_code == 400
    assert act(house.user_admin, house.global_admin, "name", first_name="x").status_code == 403
    assert act(house.user_admin, house.user_admin, "roles", roles=["user_admin", "sales_agent"]).status_code == 403


def test_user_admin_is_offered_nothing_on_a_global_admin(house: House) -> None:
    page = signed_in(house.user_admin).get(f"/staff/{house.global_admin.pk}/").content.decode()
    assert "Only a global admin changes anything of a global admin." in page
    assert 'name="act"' not in page


# --- profile


def test_profile_changes_name_and_language_and_speaks_it(house: House) -> None:
    browser = signed_in(house.sales_agent)
    fields = {"act": "profile", "first_name": "Åsa", "last_name": "Ström", "language": "sv"}
    assert browser.post("/profile/", fields).status_code == 302
    staff = Staff.objects.get(pk=house.sales_agent.pk)
    assert (staff.get_full_name(), staff.language) == ("Åsa Ström", "sv")
    assert browser.cookies["django_language"].value == "sv"
    assert browser.get("/profile/")["Content-Language"] == "sv"
    browser.post("/profile/", fields | {"language": ""})
    assert browser.cookies["django_language"].value == ""


@pytest.mark.parametrize(
    "fields", [{"act": "profile", "language": "xx"}, {"act": "other"}, {}], ids=["language", "act", "nothing"]
)
def test_profile_refuses_what_it_does_not_know(house: House, fields: dict) -> None:
    assert signed_in(house.sales_agent).post("/profile/", fields).status_code == 400


def test_profile_cannot_change_roles(house: House) -> None:
    fields = {"act": "profile", "roles": ["global_admin"], "email": "x@y.example", "is_superuser": "on"}
    signed_in(house.sales_agent).post("/profile/", fields)
    staff = Staff.objects.get(pk=house.sales_agent.pk)
    assert (staff.roles, staff.email, staff.is_superuser) == (["sales_agent"], house.sales_agent.email, False)


def test_profile_signs_out_everywhere_else(house: House) -> None:
    here, elsewhere = signed_in(house.sales_agent), signed_in(house.sales_agent)
    assert here.post("/profile/", {"act": "sessions"}).status_code == 302
    assert (here.get("/profile/").status_code, elsewhere.get("/profile/").status_code) == (200, 302)


# --- tokens


def test_token_is_made_shown_once_and_works(house: House) -> None:
    browser = signed_in(house.sales_agent)
    response = browser.post("/profile/tokens/", {"act": "create", "name": "report", "lifetime": "30"})
    plain = response.context["new"].plain
    assert plain in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert plain not in browser.get("/profile/tokens/").content.decode()
    assert use_token(plain).staff == house.sales_agent
    left = ApiToken.objects.get().expires_at - timezone.now()
    assert timedelta(days=29, hours=23) < left <= timedelta(days=30)


def test_token_without_a_name_is_refused(house: House) -> None:
    assert signed_in(house.sales_agent).post("/profile/tokens/", {"act": "create"}).status_code == 400
    assert ApiToken.objects.count() == 0


def test_own_token_is_revoked_and_no_other(house: House) -> None:
    own = create_token(actor=None, staff=house.sales_agent, name="mine").token
    other = create_token(actor=None, staff=house.admin_agent, name="theirs").token
    browser = signed_in(house.sales_agent)
    assert "theirs" not in browser.get("/profile/tokens/").content.decode()
    assert browser.post("/profile/tokens/", {"act": "revoke", "token": other.pk}).status_code == 404
    assert browser.post("/profile/tokens/", {"act": "revoke", "token": "x"}).status_code == 400
    assert browser.post("/profile/tokens/", {"act": "revoke", "token": own.pk}).status_code == 302
    assert list(ApiToken.objects.filter(revoked_at=None)) == [other]


@pytest.mark.parametrize("tokens", [1, 3])
def test_tokens_page_asks_as_much_for_one_as_for_three(
    house: House, tokens: int, django_assert_num_queries: Callable
) -> None:
    for number in range(tokens):
        create_token(actor=None, staff=house.sales_agent, name=str(number))
    browser = signed_in(house.sales_agent)
    with django_assert_num_queries(3):  # session, person, tokens
        browser.get("/profile/tokens/")


# --- settings


def test_settings_demand_a_second_factor_and_are_recorded(house: House, neighbours: House) -> None:
    browser = signed_in(house.global_admin)
    assert browser.get("/settings/").context["without"] == 4
    assert browser.post("/settings/", {"second_factor_required": "on"}).status_code == 302
    required = dict(Partner.objects.values_list("slug", "second_factor_required"))
    assert required == {"nordwind": True, "sud": False}
    entry = AuditEntry.objects.get()
    assert (entry.kind, entry.action, entry.partner) == ("settings", "settings.second_factor", house.partner)
    assert (entry.before, entry.after) == ({"second_factor_required": False}, {"second_factor_required": True})


def test_settings_that_stay_record_nothing(house: House) -> None:
    assert signed_in(house.global_admin).post("/settings/", {}).status_code == 302
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("role", [Role.USER_ADMIN, Role.ADMIN_AGENT, Role.SALES_AGENT])
def test_settings_are_a_global_admins(house: House, role: Role) -> None:
    assert signed_in(house.of(role)).post("/settings/", {"second_factor_required": "on"}).status_code == 403
    assert Partner.objects.filter(second_factor_required=True).count() == 0


def test_deactivating_is_asked_twice_and_says_what_undoes_it(house: House) -> None:
    page = signed_in(house.user_admin).get(f"/staff/{house.sales_agent.pk}/").content.decode()
    assert "<summary>Deactivate</summary>" in page
    assert f"Yes, deactivate {house.sales_agent.email}" in page
    signed_in(house.user_admin).post(f"/staff/{house.sales_agent.pk}/", {"act": "deactivate"})
    page = signed_in(house.user_admin).get(f"/staff/{house.sales_agent.pk}/").content.decode()
    assert "Reactivating undoes the deactivation" in page
