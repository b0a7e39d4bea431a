"""Scopes: whose they are, how they nest, and how a request comes to its own."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser

from partners.tenancy import (
    NOBODY,
    Scope,
    acting_for,
    counting,
    current_scope,
    identify,
    operating,
    scope_of,
    signing_in,
    within,
)


def a_person(**fields: object) -> SimpleNamespace:
    defaults = {"is_authenticated": True, "is_active": True, "is_superuser": False, "partner_id": 7}
    return SimpleNamespace(**(defaults | fields))


@pytest.mark.parametrize(
    ("person", "scope"),
    [
        (AnonymousUser(), Scope(signing_in=True)),
        (a_person(), Scope(partner=7)),
        (a_person(is_active=False), Scope(signing_in=True)),
        (a_person(partner_id=None), Scope(signing_in=True)),
        (a_person(partner_id=None, is_superuser=True), Scope(everything=True)),
        (a_person(partner_id=None, is_superuser=True, is_active=False), Scope(signing_in=True)),
    ],
)
def test_scope_of_each_kind_of_person(person: object, scope: Scope) -> None:
    assert scope_of(person) == scope


def test_scopes_replace_each_other_and_come_back() -> None:
    with operating():
        with acting_for(7):
            assert current_scope() == Scope(partner=7)
            with signing_in():
                assert current_scope() == Scope(signing_in=True)
            assert current_scope() == Scope(partner=7)
        assert current_scope() == Scope(everything=True)


def test_counting_widens_the_present_scope_only() -> None:
    with acting_for(7), counting():
        assert current_scope() == Scope(partner=7, all_sellers=True)


def test_scope_comes_back_after_an_error() -> None:
    with within(NOBODY):
        with pytest.raises(ZeroDivisionError), operating():
            raise ZeroDivisionError
        assert current_scope() == NOBODY


def test_identified_person_is_forgotten_with_the_scope_around() -> None:
    with within(NOBODY):
        with signing_in():
            identify(a_person())
            assert current_scope() == Scope(partner=7)
        assert current_scope() == NOBODY


def test_thread_begins_as_nobody_and_can_be_given_the_scope() -> None:
    with acting_for(7), ThreadPoolExecutor(1) as pool:
        assert pool.submit(current_scope).result() == NOBODY
        assert pool.submit(copy_context().run, current_scope).result() == Scope(partner=7)
