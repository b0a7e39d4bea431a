"""The command menu: by keyboard alone to a customer and to a page, announced, and out of the way of whoever types."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from partners.permissions import Role
from tests.browser.conftest import Window
from tests.browser.person import Person

WORST = "Gruppo Adriamar S.p.A."


def options(person: Person) -> list[str]:
    return person.page.locator("#find-list [role=option]").all_inner_texts()


def active(person: Person) -> str:
    """What the combobox says is active, which is what is marked."""
    named = person.page.locator("#find [role=combobox]").get_attribute("aria-activedescendant")
    marked = person.page.locator("#find-list [aria-selected=true]")
    assert marked.get_attribute("id") == named
    return marked.inner_text()


def is_open(person: Person) -> bool:
    return person.page.evaluate("() => document.getElementById('find').open")


@pytest.mark.parametrize("key", ["/", "Control+k"])
def test_customer_is_found_by_keyboard_alone(open_window: Callable[..., Person], key: str) -> None:
    person = open_window(who=Role.SALES_AGENT)
    keyboard = person.page.keyboard
    keyboard.press(key)
    person.page.locator("#find-list [role=option]").first.wait_for()
    assert "Portfolio" in options(person)
    keyboard.type("adria")
    person.page.locator("#find-list [role=option]", has_text=WORST).wait_for()
    assert active(person).startswith(WORST)
    assert person.page.locator("#find-said").inner_text() == "1 customer is found."
    assert person.page.locator("#find [role=combobox]").get_attribute("aria-expanded") == "true"
    keyboard.press("Enter")
    person.page.wait_for_url("**/customers/*-*/")
    assert person.heading() == WORST


def test_page_is_reached_with_the_arrows(open_window: Callable[..., Person]) -> None:
    person = open_window(who=Role.GLOBAL_ADMIN)
    keyboard = person.page.keyboard
    keyboard.press("/")
    person.page.locator("#find-list [role=option]").first.wait_for()
    every = options(person)
    assert active(person) == every[0]
    keyboard.press("ArrowDown")
    assert active(person) == every[1]
    keyboard.press("ArrowUp")
    keyboard.press("ArrowUp")
    assert active(person) == every[-1]
    keyboard.type("audit")
    person.page.wait_for_function("() => document.querySelectorAll('#find-list [role=option]').length === 1")
    keyboard.press("Enter")
    person.page.wait_for_url("**/audit/")


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_menu_has_no_barrier(open_window: Callable[..., Person], size: str, colours: str) -> None:
    person = open_window(Window(size, colours), Role.GLOBAL_ADMIN)
    person.page.keyboard.press("Control+k")
    person.page.keyboard.type("a")
    person.page.locator("#find-list [role=option]", has_text=WORST).wait_for()
    assert person.barriers() == []
    person.keeps_a_picture("command-menu", whole=False)


def test_focus_stays_in_the_menu_and_comes_back(open_window: Callable[..., Person]) -> None:
    person = open_window(who=Role.SALES_AGENT)
    person.page.locator("#filter-country").focus()
    person.page.keyboard.press("Control+k")
    for _ in range(6):
        inside = "() => document.activeElement === document.body || document.activeElement.closest('dialog') !== null"
        assert person.page.evaluate(inside)
        person.page.keyboard.press("Tab")
    person.page.keyboard.press("Escape")
    assert not is_open(person)
    assert person.page.evaluate("() => document.activeElement.id") == "filter-country"


def test_slash_stays_out_of_the_way(open_window: Callable[..., Person]) -> None:
    person = open_window(who=Role.SALES_AGENT)
    person.opens("/customers/")
    person.page.locator("#search").press("/")
    assert not is_open(person)
    assert person.page.locator("#search").input_value() == "/"
    person.page.keyboard.press("Control+k")
    person.page.locator("[data-sw-slash]").uncheck()
    person.page.keyboard.press("Escape")
    person.opens("/next-steps/")
    person.page.keyboard.press("/")
    assert not is_open(person)


def test_nothing_found_is_told(open_window: Callable[..., Person]) -> None:
    person = open_window(who=Role.SALES_AGENT)
    person.page.keyboard.press("/")
    person.page.keyboard.type("qqq")
    person.page.wait_for_function("() => document.getElementById('find-said').textContent === 'Nothing is found.'")
    assert options(person) == []
    person.page.keyboard.press("Enter")
    assert is_open(person)


def test_link_opens_the_page_without_scripts(open_window: Callable[..., Person], browser: object, server: str) -> None:
    person = open_window(who=Role.SALES_AGENT)
    plain = browser.new_context(
        base_url=server, java_script_enabled=False, storage_state=person.page.context.storage_state()
    ).new_page()
    plain.goto("/customers/")
    plain.get_by_role("link", name="Find", exact=True).click()
    plain.wait_for_url("**/find/")
    plain.get_by_label("What to find").fill("adria")
    plain.get_by_role("button", name="Find", exact=True).click()
    plain.get_by_role("link", name=WORST).click()
    assert plain.locator("h1").inner_text() == WORST
