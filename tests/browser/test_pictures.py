"""Pictures of the demo portfolio, as a stranger sees it first; `make screenshots` puts them into docs/screenshots."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from partners.permissions import Role
from tests.browser.conftest import Window, pictures
from tests.browser.person import Person

ABOVE = "Hoteles Cala Serena S.L."
PICTURES = {
    "portfolio": (Window(), "/", None),
    "portfolio-dark": (Window(colours="dark"), "/", None),
    "customers": (Window(), "/customers/", None),
    "customer": (Window(), "", "Overview"),
    "insights": (Window(), "", "Insights"),
    "insights-phone": (Window(size="phone"), "", "Insights"),
    "subscriptions": (Window(), "", "Subscriptions"),
    "data": (Window(), "", "Data"),
    "terms": (Window(), "/terms/", None),
}


@pytest.mark.parametrize("name", list(PICTURES))
def test_picture(open_window: Callable[..., Person], name: str) -> None:
    window, path, tab = PICTURES[name]
    person = open_window(window, Role.GLOBAL_ADMIN)
    if tab is None:
        person.opens(path)
    else:
        person.opens("/customers/?q=serena")
        person.follows(ABOVE)
        person.follows(tab)
    pictures().mkdir(parents=True, exist_ok=True)
    person.page.screenshot(path=pictures() / f"{name}.png")
    assert person.page.locator("h1").inner_text() != ""
