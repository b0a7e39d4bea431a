"""`/api/v1/me/`: who asks, and what he or she may do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from partners.models import ApiToken
from partners.permissions import Role
from tests.asking import asking, errors
from tests.people import make_partner, make_staff

pytestmark = pytest.mark.django_db


def test_me_says_who_i_am_and_what_i_may_do() -> None:
    partner = make_partner("nordwind", name="Nordwind")
    ann = make_staff(partner, Role.USER_ADMIN, email="ann@nordwind.example", first_name="Ann", last_name="Ek")
    client = asking(ann)
    told = client.get("/api/v1/me/").json()
    token = told.pop("token")
    assert (token["name"], len(token["prefix"]), token["expires_at"]) == ("Test", 12, None)
    assert told == {
        "email": "ann@nordwind.example",
        "first_name": "Ann",
        "last_name": "Ek",
        "partner": {"partner_id": str(partner.partner_id), "slug": "nordwind", "name": "Nordwind"},
        "roles": ["user_admin"],
        "actions": ["export_insights", "manage_staff", "own_tokens", "see_portfolio", "see_staff_events"],
    }


def test_end_of_the_token_is_told() -> None:
    client, end = asking(make_staff(make_partner(), Role.USER_ADMIN)), timezone.now() + timedelta(days=1)
    ApiToken.objects.update(expires_at=end)
    assert client.get("/api/v1/me/").json()["token"]["expires_at"] == end.isoformat().replace("+00:00", "Z")


def test_unknown_parameter_is_named() -> None:
    client = asking(make_staff(make_partner(), Role.USER_ADMIN))
    assert errors(client.get("/api/v1/me/?who=bob")) == {"who": ["Unknown here; there are no parameters."]}
