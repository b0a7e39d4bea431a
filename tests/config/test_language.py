"""In which language a request is answered, and how somebody chooses it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.http import HttpRequest, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.utils import formats
from django.utils.translation import get_language, override

from config.language import LanguageMiddleware
from partners.models import AuditEntry, Staff
from partners.permissions import Role
from partners.templatetags.seatwise import count, day
from tests.people import make_operator, make_partner, make_staff, signed_in

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


def staff(language: str = "") -> Staff:
    return make_staff(make_partner(), Role.SALES_AGENT, language=language)


def spoken(client: Client, path: str = "/profile/", browser: str = "") -> str:
    response = client.get(path, headers={"Accept-Language": browser} if browser else {})
    language = response.headers["Content-Language"]
    assert f'<html lang="{language}" dir="ltr"' in response.content.decode()
    return language


@pytest.mark.parametrize(
    ("browser", "language"),
    [
        ("", "en"),
        ("it-IT,it;q=0.9,en;q=0.8", "it"),
        ("zh-CN", "zh-hans"),
        ("zh-Hans-CN,zh;q=0.9", "zh-hans"),
        ("de-DE,sv;q=0.7,nl;q=0.6", "sv"),
        ("de,fr", "en"),
        ("es-MX", "es"),
    ],
)
def test_browser_decides_before_sign_in(browser: str, language: str) -> None:
    assert spoken(Client(), LOGIN, browser) == language


def test_answers_differ_by_browser_and_cookie() -> None:
    varies = Client().get(LOGIN).headers["Vary"]
    assert {"Accept-Language", "Cookie"} <= {name.strip() for name in varies.split(",")}


def test_language_chosen_before_sign_in_beats_the_browser() -> None:
    client = Client()
    response = client.post("/language/", {"language": "sv", "next": LOGIN})
    assert (response.status_code, response.headers["Location"]) == (302, LOGIN)
    assert spoken(client, LOGIN, "it") == "sv"


def test_language_of_the_account_beats_cookie_and_browser() -> None:
    client = signed_in(staff("nl"))
    client.cookies["django_language"] = "sv"
    assert spoken(client, browser="it") == "nl"


def test_account_without_a_language_reads_what_the_browser_asks() -> None:
    assert spoken(signed_in(staff()), browser="it") == "it"


def test_language_that_is_no_longer_offered_counts_as_none() -> None:
    assert spoken(signed_in(staff("fr")), browser="es") == "es"


def test_choosing_changes_the_account_and_is_noted() -> None:
    person = staff("nl")
    person.first_name = "Ann"
    person.save()
    client = signed_in(person)
    assert client.post("/language/", {"language": "it", "next": "/profile/"}).status_code == 302
    person.refresh_from_db()
    assert (person.language, person.first_name) == ("it", "Ann")
    assert spoken(client, browser="sv") == "it"
    entry = AuditEntry.objects.get(action="staff.profile")
    assert (entry.actor, entry.before["language"], entry.after["language"]) == (person, "nl", "it")


def test_operator_chooses_too() -> None:
    operator = make_operator()
    client = signed_in(operator)
    client.post("/language/", {"language": "es", "next": "/admin/"})
    assert client.get("/admin/").headers["Content-Language"] == "es"


@pytest.mark.parametrize("code", ["", "de", "en'--", "../../etc"])
def test_what_is_not_offered_is_not_chosen(code: str) -> None:
    person = staff("nl")
    client = signed_in(person)
    client.post("/language/", {"language": code, "next": "/profile/"})
    person.refresh_from_db()
    assert person.language == "nl"
    assert spoken(client) == "nl"


def test_looking_at_the_address_changes_nothing() -> None:
    person = staff("nl")
    signed_in(person).get("/language/", {"language": "it", "next": "/profile/"})
    person.refresh_from_db()
    assert person.language == "nl"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_choosing_leads_nowhere_else(elsewhere: str) -> None:
    response = signed_in(staff()).post("/language/", {"language": "it", "next": elsewhere})
    assert response.headers["Location"] == "/"


def test_switch_stands_on_the_sign_in_page_and_in_the_account_s_menu() -> None:
    client = signed_in(staff())
    for page in (Client().get(LOGIN), client.get("/profile/")):
        html = page.content.decode()
        assert html.count('action="/language/"') == 2
        for code, name in (("it", "Italiano"), ("zh-hans", "简体中文"), ("sv", "Svenska")):
            assert f'name="language" value="{code}" lang="{code}">{name}</button>' in html


def test_streamed_answer_is_in_the_language_of_its_reader() -> None:
    def chunks() -> Iterator[str]:
        yield f"{get_language()} "
        yield f"{get_language()}"

    def view(_request: HttpRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(chunks())

    request = RequestFactory().get("/")
    request.user = staff("sv")
    with override("en"):
        response = LanguageMiddleware(view)(request)
    with override("it"):
        seen = []
        for chunk in response:
            seen.append(chunk)
            assert get_language() == "it"
    assert b"".join(seen) == b"sv sv"


@pytest.mark.parametrize(
    ("language", "number", "written_day", "moment"),
    [
        ("en", "1,234,567", "21 Nov 2026", "21 Nov 2026, 14:40"),
        ("it", "1.234.567", "21 nov 2026", "21 nov 2026, 14:40"),
        ("zh-hans", "1,234,567", "2026年11月21日", "2026年11月21日 14:40"),
        ("es", "1.234.567", "21 nov 2026", "21 nov 2026, 14:40"),
        ("sv", "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567", "21 nov 2026", "21 nov 2026 14:40"),
        ("nl", "1.234.567", "21 nov 2026", "21 nov 2026 14:40"),
    ],
)
def test_numbers_and_days_are_written_as_the_language_does(
    language: str, number: str, written_day: str, moment: str
) -> None:
    with override(language):
        assert count(1_234_567) == number
        assert day(date(2026, 11, 21)) == written_day
        assert formats.date_format(datetime(2026, 11, 21, 14, 40, tzinfo=UTC), "DATETIME_FORMAT") == moment
