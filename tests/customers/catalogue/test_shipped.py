"""What a fresh installation knows, and how the migration gives and takes it."""

from types import SimpleNamespace

import pytest

from customers import models
from customers.catalogue.shipped import install, shipped_skus, uninstall
from customers.models import CatalogueEpoch, Family, Load, Sku, Workload

pytestmark = pytest.mark.django_db


def stored() -> set[tuple[object, ...]]:
    return {
        (
            sku.sku_id,
            sku.part_number,
            sku.name,
            sku.family.code,
            frozenset(workload.code for workload in sku.workloads.all()),
            sku.is_free,
            sku.is_viral,
        )
        for sku in Sku.objects.select_related("family").prefetch_related("workloads")
    }


def shipped() -> set[tuple[object, ...]]:
    return {
        (sku.sku_id, sku.part_number, sku.name, sku.family, sku.workloads, sku.is_free, sku.is_viral)
        for sku in shipped_skus()
    }


def test_fresh_installation_knows_the_shipped_skus() -> None:
    assert stored() == shipped()
    assert len(stored()) == 46


def test_fresh_installation_has_its_families_and_workloads() -> None:
    assert dict(Family.objects.values_list("key", "in_insights")) == {
        "o365": True,
        "crm": True,
        "visio": False,
        "project": False,
        "ems": False,
        "power": False,
        "other": False,
    }
    assert dict(Workload.objects.values_list("code", "unlicensed_family__code")) == {
        "EXO": None,
        "SPO": None,
        "TEAMS": None,
        "YAM": "o365",
        "SFB": None,
        "PROPLUS": None,
        "CRM": None,
    }


def test_fresh_installation_is_in_the_first_epoch() -> None:
    assert list(CatalogueEpoch.objects.values_list("id", "number")) == [(1, 1)]


def test_install_twice_changes_nothing() -> None:
    Family.objects.filter(key="crm").update(in_insights=False)
    install(models, alias="default")
    assert stored() == shipped()
    assert Family.objects.get(key="crm").in_insights is False


def test_uninstall_keeps_what_somebody_has_stated_and_install_brings_the_rest_back() -> None:
    load = Load.objects.create(kind=Load.Kind.FEED, source="feed")
    Sku.objects.filter(part_number="SPE_E3").update(load=load)
    uninstall(SimpleNamespace(Sku=Sku, SubscriptionVersion=models.SubscriptionVersion), alias="default")
    assert [sku.part_number for sku in Sku.objects.all()] == ["SPE_E3"]
    install(models, alias="default")
    assert stored() == shipped()
