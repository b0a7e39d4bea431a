"""The guided start: there while a partner serves nobody, with what is done marked; put away by whoever wants."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Connection, LeftOutSku
from partners.models import Staff
from partners.permissions import Role
from tests.insights.pages.conftest import Portfolio
from tests.people import make_staff, signed_in

PORTFOLIO = reverse("insights:portfolio")
GUIDE = reverse("insights:guide")
STEPS = {
    Role.GLOBAL_ADMIN: ["/imports/", "/settings/connections/", "/customers/claim/", "/staff/invite/", "/settings/left-out-skus/", "/terms/"],
    Role.USER_ADMIN: ["/staff/invite/", "/terms/"],
    Role.ADMIN_AGENT: ["/imports/", "/customers/claim/", "/terms/"],
    Role.SALES_AGENT: ["/terms/"],
}  # fmt: skip


def guide(client: Client) -> str:
    """The guided start's part of the page; empty: it isn't there."""
    html = client.get(PORTFOLIO).content.decode()
    return html.partition('aria-labelledby="guide"')[2].partition("</section>")[0]


def done(client: Client) -> list[str]:
    """The titles of the steps that are marked as done."""
    return re.findall(r"<h3>([^<]*) <span", guide(client))


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_the_steps_that_it_can_take(sign_in: Callable[..., Client], role: Role) -> None:
    html = guide(sign_in(role))
    assert re.findall(r'<a class="btn[^"]*" href="([^"]*)"', html) == STEPS[role]


def test_facts_mark_steps_as_done(world: Portfolio) -> None:
    ann = make_staff(world.us, Role.GLOBAL_ADMIN)
    client = signed_in(ann)
    assert done(client) == []
    Connection.objects.create(partner=world.us, kind="graph", tenant_id=uuid4())
    assert done(client) == ["Bring in what your customers hold and use"]
    make_staff(world.us, Role.SALES_AGENT)
    LeftOutSku.objects.create(
        partner=world.us, sku=world.e3, reason="free", left_out_by=ann, left_out_at=timezone.now()
    )
    world.relationship(world.us, world.a_customer("Contoso"), status="claimed")
    assert done(client) == [
        "Bring in what your customers hold and use",
        "Say whom you serve",
        "Invite your colleagues",
        "Leave out what blurs the picture",
    ]


def test_of_other_partners_nothing_counts(world: Portfolio, browser: Client) -> None:
    make_staff(world.them, Role.SALES_AGENT)
    Connection.objects.create(partner=world.them, kind="graph", tenant_id=uuid4())
    assert done(browser) == []


def test_it_is_gone_with_the_first_customer(world: Portfolio, browser: Client) -> None:
    assert guide(browser) != ""
    world.serve("Contoso")
    assert guide(browser) == ""


def test_whoever_has_filters_in_the_way_is_told_so_instead(browser: Client) -> None:
    html = browser.get(PORTFOLIO, {"country": "SE"}).content.decode()
    assert 'aria-labelledby="guide"' not in html
    assert "Nothing is as you ask" in html


def test_it_is_put_away_and_shown_again_for_one_person(world: Portfolio) -> None:
    ann, bob = make_staff(world.us, Role.SALES_AGENT), make_staff(world.us, Role.SALES_AGENT)
    client = signed_in(ann)
    assert client.post(GUIDE)["Location"] == PORTFOLIO
    assert Staff.objects.get(pk=ann.pk).guide_closed is True
    assert guide(client) == ""
    assert guide(signed_in(bob)) != ""
    client.post(GUIDE, {"show": "1"})
    assert guide(client) != ""
