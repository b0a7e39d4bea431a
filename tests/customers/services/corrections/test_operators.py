"""What only the operator corrects: relationships, claims, the catalogue, partners; and profiles."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from customers.models import CatalogueEpoch, Customer, CustomerProfile, Family, Relationship, Sku
from customers.services.corrections.catalogue import FAMILY, SKU, WORKLOAD
from customers.services.corrections.profiles import PROFILE
from customers.services.corrections.relationships import RELATIONSHIP, confirm, refuse
from partners.models import Partner
from partners.services.corrections import CorrectionError, correct, undo
from partners.services.partner_corrections import PARTNER
from tests.customers.feed.conftest import ALPHA, CONTOSO, E3, FABRIKAM
from tests.customers.installation import Installation

WHY = "Asked the customer"


@pytest.fixture
def claim(installation: Installation) -> Relationship:
    """Alpha claims Contoso, which Beta serves."""
    return Relationship.objects.create(
        partner=installation.alpha,
        customer=Customer.objects.get(tenant_id=CONTOSO),
        valid_from=date(2026, 11, 1),
        status="claimed",
        stated_by=installation.alpha,
    )


def test_claim_confirmed_and_that_undone(installation: Installation, claim: Relationship) -> None:
    entry = confirm(actor=installation.operator, claim=claim, reason=WHY)
    claim.refresh_from_db()
    assert (claim.status, claim.stated_by) == ("confirmed", None)
    assert (entry.partner, entry.action) == (installation.alpha, "relationship.change")
    undo(actor=installation.operator, entry=entry, reason="Wrong customer")
    claim.refresh_from_db()
    assert (claim.status, claim.stated_by) == ("claimed", installation.alpha)


def test_claim_refused_and_that_undone(installation: Installation, claim: Relationship) -> None:
    entry = refuse(actor=installation.operator, claim=claim, reason=WHY)
    assert not Relationship.objects.filter(status="claimed").exists()
    undo(actor=installation.operator, entry=entry, reason="It was theirs")
    assert Relationship.objects.get(status="claimed").partner == installation.alpha


def test_claim_is_settled_by_the_operator_only(installation: Installation, claim: Relationship) -> None:
    with pytest.raises(PermissionDenied):
        confirm(actor=installation.agent, claim=claim, reason=WHY)
    with pytest.raises(PermissionDenied):
        refuse(actor=installation.agent, claim=claim, reason=WHY)


def test_relationship_that_is_confirmed_is_no_claim(installation: Installation) -> None:
    served = Relationship.objects.get(partner=installation.alpha)
    with pytest.raises(CorrectionError, match="expected a claim"):
        confirm(actor=installation.operator, claim=served, reason=WHY)


def test_claim_ends_where_a_relationship_added_begins(installation: Installation, claim: Relationship) -> None:
    after = {**RELATIONSHIP.cells_of(claim), "from": "2026-11-15", "status": "confirmed", "stated_by": None}
    entry = correct(actor=installation.operator, fact=RELATIONSHIP, before=None, after=after, reason=WHY)
    claim.refresh_from_db()
    assert claim.valid_to == date(2026, 11, 15)
    undo(actor=installation.operator, entry=entry, reason=WHY)
    claim.refresh_from_db()
    assert claim.valid_to is None


def test_relationship_that_overlaps_or_ends_before_it_begins_is_refused(installation: Installation) -> None:
    before = RELATIONSHIP.cells_of(Relationship.objects.get(partner=installation.alpha))
    with pytest.raises(CorrectionError, match="ends after the day on which it begins"):
        correct(
            actor=installation.operator,
            fact=RELATIONSHIP,
            before=before,
            after={**before, "to": "2025-01-01"},
            reason=WHY,
        )
    with pytest.raises(CorrectionError, match="must not overlap"):
        correct(
            actor=installation.operator,
            fact=RELATIONSHIP,
            before=None,
            after={**before, "from": "2026-03-01"},
            reason=WHY,
        )


def test_profile_corrected_by_its_stater_and_put_back(installation: Installation) -> None:
    own = {"customer_id": FABRIKAM, "stated_by": ALPHA}
    before = PROFILE.read(own)
    entry = correct(
        actor=installation.agent, fact=PROFILE, before=before, after={**before, "country": "se"}, reason=WHY
    )
    assert PROFILE.read(own) == {**before, "country": "SE"}
    undo(actor=installation.agent, entry=entry, reason=WHY)
    assert PROFILE.read(own) == before
    assert Relationship.objects.filter(partner=installation.alpha).count() == 1


@pytest.mark.parametrize(
    ("cell", "value", "sentence"),
    [
        ("country", "Italy", "“Italy” is not a country; expected a two-letter code of ISO 3166-1."),
        ("name", " ", "The value is missing; expected one, the column is not optional."),
    ],
)
def test_profile_with_a_bad_value_is_refused(installation: Installation, cell: str, value: str, sentence: str) -> None:
    before = PROFILE.read({"customer_id": FABRIKAM, "stated_by": ALPHA})
    with pytest.raises(CorrectionError) as caught:
        correct(actor=installation.agent, fact=PROFILE, before=before, after={**before, cell: value}, reason=WHY)
    assert (str(caught.value), caught.value.cell) == (sentence, cell)


def test_profile_of_a_customer_not_served_any_more_is_the_operators_alone(installation: Installation) -> None:
    Relationship.objects.filter(partner=installation.alpha).update(valid_to=date(2026, 11, 1))
    before = PROFILE.read({"customer_id": FABRIKAM, "stated_by": ALPHA})
    with pytest.raises(CorrectionError, match="isn't known"):
        correct(actor=installation.agent, fact=PROFILE, before=before, after={**before, "name": "New"}, reason=WHY)
    correct(actor=installation.operator, fact=PROFILE, before=before, after={**before, "name": "New"}, reason=WHY)
    assert CustomerProfile.objects.get(stated_by=installation.alpha).name == "New"


def test_family_switched_on_and_that_undone_restates_every_figure(installation: Installation) -> None:
    family = Family.objects.filter(in_insights=False).first()
    before = FAMILY.cells_of(family)
    epoch = CatalogueEpoch.objects.get().number
    entry = correct(
        actor=installation.operator, fact=FAMILY, before=before, after={**before, "in_insights": True}, reason=WHY
    )
    assert (CatalogueEpoch.objects.get().number, entry.kind, entry.partner) == (epoch + 1, "settings", None)
    undo(actor=installation.operator, entry=entry, reason=WHY)
    assert CatalogueEpoch.objects.get().number == epoch + 2
    assert FAMILY.read(before) == before


def test_family_renamed_restates_nothing(installation: Installation) -> None:
    before = FAMILY.read({"code": "o365"})
    epoch = CatalogueEpoch.objects.get().number
    correct(actor=installation.operator, fact=FAMILY, before=before, after={**before, "name": "Office"}, reason=WHY)
    assert CatalogueEpoch.objects.get().number == epoch


def test_workload_flagged_and_sku_changed_restate_every_figure(installation: Installation) -> None:
    epoch = CatalogueEpoch.objects.get().number
    teams = WORKLOAD.read({"code": "TEAMS"})
    correct(
        actor=installation.operator,
        fact=WORKLOAD,
        before=teams,
        after={**teams, "unlicensed_family": "o365"},
        reason=WHY,
    )
    e3 = SKU.read({"sku_id": E3})
    entry = correct(
        actor=installation.operator, fact=SKU, before=e3, after={**e3, "workloads": ["EXO", "YAM"]}, reason=WHY
    )
    assert CatalogueEpoch.objects.get().number == epoch + 2
    assert sorted(Sku.objects.get(sku_id=E3).workloads.values_list("code", flat=True)) == ["EXO", "YAM"]
    undo(actor=installation.operator, entry=entry, reason=WHY)
    assert SKU.read({"sku_id": E3}) == e3


def test_catalogue_and_partners_are_the_operators_alone(installation: Installation) -> None:
    family = FAMILY.read({"code": "o365"})
    partner = PARTNER.read({"partner_id": ALPHA})
    for fact, before in ((FAMILY, family), (PARTNER, partner)):
        with pytest.raises(PermissionDenied):
            correct(actor=installation.agent, fact=fact, before=before, after={**before, "name": "Mine"}, reason=WHY)


def test_partner_renamed_and_that_undone(installation: Installation) -> None:
    before = PARTNER.read({"partner_id": ALPHA})
    entry = correct(
        actor=installation.operator, fact=PARTNER, before=before, after={**before, "slug": "first"}, reason=WHY
    )
    assert Partner.objects.get(partner_id=ALPHA).slug == "first"
    undo(actor=installation.operator, entry=entry, reason=WHY)
    assert PARTNER.read(before) == before


def test_partner_with_the_slug_of_another_is_refused(installation: Installation) -> None:
    before = PARTNER.read({"partner_id": ALPHA})
    with pytest.raises(CorrectionError, match="Another partner has this slug already"):
        correct(actor=installation.operator, fact=PARTNER, before=before, after={**before, "slug": "BETA"}, reason=WHY)
