"""Pages in a language whose texts are 40 % longer: nothing is cut off, and nothing scrolls sideways."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from partners.permissions import Role
from tests.browser.conftest import Window
from tests.browser.person import Person
from tests.browser.test_every_page import PAGES, known_in
from tests.pseudo import CODE, LONGER, spoken

CUT_OFF = """() => {
  const told = [];
  for (const each of document.querySelectorAll("main *, header *, footer *")) {
    if (each.closest("svg, .visually-hidden, [hidden], template") || !each.checkVisibility()) continue;
    const style = getComputedStyle(each), hides = (overflow) => ["hidden", "clip"].includes(overflow);
    if (each.title || each.querySelector("[title]")) continue;
    if ((hides(style.overflowX) && each.scrollWidth > each.clientWidth + 1)
      || (hides(style.overflowY) && each.scrollHeight > each.clientHeight + 1))
      told.push(`${each.className || each.tagName}: ${each.innerText.slice(0, 80)}`);
  }
  return told;
}"""
"""What overflows an element that hides it; what says itself whole in its title isn't lost."""


@pytest.fixture
def long_texts() -> Iterator[None]:
    with spoken(LONGER):
        yield


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_no_text_is_cut_off_in_a_language_of_longer_words(
    long_texts: None, open_window: Callable[..., Person], size: str
) -> None:
    window = Window(size, locale=CODE)
    person = open_window(window)
    found = {"/account/login/": _faults(person, "/account/login/")}
    person = open_window(window, Role.GLOBAL_ADMIN)
    known = known_in(person)
    for path in PAGES.values():
        address = path.format(**known)
        found[address] = _faults(person, address)
    assert {path: told for path, told in found.items() if told} == {}


def _faults(person: Person, path: str) -> list[str]:
    assert person.opens(path).status == 200
    width, room = person.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    told = person.page.evaluate(CUT_OFF)
    person.keeps_a_picture(f"long{path.partition('?')[0].replace('/', '-').rstrip('-')}")
    return told + ([f"{width} pixels wide in a window of {room}"] if width > room else [])
