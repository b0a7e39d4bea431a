"""A web server on the demo portfolio, loaded once for all browser tests of a process; browsers of each size and colour."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from config.start import environment
from partners.permissions import Role
from partners.services.demo_logins import kept_password
from tests.browser.chromium import ARGUMENTS, found
from tests.browser.person import Person
from tests.shipped import put_back

PICTURES_VARIABLE = "SEATWISE_SCREENSHOTS"
PATIENCE = 90_000
"""Milliseconds: a machine with a lot to do is slow, and no test is about that."""
SIZES = {
    "desktop": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844},
    "small": {"width": 320, "height": 640},
}


@pytest.fixture(scope="package")
def portfolio(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo portfolio with its logins, committed, so that a server sees it; cleared afterwards."""
    with django_db_blocker.unblock():
        put_back()
        call_command("demo", stdout=StringIO())
    yield
    with django_db_blocker.unblock():
        call_command("flush", database="owner", interactive=False, verbosity=0)


def address_of(role: Role, partner: str = "cirrovento") -> str:
    """Whom to sign in as."""
    return f"{role.value.replace('_', '.')}@{partner}.example"


@pytest.fixture(scope="package")
def server(portfolio: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of a web server on the portfolio."""
    with django_db_blocker.unblock():
        running = LiveServer("localhost")
        running._live_server_modified_settings.enable()
        yield running.url
        running.stop()
        running._live_server_modified_settings.disable()


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A browser of one's own: Playwright's event loop must not outlive the test, or Django's ORM refuses to work beside it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found_or_fail(), args=list(ARGUMENTS))
        yield browser
        browser.close()


def found_or_fail() -> str:
    own = os.environ.get("SEATWISE_CHROMIUM") or _CHROMIUM
    assert own is not None, "no Chromium: python -m tests.browser.chromium installs one"
    return own


_CHROMIUM = found()


@dataclass(frozen=True)
class Window:
    """How somebody looks at the pages."""

    size: str = "desktop"
    colours: str = "light"
    locale: str = "en-GB"
    """What the browser asks for."""

    @property
    def folder(self) -> Path:
        """Where its pictures go."""
        name = f"{self.colours}-{self.size}"
        return pictures() / (name if self.language == "en" else f"{name}-{self.language}")

    @property
    def language(self) -> str:
        """In which pages answer."""
        return self.locale.partition("-")[0]


def pictures() -> Path:
    """Where pictures are kept."""
    return Path(os.environ.get(PICTURES_VARIABLE) or environment().var / "screenshots")


@pytest.fixture
def open_window(browser: Browser, server: str) -> Iterator[object]:
    """`open_window(Window(...), role)` is a person in front of a browser; console errors are complained about at the end."""
    people: list[Person] = []

    def opened(window: Window | None = None, who: Role | str | None = None) -> Person:
        window = window or Window()
        context = browser.new_context(
            base_url=server,
            viewport=SIZES[window.size],
            color_scheme=window.colours,
            locale=window.locale,
            reduced_motion="reduce",  # colours that are still fading have any contrast
        )
        context.set_default_timeout(PATIENCE)
        page: Page = context.new_page()
        person = Person(page, window)
        people.append(person)
        if who is not None:
            person.signs_in(
                address_of(who) if isinstance(who, Role) else who, kept_password(environment().var / "demo-logins")
            )
        return person

    yield opened
    assert [complaint for person in people for complaint in person.complaints] == []
