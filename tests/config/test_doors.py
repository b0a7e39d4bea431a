"""Every address has a door, and one without stops the start."""

import sys
from collections.abc import Callable
from types import ModuleType

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, get_resolver, include, path
from django.views import View
from pytest_django import Settings

from config.doors import PUBLIC, SIGNED_IN, check_doors, name_of, views
from partners.doors import Door
from partners.permissions import Action

Use = Callable[[URLPattern], list[str]]


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@login_not_required
def open_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class Opened(Door):
    action = Action.SEE_PORTFOLIO


class Closed(View):
    pass


class Named(View):
    @classmethod
    def opened_by(cls) -> frozenset[str]:
        return frozenset({"see_portfolio"})


@pytest.fixture
def faults(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Use:
    """What the check says about an installation that has this address alone."""

    def use(pattern: URLPattern) -> list[str]:
        module = ModuleType("one_address")
        module.urlpatterns = [pattern]
        monkeypatch.setitem(sys.modules, module.__name__, module)
        settings.ROOT_URLCONF = module.__name__
        return [f"{error.id}: {error.msg}" for error in check_doors(None)]

    return use


def test_every_address_of_this_installation_has_a_door() -> None:
    assert check_doors(None) == []


def test_list_of_doors_holds_nothing_that_is_gone() -> None:
    written = {name_of(view) for _, view in views(get_resolver())}
    assert (PUBLIC.keys() | SIGNED_IN.keys()) - written == set()
    assert PUBLIC.keys() & SIGNED_IN.keys() == set()


def test_door_with_an_action_is_one(faults: Use) -> None:
    assert faults(path("a/", Opened.as_view())) == []


@pytest.mark.parametrize(
    ("view", "fault"),
    [
        (page, "tests.config.test_doors.page names no action and isn't listed"),
        (open_page, "tests.config.test_doors.open_page names no action and isn't listed"),
        (Closed.as_view(), "tests.config.test_doors.Closed names no action and isn't listed"),
        (Named.as_view(), "tests.config.test_doors.Named names no action"),
        (Door.as_view(), "partners.doors.Door names no action"),
    ],
)
def test_address_without_a_door_is_an_error(faults: Use, view: Callable[..., HttpResponse], fault: str) -> None:
    assert faults(path("b/", include([path("<int:number>/", view)]))) == [
        f"seatwise.E002: /b/<int:number>/ has no door: {fault}."
    ]


def test_view_listed_for_the_signed_in_must_be_closed(faults: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SIGNED_IN, "tests.config.test_doors.page", "a test")
    monkeypatch.setattr(page, "login_required", True, raising=False)
    assert faults(path("", page)) == []
    monkeypatch.setattr(page, "login_required", False)
    assert faults(path("", page)) == [
        "seatwise.E002: / has no door: tests.config.test_doors.page is listed for those who have signed in, and open to everybody."
    ]
