"""A sales agent's morning: the worst suggestion is found, planned, and marked as done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from partners.permissions import Role
from tests.browser.conftest import Window
from tests.browser.person import Person


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_worst_suggestion_is_found_planned_and_done(open_window: Callable[..., Person], size: str) -> None:
    role = Role.SALES_AGENT if size == "desktop" else Role.ADMIN_AGENT
    person = open_window(Window(size), role)
    person.opens("/next-steps/")
    assert person.heading() == "Next steps"
    rows = person.page.locator("#results tbody tr")
    customer = rows.nth(0).locator("td").first.inner_text()
    numbers = [
        int(text.split()[0].replace(",", "")) for text in rows.locator("td.num").all_inner_texts() if text != "–"
    ]
    assert numbers == sorted(numbers, reverse=True)
    rows.nth(0).get_by_role("rowheader").get_by_role("link").click()
    person.page.wait_for_load_state()
    assert customer in person.page.locator(".sw-lead").inner_text()
    assert person.barriers() == []
    _plan(person)
    _finish(person)
    person.opens("/next-steps/?state=done")
    assert customer in person.page.locator("#results tbody").inner_text()


def _plan(person: Person) -> None:
    soon = (datetime.now(UTC).date() + timedelta(days=3)).isoformat()
    person.page.locator("#plan_planned_for").fill(soon)
    person.page.get_by_role("button", name="Plan it", exact=True).click()
    person.page.wait_for_load_state()
    assert person.page.locator(".sw-header .sw-step-planned").count() == 1


def _finish(person: Person) -> None:
    person.page.locator("#done_reason").fill("Showed them how")
    person.page.get_by_role("button", name="Mark it as done").click()
    person.page.wait_for_load_state()
    assert person.page.locator(".sw-header .sw-step-done").count() == 1
    assert "What came of it" in person.page.locator("main").inner_text()
    assert "“Showed them how”" in person.page.locator("main").inner_text()
    assert person.barriers() == []
    person.keeps_a_picture("step-done")
