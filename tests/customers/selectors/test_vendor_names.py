"""What a vendor's file calls things, looked up in what is stored."""

from pathlib import Path
from uuid import UUID

import pytest

from customers.selectors.vendor_names import StoredCatalogue
from partners.models import Partner
from tests.customers.feed.conftest import ALPHA, CONTOSO, E3, FABRIKAM, SUBSCRIPTIONS, WORLD, Feeds, version

OTHER = "eeeeeeee-0000-0000-0000-0000000000ff"
SKUS = WORLD["skus.csv"] + f"{OTHER},OTHERPACK,Other  Name,o365,EXO\n"


@pytest.fixture
def stored(db: None, tmp_path: Path) -> StoredCatalogue:
    """Alpha sold one subscription in the first SKU; an external seller one in the other, which the operator stated."""
    external = version("b", seller="external").replace(E3, OTHER)
    Feeds(tmp_path).load({**WORLD, "skus.csv": SKUS, "subscriptions.csv": SUBSCRIPTIONS + version("A") + external})
    return StoredCatalogue(None)


def test_names_are_found_without_regard_to_case_and_spaces(stored: StoredCatalogue):
    assert stored.skus_named("OTHER NAME") == stored.skus_named("otherpack") == {UUID(OTHER)}
    assert not stored.skus_named("Another name")


def test_only_skus_of_the_catalogue_are_known(stored: StoredCatalogue):
    assert stored.knows(UUID(E3))
    assert not stored.knows(UUID(FABRIKAM))


def test_operator_knows_every_subscription_and_partner(stored: StoredCatalogue):
    assert stored.skus_of(UUID(FABRIKAM)) == {UUID(E3), UUID(OTHER)}
    assert stored.skus_of(UUID(CONTOSO)) == frozenset()
    assert stored.is_partner(UUID(ALPHA))
    assert not stored.is_partner(UUID(FABRIKAM))


@pytest.mark.parametrize(("slug", "known"), [("alpha", {UUID(E3)}), ("beta", set())])
def test_partner_knows_what_it_sold_or_stated(stored: StoredCatalogue, slug: str, known: set[UUID]):
    catalogue = StoredCatalogue(Partner.objects.get(slug=slug))
    assert catalogue.skus_of(UUID(FABRIKAM)) == known
    assert catalogue.sku_of(customer=UUID(FABRIKAM), subscription_id="a") == (UUID(E3) if known else None)
