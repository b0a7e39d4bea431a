"""The whole public catalogue as an import: the operator's is loaded, dry run first; a partner's upload is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from customers.models import Load, Sku, Upload
from customers.services.imports.uploads import Sent, Unsaid, receive
from customers.services.imports.working import work_on
from insights.selectors.headline import headline
from partners.models import Partner
from partners.permissions import Role
from tests.customers.catalogue.full import LINES, SKUS, full_catalogue, sku_id
from tests.customers.services.imports.conftest import Imports
from tests.people import make_staff

NOT_FOR_PARTNERS = "This is the vendor's catalogue of products, which holds for everybody: the operator loads it, by itself (load_catalogue)."


@pytest.fixture(scope="module")
def catalogue() -> bytes:
    text = full_catalogue()
    assert text.count(b"\r\n") == LINES + 1
    return text


def test_whole_catalogue_is_loaded_and_again_changes_nothing(imports: Imports, catalogue: bytes) -> None:
    known = Sku.objects.count()
    shown = imports.preview({"products.csv": catalogue})
    assert [(brought.name, brought.new) for brought in shown.brought] == [("skus.csv", SKUS)]
    assert (Sku.objects.count(), Load.objects.filter(kind=Load.Kind.CATALOGUE).count()) == (known, 0)
    report = imports.apply({"products.csv": catalogue})
    assert (report.applied, report.refused, Sku.objects.count()) == (True, 0, known + SKUS)
    assert Load.objects.get(kind=Load.Kind.CATALOGUE).source == "products.csv"
    assert [(b.name, b.new, b.changed, b.unchanged) for b in report.brought] == [("skus.csv", SKUS, 0, 0)]
    again = imports.apply({"products.csv": catalogue})
    assert [(b.name, b.new, b.changed, b.unchanged) for b in again.brought] == [("skus.csv", 0, 0, SKUS)]


def test_products_are_known_by_guid_and_first_name(imports: Imports, catalogue: bytes) -> None:
    imports.apply({"products.csv": catalogue})
    for number in (0, 2, 34, 618):
        sku = Sku.objects.get(sku_id=sku_id(number))
        assert (sku.part_number, sku.name) == (f"PRODUCT_{number}", f"Product {max(number, 15)}")


def test_partner_that_uploads_it_is_told_whose_it_is(imports: Imports, catalogue: bytes, tmp_path: Path) -> None:
    agent = make_staff(Partner.objects.get(slug="alpha"), Role.ADMIN_AGENT)
    known = Sku.objects.count()
    path = tmp_path / "products.csv"
    path.write_bytes(catalogue)
    upload = receive(actor=agent, files=[Sent(path, "products.csv", len(catalogue))], about=Unsaid())
    work_on(upload=upload.pk, measure=headline)
    upload.refresh_from_db()
    [file] = upload.report["files"]
    assert (upload.state, file["refusal"], Sku.objects.count()) == (Upload.State.REFUSED, NOT_FOR_PARTNERS, known)
