"""A customer's page in print: the figures of its insights, and nobody else's."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils.translation import override

from customers.selectors.customers import customer_of
from insights.selectors.customer_insights import customer_figures
from insights.selectors.insight_rows import Question
from insights.sheet.content import MOST_SKUS, Subject, content
from insights.sheet.setting import pdf
from partners.permissions import Role
from tests.insights.pages.conftest import Portfolio
from tests.insights.world import DAY

HOSTILE = '#eval("1") = $x$ \\ "quoted" <a> \x00 北京 Łódź'


def said(world: Portfolio, name: str = "Fabrikam") -> dict:
    question = Question(world.us, DAY)
    customer = customer_of(partner=world.us, customer_id=world.customer.tenant_id, day=DAY)
    return content(Subject(name, "Us", question), customer_figures(question, customer))


@pytest.fixture
def used(world: Portfolio) -> Portfolio:
    world.relationship(world.us)
    world.licences(world.customer, sold=5, assigned=4, used=2)
    return world


def test_page_has_the_figures_of_the_insights(used: Portfolio) -> None:
    found = said(used)
    assert [tile["value"] for tile in found["tiles"]] == ["80.0%", "≥ 40.0%", "≥ 40.0%", "≥ 50.0%"]
    assert [tile["note"] for tile in found["tiles"]] == ["4 of 5", "2 of 5", "2 of 5", "2 of 4"]
    skus, workloads = found["tables"]
    assert skus["rows"] == [["The E3", "5", "4", "80.0%", "≥ 40.0%", "2", "1"]]
    assert (skus["more"], workloads["title"]) == ("", "Per workload")
    assert json.loads(json.dumps(found))["lead"].startswith("As of ")


def test_more_skus_than_fit_are_counted(used: Portfolio) -> None:
    for number in range(MOST_SKUS + 1):
        sku = used.sku("EXO", part_number=f"PART {number}")
        used.licences(used.customer, sold=1, assigned=0, used=0, sku=sku)
    assert said(used)["tables"][0]["more"] == "And 2 more SKUs."


@pytest.mark.parametrize("name", [HOSTILE, "x" * 256, ""])
def test_names_are_set_as_text(used: Portfolio, name: str) -> None:
    assert pdf(said(used, name)).startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["en", "it", "zh-hans", "es", "sv", "nl"])
def test_page_is_set_in_every_language(used: Portfolio, language: str) -> None:
    with override(language):
        assert pdf(said(used)).startswith(b"%PDF-")


def test_file_is_for_who_serves_the_customer(used: Portfolio, browser: Client, sign_in: object) -> None:
    path = f"/customers/{used.customer.tenant_id}/report.pdf?date={DAY.isoformat()}"
    answer = browser.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"].endswith(f'-{DAY.isoformat()}.pdf"')
    assert sign_in(Role.GLOBAL_ADMIN, partner=used.them).get(path).status_code == 404
    assert sign_in(Role.SALES_AGENT).get(path).status_code == 200


def test_customer_without_licences_has_a_page(world: Portfolio, browser: Client) -> None:
    world.relationship(world.us)
    answer = browser.get(f"/customers/{world.customer.tenant_id}/report.pdf?date={DAY.isoformat()}")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


def test_same_figures_are_the_same_file(used: Portfolio) -> None:
    first = pdf(said(used))
    assert b"CreationDate" not in first
    assert pdf(said(used)) == first
