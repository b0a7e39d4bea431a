"""Every page at 320 pixels: nothing scrolls sideways but tables, under their first column; and how much it weighs."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest
from playwright.sync_api import Response

from partners.permissions import Role
from tests.browser.conftest import Window
from tests.browser.person import Person
from tests.browser.test_every_page import PAGES, known_in

PAGE_BYTES, SCRIPT_BYTES = 250_000, 60_000
LOOSE = """() => [...document.querySelectorAll('.table-responsive')]
    .filter((box) => box.scrollWidth > box.clientWidth)
    .flatMap((box) => [...box.querySelectorAll('thead > tr > :first-child, tbody > tr > :first-child')])
    .filter((cell) => getComputedStyle(cell).position !== 'sticky')
    .map((cell) => cell.textContent.trim().slice(0, 40)).slice(0, 3)"""
"""First cells of tables that scroll, which go away with the rest."""
WIDE = "() => document.documentElement.scrollWidth - window.innerWidth"


def test_every_page_fits_a_small_window_and_is_light(open_window: Callable[..., Person]) -> None:
    person = open_window(Window("small"), Role.GLOBAL_ADMIN)
    fetched: dict[str, Response] = {}
    person.page.on("response", lambda response: fetched.update({response.url: response}))
    known = known_in(person)
    found = {}
    for name, path in PAGES.items():
        fetched.clear()
        assert person.opens(path.format(**known)).status == 200
        person.page.wait_for_load_state("networkidle")
        person.keeps_a_picture(name.partition(":")[2] or name)
        found[name] = [*_too_wide(person), *_too_heavy(fetched)]
    assert {name: told for name, told in found.items() if told} == {}


def _too_wide(person: Person) -> list[str]:
    wide = person.page.evaluate(WIDE)
    told = [f"{wide} pixels too wide"] if wide > 0 else []
    return told + [f"not pinned: {cell}" for cell in person.page.evaluate(LOOSE)]


def _too_heavy(fetched: dict[str, Response]) -> list[str]:
    """What the page and all that it fetches weigh when they are compressed, as the web server sends them."""
    sizes = {url: len(gzip.compress(response.body(), 6)) for url, response in fetched.items() if response.ok}
    script = sum(size for url, size in sizes.items() if url.partition("?")[0].endswith(".js"))
    told = [f"{sum(sizes.values())} bytes"] if sum(sizes.values()) > PAGE_BYTES else []
    return told + ([f"{script} bytes of script"] if script > SCRIPT_BYTES else [])


@pytest.mark.parametrize("size", ["small", "phone"])
def test_figures_stand_in_the_first_screen_and_filters_behind_a_button(
    open_window: Callable[..., Person], size: str
) -> None:
    person = open_window(Window(size), Role.SALES_AGENT)
    country = person.page.get_by_label("Country")
    assert not country.is_visible()
    first = person.page.locator(".sw-tile-number").first.bounding_box()
    assert first is not None
    assert first["y"] < person.page.viewport_size["height"]
    person.page.locator(".sw-fold > summary").click()
    country.select_option("SE")
    person.page.wait_for_url("**country=SE**")
    assert person.page.locator("#folded").inner_text().split()[0] == "1"


def test_filters_need_no_button_on_a_desktop(open_window: Callable[..., Person]) -> None:
    person = open_window(who=Role.SALES_AGENT)
    assert person.page.get_by_label("Country").is_visible()
    assert not person.page.locator(".sw-fold > summary").is_visible()
