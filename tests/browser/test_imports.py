"""Files are dropped, seen in a dry run, applied, and undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from customers.clock import today
from partners.permissions import Role
from tests.browser.person import Person

CUSTOMER = "Hoteles Cala Serena S.L."
DAY = (today() - timedelta(days=2)).isoformat()
REPORT = (
    "Report Refresh Date,User Principal Name,Is Deleted,Exchange Last Activity Date,Assigned Products\n"
    f"{DAY},ann@new.example,False,{DAY},OFFICE 365 E3\n{DAY},bob@new.example,False,,OFFICE 365 E3\n"
)


def sends(person: Person, name: str, text: str) -> None:
    person.page.locator("#id_files").set_input_files([{"name": name, "mimeType": "text/csv", "buffer": text.encode()}])
    person.page.get_by_role("button", name="Check", exact=True).click()
    person.page.wait_for_url("**/imports/*-*/")


def test_report_is_tried_out_applied_and_undone(open_window: Callable[..., Person]) -> None:
    person = open_window(who=Role.ADMIN_AGENT)
    person.follows("Imports")
    sends(person, "report.csv", REPORT)
    assert person.heading() == "report.csv"
    page = person.page
    assert "The file doesn't say which customer it is about" in page.locator("#upload").inner_text()
    page.locator("#id_customer").press_sequentially("Cala Ser")
    page.wait_for_selector("#customers option", state="attached")
    page.locator("#id_customer").fill(page.locator("#customers option").first.get_attribute("value") or "")
    page.get_by_role("button", name="Check again").click()
    page.get_by_role("button", name="Apply all").wait_for()
    figures = page.locator("table", has=page.get_by_role("columnheader", name="Deployment"))
    assert figures.get_by_role("rowheader").inner_text() == CUSTOMER
    page.get_by_role("button", name="Apply all").click()
    page.get_by_text("Applied by").wait_for()
    page.locator("summary", has_text="Undo").click()
    page.get_by_label("Reason").fill("It was the wrong customer")
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("It was the wrong customer. Everything is as if it had never been applied.").wait_for()
    person.follows("Imports", within=page.get_by_role("navigation", name="Main"))
    assert "undone" in page.locator("#results tbody tr").first.inner_text()


def test_too_many_bytes_are_told_before_they_are_sent(open_window: Callable[..., Person]) -> None:
    person = open_window(who=Role.ADMIN_AGENT)
    person.follows("Imports")
    person.page.locator("form.sw-send").evaluate("form => { form.dataset.mostBytes = '10'; }")
    person.page.locator("#id_files").set_input_files([{"name": "a", "mimeType": "text/csv", "buffer": b"x" * 11}])
    person.page.get_by_role("button", name="Check", exact=True).click()
    assert "megabytes together. Send fewer at a time." in person.page.locator("[data-complaint]").inner_text()
    assert person.page.url.endswith("/imports/")
