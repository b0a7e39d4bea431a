"""Who enters the admin site, and what can't be made there."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings
from django.urls import reverse
from unfold.admin import ModelAdmin

from config.admin_site import SeatwiseAdminSite
from partners.admin_base import TenantAdmin
from partners.models import AuditEntry, Partner, Staff
from partners.permissions import Role
from tests.people import make_operator, make_partner, make_staff, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("roles", "status"),
    [
        ([Role.GLOBAL_ADMIN], 200),
        ([Role.ADMIN_AGENT], 200),
        ([Role.ADMIN_AGENT, Role.SALES_AGENT], 200),
        ([Role.USER_ADMIN], 403),
        ([Role.SALES_AGENT], 403),
        ([Role.USER_ADMIN, Role.SALES_AGENT], 403),
        ([], 403),
    ],
)
def test_admin_site_is_entered_by_rights(roles: list[Role], status: int) -> None:
    client = signed_in(make_staff(make_partner(), *roles))
    assert client.get("/admin/").status_code == status
    assert client.get("/admin/login/").status_code == (302 if status == 200 else 403)


def test_operator_enters() -> None:
    assert signed_in(make_operator()).get("/admin/").status_code == 200


def test_flag_of_django_opens_nothing() -> None:
    assert signed_in(make_staff(make_partner(), Role.SALES_AGENT, is_staff=True)).get("/admin/").status_code == 403
    assert signed_in(make_staff(None, is_staff=True)).get("/admin/").status_code == 403


def test_inactive_operator_is_nobody() -> None:
    operator = make_operator()
    client = signed_in(operator)
    Staff.objects.filter(pk=operator.pk).update(is_active=False)
    assert client.get("/admin/").status_code == 302


def test_nobody_is_sent_to_the_one_door() -> None:
    response = Client().get("/admin/customers/customer/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/account/login/?next=/admin/")


@pytest.mark.parametrize("name", ["logout", "password_change", "password_change_done"])
def test_signing_out_and_passwords_are_the_pages_business(name: str) -> None:
    response = signed_in(make_operator()).get(reverse(f"admin:{name}"))
    wanted = "account_logout" if name == "logout" else "account_change_password"
    assert (response.status_code, response.headers["Location"]) == (302, reverse(wanted))


def test_second_factor_that_is_demanded_is_needed_here_too() -> None:
    client = signed_in(make_staff(make_partner(second_factor_required=True), Role.GLOBAL_ADMIN))
    assert client.get("/admin/").status_code in {302, 403}


def test_policy_is_wider_in_the_admin_site_only() -> None:
    client = signed_in(make_operator())
    policy = client.get("/admin/").headers["Content-Security-Policy"].split("; ")
    assert "script-src 'self' 'unsafe-eval'" in policy
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "unsafe" not in Client().get("/account/login/").headers["Content-Security-Policy"]


def test_class_that_names_no_action_cannot_be_made() -> None:
    with pytest.raises(ImproperlyConfigured, match="names no action"):
        type("OpenAdmin", (TenantAdmin,), {})


def test_class_that_is_not_closed_is_not_registered() -> None:
    with pytest.raises(ImproperlyConfigured, match="no TenantAdmin"):
        SeatwiseAdminSite().register(Partner, ModelAdmin)
    with pytest.raises(ImproperlyConfigured, match="no TenantAdmin"):
        SeatwiseAdminSite().register(Partner)


def test_classes_of_other_packages_stay_out() -> None:
    labels = {model._meta.app_label for model in admin.site._registry}
    assert labels == {"partners", "customers"}


@pytest.mark.parametrize("path", ["search/?s=customer", "autocomplete/", "jsi18n/", "r/1/1/", "nothing/"])
def test_what_belongs_to_the_site_is_closed_too(path: str) -> None:
    assert signed_in(make_staff(make_partner(), Role.SALES_AGENT)).get(f"/admin/{path}").status_code == 403


@override_settings(DEBUG=False)
def test_link_to_any_object_of_any_table_is_gone() -> None:
    client = signed_in(make_operator())
    assert client.get("/admin/r/1/1/").status_code == 404
    assert client.get("/admin/search/?s=partner").content == b""


def test_operator_deactivates_and_reactivates_with_a_reason() -> None:
    staff = make_staff(make_partner(), Role.SALES_AGENT)
    client = signed_in(make_operator())
    address = reverse("admin:partners_staff_deactivate", args=[staff.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 200
    assert Staff.objects.get(pk=staff.pk).is_active
    assert client.post(address, {"reason": "Left"}).status_code == 302
    assert not Staff.objects.get(pk=staff.pk).is_active
    entry = AuditEntry.objects.get(action="staff.deactivate")
    assert (entry.reason, entry.partner) == ("Left", staff.partner)
    assert client.post(address, {"reason": "Left"}).status_code == 403
    client.post(reverse("admin:partners_staff_reactivate", args=[staff.pk]), {"reason": "Came back"})
    assert Staff.objects.get(pk=staff.pk).is_active


def test_last_global_admin_is_not_deactivated() -> None:
    staff = make_staff(make_partner(), Role.GLOBAL_ADMIN)
    response = signed_in(make_operator()).post(
        reverse("admin:partners_staff_deactivate", args=[staff.pk]), {"reason": "Left"}
    )
    assert b"This is the last active global admin" in response.content


def test_partner_added_by_the_operator() -> None:
    client = signed_in(make_operator())
    told = {"partner_id": "aaaaaaaa-0000-0000-0000-00000000000a", "name": "Gamma", "slug": "gamma", "reason": "New"}
    response = client.post(reverse("admin:partners_partner_add"), told)
    assert response.status_code == 302
    partner = Partner.objects.get(slug="gamma")
    assert AuditEntry.objects.get(action="partner.add").partner == partner
    response = client.post(
        reverse("admin:partners_partner_add"), {**told, "partner_id": "aaaaaaaa-0000-0000-0000-00000000000b"}
    )
    assert b"Another partner has this slug already." in response.content
