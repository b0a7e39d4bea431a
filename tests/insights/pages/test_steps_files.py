"""The tables of the next steps as files: the rows of their pages, in every format, for whom the pages are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from customers.clock import today
from insights.models import Course, StepSettings, Suggestion, TrainingSession
from insights.services.rollup import rollup
from partners.permissions import Role
from tests.insights.exports.reading import csv_rows, fetched, json_rows, xlsx_rows
from tests.insights.pages.conftest import Portfolio
from tests.insights.pages.reading import tables
from tests.insights.steps.suggesting import suggest

STEPS = "/next-steps"
NAMES = ("Alfa", "Bravo", "Charlie")


@pytest.fixture
def suggested(world: Portfolio) -> list[Suggestion]:
    StepSettings.objects.create(partner=world.us, last_run=today() - timedelta(days=1))
    return [suggest(world.us, world.serve(name), weight=10 * place) for place, name in enumerate(NAMES, start=1)]


def same_in_every_format(client: Client, address: str, query: str = "") -> list[dict[str, str]]:
    """The rows of a file, which are the same in each format."""
    as_csv, as_json, as_xlsx = (fetched(client, f"{address}.{form}{query}") for form in ("csv", "json", "xlsx"))
    rows = json_rows(as_json)
    assert xlsx_rows(as_xlsx) == rows
    assert [{name: text.removeprefix("'") for name, text in row.items()} for row in csv_rows(as_csv)] == rows
    return rows


@pytest.mark.parametrize("query", ["", "?order=newest", "?q=bravo", "?state=dismissed", "?state=all", "?owner=none"])
def test_file_has_the_rows_of_the_page(suggested: list[Suggestion], browser: Client, query: str) -> None:
    Suggestion.objects.filter(pk=suggested[2].pk).update(state="dismissed", closed_on=today())
    rows = same_in_every_format(browser, STEPS, query)
    found = tables(browser.get(f"{STEPS}/{query}"))
    shown = [row[:4] for row in found[0][1:]] if found else []
    assert [[row["what_to_do"], row["customer"], row["because"], row["is_about"]] for row in rows] == shown


def test_file_is_whole_where_the_page_has_pages(world: Portfolio, browser: Client) -> None:
    customer = world.serve("Alfa")
    for number in range(51):
        suggest(world.us, customer, rule="renew", subject=str(number))
    assert len(json_rows(fetched(browser, f"{STEPS}.json?page=2"))) == 51


def test_sessions_of_a_training_have_a_file(suggested: list[Suggestion], world: Portfolio, browser: Client) -> None:
    course = Course.objects.create(partner=world.us, title="=Start", kind="online", language="en")
    about: dict[str, Any] = {"partner": world.us, "course": course, "invited": 9}
    TrainingSession.objects.create(**about, customer=suggested[0].customer, suggestion=suggested[0], held_on=today())
    TrainingSession.objects.create(
        **about, customer=suggested[1].customer, held_on=today() - timedelta(days=1), attended=7
    )
    rows = same_in_every_format(browser, f"{STEPS}/training/{course.pk}/sessions")
    names = ("customer", "course", "kind", "invited", "attended", "suggestion")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("Alfa", "=Start", "online", "9", "", str(suggested[0].pk)),
        ("Bravo", "=Start", "online", "9", "7", ""),
    ]
    assert (
        f"{STEPS}/training/{course.pk}/sessions.csv" in browser.get(f"{STEPS}/training/{course.pk}/").content.decode()
    )


def test_outcome_has_a_file_once_it_is_known(world: Portfolio, browser: Client) -> None:
    customer = world.serve("Alfa")
    world.licences(customer, sold=10, assigned=5, used=2)
    done = today() - timedelta(days=40)
    one = suggest(world.us, customer, state="done", closed_on=done, raised_on=done)
    world.coverage(None, *(today() - timedelta(days=days) for days in range(1, 70)), customer=customer)
    rollup(first=done, last=done)
    rows = same_in_every_format(browser, f"{STEPS}/{one.pk}/outcome")
    names = ("days", "figure", "before", "after", "change", "others")
    assert [tuple(row[name] for name in names) for row in rows][:1] == [
        ("28", "deployment_pct", "50.0", "50.0", "0.0", "0")
    ]
    assert f"{STEPS}/{one.pk}/outcome.csv" in browser.get(f"{STEPS}/{one.pk}/").content.decode()


def test_outcome_that_is_not_known_is_an_empty_file(suggested: list[Suggestion], browser: Client) -> None:
    assert same_in_every_format(browser, f"{STEPS}/{suggested[0].pk}/outcome") == []


def test_files_are_for_whom_the_pages_are(
    suggested: list[Suggestion], world: Portfolio, sign_in: Callable[..., Client]
) -> None:
    course = Course.objects.create(partner=world.us, title="Start", kind="online", language="en")
    sessions = f"{STEPS}/training/{course.pk}/sessions.csv"
    outcome = f"{STEPS}/{suggested[0].pk}/outcome.csv"
    assert [sign_in(Role.USER_ADMIN).get(path).status_code for path in (f"{STEPS}.csv", sessions)] == [200, 403]
    stranger = sign_in(partner=world.them)
    assert [stranger.get(path).status_code for path in (sessions, outcome)] == [404, 404]
    assert json_rows(fetched(stranger, f"{STEPS}.json")) == []
