"""What somebody does in front of a browser, and what he or she would complain about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from django.utils.formats import get_format
from django.utils.translation import gettext, override, pgettext
from playwright.sync_api import ConsoleMessage, Download, Locator, Page, Response

if TYPE_CHECKING:
    from tests.browser.conftest import Window


class Person:
    """Somebody with a browser window. `complaints` collects every error of the browser's console."""

    def __init__(self, page: Page, window: Window) -> None:
        self.page = page
        self.window = window
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def says(self, text: str, context: str = "") -> str:
        """What stands for this English text on the pages that the person reads."""
        with override(self.window.language):
            return pgettext(context, text) if context else gettext(text)

    def signs_in(self, email: str, password: str) -> None:
        """By the form, as everybody does."""
        self.opens("/account/login/")
        self.page.get_by_label(self.says("E-mail address")).fill(email)
        self.page.get_by_label(self.says("Password")).fill(password)
        self.page.get_by_role("button", name=self.says("Sign in"), exact=True).click()
        self.page.wait_for_url("**/")

    def reads_number(self, text: str) -> float:
        """A number as a page writes it, of percent or not."""
        with override(self.window.language):
            apart, point = get_format("THOUSAND_SEPARATOR"), get_format("DECIMAL_SEPARATOR")
        return float(text.strip(" %\N{NO-BREAK SPACE}≥").replace(apart, "").replace(point, "."))

    def opens(self, path: str) -> Response:
        """By typing the address."""
        response = self.page.goto(path)
        assert response is not None
        return response

    def follows(self, name: str, *, within: Locator | None = None) -> None:
        """A link by its words."""
        (within or self.page).get_by_role("link", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def is_turned_away(self, path: str, status: int, heading: str) -> None:
        """What the address answers, and what the page says; the browser's own complaint about the status is heard here."""
        heard = len(self.complaints)
        assert self.opens(path).status == status
        assert self.heading() == heading
        assert all(f"status of {status}" in complaint for complaint in self.complaints[heard:])
        del self.complaints[heard:]

    def downloads(self, name: str) -> tuple[str, list[str]]:
        """A file by the words in the menu of downloads: its name and its lines."""
        self.page.locator(".sw-menu:has(a[download]) summary").first.click()
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=name, exact=True).first.click()
        download: Download = waiting.value
        with open(download.path(), encoding="utf-8-sig", newline="") as file:  # noqa: PTH123
            return download.suggested_filename, file.read().splitlines()

    def turns(self, colours: str) -> None:
        """The system turns light or dark."""
        self.window = replace(self.window, colours=colours)
        self.page.emulate_media(color_scheme=colours)

    def looks_in(self, colours: str) -> None:
        """The system turns light or dark, and our page with it."""
        self.turns(colours)
        # A function: a string would be evaluated, which the page's content security policy forbids.
        self.page.wait_for_function("wanted => document.documentElement.dataset.bsTheme === wanted", arg=colours)

    def heading(self) -> str:
        """What the page is called."""
        return self.page.locator("h1").inner_text()

    def barriers(self, rules: tuple[str, ...] = ()) -> list[str]:
        """What axe finds (by these sets of its rules, else by all), and what would make the page scroll sideways."""
        found = Axe().run(self.page, options={"runOnly": list(rules)} if rules else None).response["violations"]
        told = [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]
        width, room = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        return told + ([f"{width} pixels wide in a window of {room}"] if width > room else [])

    def keeps_a_picture(self, name: str, *, whole: bool = True) -> None:
        """Under the folder of this window."""
        self.window.folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=self.window.folder / f"{name}.png", full_page=whole)
