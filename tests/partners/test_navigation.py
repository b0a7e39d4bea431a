"""Nobody is offered what his or her roles don't include."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from partners.models import Staff
from partners.navigation import FOOTER, MAIN, PERSONAL, links
from partners.permissions import Role

OFFERED = {
    Role.GLOBAL_ADMIN: [
        "/", "/analysis/", "/customers/", "/next-steps/", "/imports/", "/staff/", "/audit/", "/settings/", "/admin/",
    ],
    Role.USER_ADMIN: ["/", "/analysis/", "/customers/", "/next-steps/", "/staff/", "/audit/"],
    Role.ADMIN_AGENT: ["/", "/analysis/", "/customers/", "/next-steps/", "/imports/", "/audit/", "/admin/"],
    Role.SALES_AGENT: ["/", "/analysis/", "/customers/", "/next-steps/"],
}  # fmt: skip


def asked(user: object, path: str = "/"):
    request = RequestFactory().get(path)
    request.user = user
    return request


def somebody(*roles: Role) -> Staff:
    return Staff(email="ann@example.com", partner_id=1, roles=[role.value for role in roles])


@pytest.mark.parametrize("role", list(Role))
def test_main_navigation_of_each_role(role: Role) -> None:
    assert [link.url for link in links(MAIN, asked(somebody(role)))] == OFFERED[role]


def test_nobody_is_offered_anything() -> None:
    assert [links(places, asked(AnonymousUser())) for places in (MAIN, PERSONAL, FOOTER)] == [[], [], []]


def test_a_request_that_ended_before_it_was_known_who_asks_is_offered_nothing() -> None:
    assert links(MAIN, RequestFactory().get("/")) == []


def test_the_present_place_is_marked() -> None:
    marked = [link.url for link in links(MAIN, asked(somebody(Role.GLOBAL_ADMIN), "/staff/7/")) if link.current]
    assert marked == ["/staff/"]
    marked = [link.url for link in links(MAIN, asked(somebody(Role.GLOBAL_ADMIN), "/")) if link.current]
    assert marked == ["/"]
