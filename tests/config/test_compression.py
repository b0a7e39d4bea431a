"""Pages are sent compressed, files as they are made."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client
from django.urls import reverse

from partners.permissions import Role
from tests.people import make_partner, make_staff, signed_in

ACCEPTED = {"Accept-Encoding": "gzip, br"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return signed_in(make_staff(make_partner(), Role.GLOBAL_ADMIN))


@pytest.mark.parametrize("path", ["/terms/", "/api/v1/me/", "/nothing/"])
def test_text_is_compressed(browser: Client, path: str) -> None:
    answer = browser.get(path, headers=ACCEPTED)
    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    assert len(gzip.decompress(answer.content)) > len(answer.content)


def test_who_takes_no_compression_gets_none(browser: Client) -> None:
    assert "Content-Encoding" not in browser.get("/terms/").headers


def test_files_are_sent_while_they_are_made(browser: Client) -> None:
    answer = browser.get(reverse("insights:portfolio_csv"), headers=ACCEPTED)
    assert answer.streaming
    assert "Content-Encoding" not in answer.headers


def test_lengths_differ_from_answer_to_answer(browser: Client) -> None:
    """So that a secret isn't guessed by how well it compresses."""
    assert len({len(browser.get("/terms/", headers=ACCEPTED).content) for _ in range(20)}) > 1
