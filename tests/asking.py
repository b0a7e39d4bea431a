"""Asking the API in tests: `asking(staff).get("/api/v1/me/")`, and what an error must look like."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client

from partners.models import Staff
from partners.services.tokens import create_token


def asking(staff: Staff) -> Client:
    """A program that acts for this person by a token."""
    return Client(headers={"Authorization": f"Bearer {create_token(actor=None, staff=staff, name='Test').plain}"})


def problem(response: HttpResponse, status: int) -> dict:
    """The problem document that the answer is, told apart from its constant parts."""
    assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")
    assert "no-store" in response.headers["Cache-Control"]
    told = response.json()
    assert (told.pop("type"), told.pop("status"), told.pop("instance")) == (
        "about:blank",
        status,
        response.wsgi_request.path,
    )
    return told


def errors(response: HttpResponse) -> dict[str, list[str]]:
    """The sentences by parameter of a 400."""
    return problem(response, 400)["errors"]


def results(response: HttpResponse) -> list[dict]:
    """The rows of a page, which was to be had."""
    assert response.status_code == 200, response.content
    return response.json()["results"]
