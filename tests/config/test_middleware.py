"""Whose rows the database shows to a request, from its first byte to its last."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import Client, RequestFactory

from config.middleware import TenantMiddleware
from partners.models import Partner, Staff
from partners.tenancy import Scope, current_scope, identify
from tests.insights.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> Staff:
    return Staff.objects.create_user("ann@us.example", partner=World().us, roles=["sales_agent"])


def ask(user: object, view: object) -> HttpResponseBase:
    request = RequestFactory().get("/")
    request.user = user
    return TenantMiddleware(view)(request)


def shown(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(",".join(Partner.objects.order_by("slug").values_list("slug", flat=True)))


def test_staff_see_their_partner(ann: Staff) -> None:
    assert ask(ann, shown).content == b"us"
    assert current_scope() == Scope(everything=True)


def test_operator_sees_all_partners(ann: Staff) -> None:
    assert ask(Staff.objects.create_superuser("root@x.example"), shown).content == b"them,us"


def test_person_is_looked_up_as_somebody_unknown(ann: Staff) -> None:
    scopes = []

    class Lazy:
        is_active = False

        @property
        def is_authenticated(self) -> bool:
            scopes.append(current_scope())
            return False

    ask(Lazy(), shown)
    assert scopes == [Scope(signing_in=True)]


def test_view_that_fails_leaves_no_scope(ann: Staff) -> None:
    def fail(_request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask(ann, fail)
    assert current_scope() == Scope(everything=True)


def chunks() -> Iterator[str]:
    yield from Partner.objects.order_by("slug").values_list("slug", flat=True)
    yield f" {current_scope().partner}"


def test_streamed_answer_is_of_its_reader(ann: Staff) -> None:
    response = ask(ann, lambda _request: StreamingHttpResponse(chunks()))
    seen = []
    for chunk in response:
        seen.append(chunk)
        assert current_scope() == Scope(everything=True)
    assert b"".join(seen) == f"us {ann.partner_id}".encode()


def test_streamed_answer_is_of_whom_the_view_identified(ann: Staff) -> None:
    def view(_request: HttpRequest) -> StreamingHttpResponse:
        identify(ann)
        return StreamingHttpResponse(chunks())

    assert b"".join(ask(AnonymousUser(), view)) == f"us {ann.partner_id}".encode()


def test_session_is_found_and_kept(ann: Staff, client: Client) -> None:
    client.force_login(ann)
    key = client.session.session_key
    assert client.get("/nowhere/").status_code == 404
    assert client.session.session_key == key
    client.logout()
    assert client.session.session_key != key
