"""Every page, on a desktop and on a phone, light and dark: no barrier, no error in the console, a picture kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import URLPattern, get_resolver

from partners.permissions import Role
from tests.browser.conftest import Window
from tests.browser.person import Person

CUSTOMER = "广州澜屿电子有限公司"
WINDOWS = [Window(size) for size in ("desktop", "phone")]
COLOURS = ("light", "dark")

PAGES = {
    "insights:portfolio": "/",
    "insights:analysis_deployment": "/analysis/deployment/",
    "insights:analysis_usage": "/analysis/usage/",
    "insights:analysis_idle": "/analysis/idle/",
    "insights:analysis_above": "/analysis/above-100/",
    "insights:analysis_compare": "/analysis/compare/",
    "insights:analysis_lifecycle": "/analysis/lifecycle/",
    "insights:analysis_trials": "/analysis/trials/",
    "insights:analysis_movements": "/analysis/movements/",
    "insights:customers": "/customers/",
    "insights:customer": "/customers/{customer}/",
    "insights:customer_insights": "/customers/{customer}/insights/",
    "insights:behind": "/customers/{customer}/insights/list/?count=active",
    "insights:people": "/customers/{customer}/people/",
    "insights:changes": "/customers/{customer}/changes/",
    "insights:customer_data": "/customers/{customer}/data/",
    "insights:exports": "/exports/?of=/portfolio.csv",
    "insights:reports": "/reports/",
    "insights:new_report": "/reports/new/?of=/portfolio.csv",
    "insights:steps": "/next-steps/",
    "insights:step": "/next-steps/{step}/",
    "insights:playbooks": "/next-steps/playbooks/",
    "insights:playbook": "/next-steps/playbooks/{playbook}/",
    "insights:courses": "/next-steps/training/",
    "insights:course": "/next-steps/training/{course}/",
    "insights:links": "/next-steps/links/",
    "insights:link": "/next-steps/links/{link}/",
    "insights:step_thresholds": "/settings/next-steps/",
    "insights:self_service": "{self_service}",
    "insights:imports": "/imports/",
    "insights:import": "/imports/{upload}/",
    "insights:import_columns": "/imports/{upload}/columns/0/",
    "insights:saved_views": "/views/?of=/customers/%3Fcountry%3DSE",
    "insights:saved_view": "/views/{view}/",
    "insights:find": "/find/?q=a",
    "insights:terms": "/terms/",
    "customers:subscriptions": "/customers/{customer}/subscriptions/",
    "customers:edit_account": "/customers/{customer}/edit/",
    "customers:claim": "/customers/claim/",
    "customers:mailboxes": "/customers/{customer}/mailboxes/",
    "customers:connections": "/settings/connections/",
    "customers:connection_application": "/settings/connections/application/",
    "insights:left_out_skus": "/settings/left-out-skus/",
    "partners:staff": "/staff/",
    "partners:invite": "/staff/invite/",
    "partners:staff_member": "/staff/{staff}/",
    "partners:profile": "/profile/",
    "partners:tokens": "/profile/tokens/",
    "partners:settings": "/settings/",
    "partners:audit": "/audit/",
    "mfa_index": "/account/2fa/",
    "account_change_password": "/account/password/change/",
}
"""What a global admin sees; `{customer}` and `{staff}` are looked up, `{upload}` is sent."""
CORRECTIONS = (
    "/admin/",
    "/admin/customers/customer/",
    "/admin/customers/entitlementperiod/",
    "/admin/customers/entitlementperiod/add/",
    "/admin/customers/subscriptionversion/",
    "/admin/partners/auditentry/",
)
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"""The frame of the admin site is not ours: what is only good practice in it is left to its makers."""
NO_PAGES = {
    "insights:analysis",
    "insights:analysis_fill",
    "partners:withdraw",
    "insights:export_file",
    "insights:report",
    "insights:unsubscribe",
    "insights:guide",
    "customers:connection",
    "customers:consent",
}
"""Addresses that only take a form, are a file, or of something that the demo hasn't."""


def test_the_list_of_pages_is_whole() -> None:
    named = {
        f"{namespace}:{pattern.name}"
        for namespace in ("insights", "customers", "partners")
        for pattern in get_resolver().namespace_dict[namespace][1].url_patterns
        if isinstance(pattern, URLPattern) and not pattern.name.endswith(("_csv", "_xlsx", "_json", "_pdf"))
    }
    assert named - NO_PAGES == {name for name in PAGES if ":" in name}


@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: window.size)
def test_no_page_has_a_barrier(open_window: Callable[..., Person], window: Window) -> None:
    person = open_window(window)
    found = {path: _barriers(person, path, name) for name, path in (("sign-in", "/account/login/"),)}
    person = open_window(window, Role.GLOBAL_ADMIN)
    known = known_in(person)
    for name, path in PAGES.items():
        address = path.format(**known)
        found[address] = _barriers(person, address, name.partition(":")[2] or name)
    assert {path: told for path, told in found.items() if told} == {}


def known_in(person: Person) -> dict[str, str]:
    """What the addresses of PAGES name, looked up and sent."""
    known = {"customer": _last_part(person, "/customers/", CUSTOMER), "staff": _last_part(person, "/staff/", "sales")}
    known["upload"] = _sent(person)
    known["view"] = _kept_view(person)
    return known | _next_steps(person)


def _barriers(person: Person, path: str, name: str) -> list[str]:
    assert person.opens(path).status == 200
    return _in_both_colours(person, name)


def _in_both_colours(person: Person, name: str) -> list[str]:
    told = []
    for colours in COLOURS:
        person.looks_in(colours)
        person.keeps_a_picture(name)
        told += person.barriers()
    return told


def _last_part(person: Person, path: str, words: str) -> str:
    person.opens(path)
    link = person.page.locator("tbody th a", has_text=words).first.get_attribute("href")
    assert link is not None
    return link.split("?")[0].rstrip("/").rpartition("/")[2]


def _next_steps(person: Person) -> dict[str, str]:
    """A suggestion, and what helps with it."""
    known = {"step": _last_part(person, "/next-steps/", person.says("Raise adoption"))}
    known["course"] = _last_part(person, "/next-steps/training/", "Teams")
    known["link"] = _last_part(person, "/next-steps/links/", "Teams")
    known["self_service"] = person.page.locator("code a").get_attribute("href").partition("/self-service/")[2]
    known["self_service"] = f"/self-service/{known['self_service']}"
    person.opens("/next-steps/playbooks/")
    own = person.page.locator("section li a").first.get_attribute("href") or ""
    return known | {"playbook": own.rstrip("/").rpartition("/")[2]}


def _kept_view(person: Person) -> str:
    """A view of the customers of one country, shared."""
    person.opens("/customers/?country=SE")
    if person.page.locator("#view-name").count():
        person.page.locator("#views summary").click()
        person.page.locator("#view-name").fill("Swedes")
        person.page.locator("#view-shared").check()
        person.page.get_by_role("button", name=person.says("Keep"), exact=True).click()
        person.page.locator("#messages .alert-success").wait_for()
    person.opens("/views/")
    return (person.page.locator("tbody td a").last.get_attribute("href") or "").rstrip("/").rpartition("/")[2]


def _sent(person: Person) -> str:
    """An upload with a table that nobody has explained, and a record that is refused."""
    person.opens("/imports/")
    files = {"table.csv": "Who;What\nann;a lot\n", "bad.csv": "customer_id,service,day\nx,EXO,2026-01-01\n"}
    person.page.locator("#id_files").set_input_files(
        [{"name": name, "mimeType": "text/csv", "buffer": text.encode()} for name, text in files.items()]
    )
    person.page.get_by_role("button", name=person.says("Check"), exact=True).click()
    person.page.wait_for_url("**/imports/*-*/")
    return person.page.url.rstrip("/").rpartition("/")[2]


@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: window.size)
def test_what_opens_on_a_click_has_no_barrier(open_window: Callable[..., Person], window: Window) -> None:
    person = open_window(window, Role.SALES_AGENT)
    person.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert person.barriers() == []
    person.follows(CUSTOMER)
    if "/insights/" not in person.page.url:
        person.follows("Insights")
    person.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert person.barriers() == []


@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: window.size)
def test_error_pages_have_no_barrier(open_window: Callable[..., Person], window: Window) -> None:
    person = open_window(window, Role.SALES_AGENT)
    for path, status, heading in (
        ("/settings/", 403, "Not for your role"),
        ("/?date=yesterday", 400, "That can't be shown"),
        ("/customers/00000000-0000-0000-0000-000000000000/", 404, "Nothing here"),
    ):
        person.is_turned_away(path, status, heading)
        assert _in_both_colours(person, f"error-{status}") == []


@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: window.size)
def test_the_admin_site_has_no_barrier(open_window: Callable[..., Person], window: Window) -> None:
    person = open_window(window, Role.GLOBAL_ADMIN)
    found = {}
    for path in CORRECTIONS:
        assert person.opens(path).status == 200
        for colours in COLOURS:
            person.turns(colours)
            found[path, colours] = person.barriers(WCAG)
            person.keeps_a_picture("admin" + path.removeprefix("/admin").replace("/", "-").rstrip("-"))
    assert {key: told for key, told in found.items() if told} == {}
