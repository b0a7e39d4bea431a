"""The OpenAPI document and the page that shows it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from partners.api.openapi import openapi
from partners.permissions import Role
from tests.people import make_partner, make_staff, signed_in

PATHS = {
    "/api/v1/customers/": "customers",
    "/api/v1/customers/{customer_id}/": "customer",
    "/api/v1/customers/{customer_id}/subscriptions/": "subscriptions",
    "/api/v1/insights/": "insights",
    "/api/v1/me/": "me",
    "/api/v1/portfolio/": "portfolio",
}
STATUSES = {"200", "400", "401", "403", "404", "405", "406", "429", "500"}


def document() -> dict:
    return Client().get("/api/v1/schema/").json()


def test_document_is_made_without_a_warning_and_is_valid() -> None:
    GENERATOR_STATS.reset()
    openapi.cache_clear()
    described = openapi("en")
    assert not GENERATOR_STATS
    validate_schema(described)


def test_document_has_every_address_and_only_reading() -> None:
    described = document()
    assert {path: methods["get"]["operationId"] for path, methods in described["paths"].items()} == PATHS
    assert {tuple(methods) for methods in described["paths"].values()} == {("get",)}


def test_every_error_is_described_as_a_problem() -> None:
    for methods in document()["paths"].values():
        answers = methods["get"]["responses"]
        assert set(answers) == STATUSES
        kinds = {kind for status, answer in answers.items() if status != "200" for kind in answer["content"]}
        assert kinds == {"application/problem+json"}


def test_parameters_are_those_of_the_contract() -> None:
    paths = document()["paths"]
    named = {
        methods["get"]["operationId"]: sorted(
            parameter["name"] for parameter in methods["get"].get("parameters", []) if parameter["in"] == "query"
        )
        for methods in paths.values()
    }
    figures = ["by", "country", "date", "family", "page", "page_size", "segment", "seller", "sku", "workload"]
    assert named == {
        "me": [],
        "portfolio": figures,
        "insights": sorted([*figures, "customer"]),
        "customers": ["country", "owner", "page", "page_size", "search", "segment", "tag"],
        "customer": [],
        "subscriptions": ["date", "page", "page_size"],
    }


def test_both_ways_of_signing_in_are_described() -> None:
    described = document()
    assert set(described["components"]["securitySchemes"]) == {"bearer", "session"}
    asked = [methods["get"]["security"] for methods in described["paths"].values()]
    assert asked == [[{"bearer": []}, {"session": []}]] * len(PATHS)


@pytest.mark.parametrize("address", ["/api/v1/schema/", "/api/v1/docs/"])
def test_description_is_public_and_read_only(address: str) -> None:
    assert Client().get(address).status_code == 200
    assert Client().post(address).status_code == 405


def test_page_shows_every_address_and_field_without_inline_code() -> None:
    page = Client().get("/api/v1/docs/").content.decode()
    assert [path for path in PATHS if f"GET {path}" not in page] == []
    assert "results[].usage_pct" in page
    assert re.findall(r"<script(?![^>]*\ssrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=", page) == []


@pytest.mark.django_db
def test_page_is_the_same_for_who_has_signed_in() -> None:
    client = signed_in(make_staff(make_partner(), Role.SALES_AGENT))
    assert client.get("/api/v1/docs/").status_code == 200
