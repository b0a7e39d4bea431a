"""Partners: how they are found, and what the database refuses of them and of staff."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from partners.models import Partner, Staff
from partners.selectors.partners import UnknownPartnerError, partner_by_slug

pytestmark = pytest.mark.django_db


def a_partner(slug: str = "nordwind", name: str = "Nordwind") -> Partner:
    return Partner.objects.create(partner_id=uuid4(), name=name, slug=slug)


@pytest.mark.parametrize("slug", ["nordwind", "NordWind", " nordwind "])
def test_partner_by_slug_whatever_its_case(slug: str) -> None:
    known = a_partner()
    assert partner_by_slug(slug) == known


@pytest.mark.parametrize(
    ("known", "message"),
    [
        ((), "No partner has the slug 'nord%'. Known: none yet."),
        (("sud", "nordwind"), "No partner has the slug 'nord%'. Known: nordwind, sud."),
    ],
)
def test_unknown_slug_tells_which_there_are(known: tuple[str, ...], message: str) -> None:
    for slug in known:
        a_partner(slug)
    with pytest.raises(UnknownPartnerError) as error:
        partner_by_slug("nord%")
    assert str(error.value) == message


def test_every_partner_has_a_pseudonym_key_of_its_own() -> None:
    keys = {Partner.objects.get(pk=a_partner(slug).pk).pseudonym_key for slug in ("a", "b", "c")}
    assert len(keys) == 3


def two_slugs() -> None:
    a_partner()
    a_partner("NORDWIND")


def two_ids() -> None:
    Partner.objects.create(partner_id=a_partner().partner_id, name="Sud", slug="sud")


def staff(**fields: object) -> Staff:
    fields.setdefault("email", "ann@nordwind.example")
    return Staff.objects.create(**fields)


def two_addresses() -> None:
    staff()
    staff(email="ANN@nordwind.example")


@pytest.mark.parametrize(
    ("write", "constraint"),
    [
        (two_slugs, "partner_slug_unique"),
        (two_ids, "partners_partner_partner_id_key"),
        (lambda: a_partner(slug=""), "partner_named"),
        (lambda: a_partner(name=""), "partner_named"),
        (two_addresses, "staff_email_unique"),
        (lambda: staff(partner=a_partner(), roles=["owner"]), "staff_roles_known"),
        (lambda: staff(partner=a_partner(), is_superuser=True), "staff_operator_has_no_partner"),
        (lambda: staff(roles=["sales_agent"]), "staff_roles_need_partner"),
    ],
    ids=["slug", "id", "no slug", "no name", "address", "role", "operator", "roles without partner"],
)
def test_database_refuses(write: Callable[[], object], constraint: str) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    assert error.value.__cause__.diag.constraint_name == constraint


def test_partner_with_staff_stays() -> None:
    member = staff(partner=a_partner())
    with pytest.raises(IntegrityError, match="protected"):
        member.partner.delete()
