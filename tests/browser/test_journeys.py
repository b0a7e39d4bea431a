"""What people come for: who is worst, why usage is above 100 %, a file; and what each role is turned away from."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from partners.permissions import Role
from tests.browser.conftest import Window, address_of
from tests.browser.person import Person

WORST = "Gruppo Adriamar S.p.A."
ABOVE = "Hoteles Cala Serena S.L."
FORBIDDEN = {
    Role.GLOBAL_ADMIN: [],
    Role.USER_ADMIN: ["/settings/", "/customers.csv", "/customers/claim/", "/admin/"],
    Role.ADMIN_AGENT: ["/staff/", "/settings/"],
    Role.SALES_AGENT: ["/staff/", "/audit/", "/settings/", "/customers.csv", "/customers/claim/", "/admin/"],
}
OTHER_PARTNERS = "Gemeente Waterdorp"


def other_partners_customer(open_window: Callable[..., Person]) -> str:
    """The address of a customer that only the other partner serves."""
    stranger = open_window(who=address_of(Role.SALES_AGENT, "havsmoln"))
    stranger.follows("Customers")
    stranger.follows(OTHER_PARTNERS)
    return stranger.page.url


@pytest.mark.parametrize("locale", ["en-GB", "it-IT"])
@pytest.mark.parametrize("role", list(Role))
def test_each_role_finds_the_worst_and_learns_why_another_is_above_100(
    open_window: Callable[..., Person], role: Role, locale: str
) -> None:
    person = open_window(Window(locale=locale), role)
    assert person.heading() == person.says("Portfolio")
    assert person.page.evaluate("document.documentElement.lang") == person.window.language
    rows = person.page.locator("#results table tbody tr")
    assert rows.nth(0).get_by_role("rowheader").inner_text() == WORST
    at_stake = [person.reads_number(row.locator("td").first.inner_text()) for row in rows.all()]
    assert at_stake == sorted(at_stake, reverse=True)
    _learns_why(person)
    _downloads_what_the_filters_leave(person)
    _is_turned_away(person, role, other_partners_customer(open_window))


def _learns_why(person: Person) -> None:
    person.follows(ABOVE)
    assert person.heading() == ABOVE
    if "/insights/" not in person.page.url:
        person.follows(person.says("Insights"))
    usage = person.page.locator(".sw-tile", has_text=person.says("Usage", "term")).nth(0)
    assert person.reads_number(usage.locator(".sw-tile-number").inner_text()) > 100
    why = person.page.locator("#why")
    turnover = why.locator(".sw-cause-turnover")
    number = person.reads_number(turnover.inner_text().split()[-1])
    assert number > 0
    assert why.locator(".sw-cause-second, .sw-cause-trial, .sw-cause-beyond").count() == 0
    turnover.get_by_role("link").click()
    person.page.wait_for_load_state()
    assert person.page.locator("table tbody tr").count() == number


def _downloads_what_the_filters_leave(person: Person) -> None:
    person.opens("/?country=ES")
    shown = person.page.locator("#results table tbody tr").count()
    name, lines = person.downloads("CSV")
    assert name.endswith(".csv")
    assert lines[0].split(",")[0] == "date"
    assert len(lines) - 1 == shown


def _is_turned_away(person: Person, role: Role, stranger: str) -> None:
    for path in FORBIDDEN[role]:
        person.is_turned_away(path, 403, person.says("Not for your role"))
    person.is_turned_away(stranger, 404, person.says("Nothing here"))


def test_somebody_who_has_not_signed_in_sees_the_door_only(open_window: Callable[..., Person]) -> None:
    person = open_window()
    for path in ("/", "/customers/", "/staff/", "/admin/"):
        person.opens(path)
        assert person.page.url.split("?")[0].endswith("/account/login/")


def test_filters_answer_without_a_page_load_and_stand_in_the_address(open_window: Callable[..., Person]) -> None:
    person = open_window(who=Role.SALES_AGENT)
    person.page.evaluate("window.stayed = true")
    every = person.page.locator("#results table tbody tr").count()
    person.page.get_by_label("Country").select_option("CN")
    person.page.wait_for_url("**country=CN**")
    person.page.wait_for_function("n => document.querySelectorAll('#results tbody tr').length < n", arg=every)
    assert person.page.evaluate("window.stayed") is True
    some = person.page.locator("#results table tbody tr").count()
    person.page.reload()
    assert person.page.locator("#results table tbody tr").count() == some
    assert person.page.get_by_label("Country").input_value() == "CN"
    person.page.go_back()
    person.page.wait_for_function("n => document.querySelectorAll('#results tbody tr').length === n", arg=every)


def test_pages_work_without_scripts(open_window: Callable[..., Person], browser: object, server: str) -> None:
    person = open_window(who=Role.SALES_AGENT)
    plain = browser.new_context(
        base_url=server, java_script_enabled=False, storage_state=person.page.context.storage_state()
    ).new_page()
    plain.goto("/")
    plain.get_by_label("Country").select_option("CN")
    plain.get_by_role("button", name="Show").click()
    plain.wait_for_url("**country=CN**")
    assert plain.locator("#results table tbody tr").count() == 7


def test_colours_are_kept_and_come_without_a_flash(open_window: Callable[..., Person]) -> None:
    person = open_window(Window(colours="light"), Role.SALES_AGENT)
    theme = "document.documentElement.dataset.bsTheme"
    assert person.page.evaluate(theme) == "light"
    person.page.get_by_role("button", name="Colours").click()
    person.page.get_by_role("button", name="Dark").click()
    assert person.page.evaluate(theme) == "dark"
    person.page.add_init_script(
        "new MutationObserver(() => { if (document.body) window.first ??= document.documentElement.dataset.bsTheme })"
        ".observe(document, {childList: true, subtree: true})"
    )
    person.opens("/customers/")
    assert person.page.evaluate("window.first") == "dark"
    person.page.get_by_role("button", name="Colours").click()
    person.page.get_by_role("button", name="As the system").click()
    person.looks_in("dark")
    person.looks_in("light")


def test_the_keyboard_reaches_the_content_first(open_window: Callable[..., Person]) -> None:
    person = open_window(who=Role.SALES_AGENT)
    person.opens("/customers/")
    person.page.keyboard.press("Tab")
    person.page.keyboard.press("Enter")
    assert person.page.evaluate("document.activeElement.id") == "main"


def test_the_navigation_opens_on_a_phone(open_window: Callable[..., Person]) -> None:
    person = open_window(Window(size="phone"), Role.SALES_AGENT)
    link = person.page.get_by_role("navigation", name="Main").get_by_role("link", name="Customers")
    assert not link.is_visible()
    person.page.get_by_role("button", name="Menu").click()
    link.click()
    person.page.wait_for_url("**/customers/")
    assert person.heading() == "Customers"


def test_what_a_filter_leaves_empty_stays_out_of_the_address(open_window: Callable[..., Person]) -> None:
    person = open_window(who=Role.SALES_AGENT)
    person.page.get_by_label("Country").select_option("ES")
    person.page.wait_for_url("**/?country=ES")
    person.opens("/customers/?sort=name")
    person.page.get_by_label("Country").select_option("ES")
    person.page.wait_for_url("**/customers/?*country=ES*")
    assert "=&" not in person.page.url
    assert not person.page.url.endswith("=")
