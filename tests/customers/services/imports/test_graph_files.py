"""Microsoft Graph's files from end to end: what a reseller downloads of a customer becomes facts and figures."""

from __future__ import annotations

import json
from datetime import date
from uuid import UUID

from customers.imports.report import Figures, ImportReport
from partners.models import Partner
from tests.customers.feed import reading
from tests.customers.feed.conftest import ALPHA, E3, FABRIKAM
from tests.customers.services.imports.conftest import Imports

ANN, BOB = (f"11111111-0000-4000-8000-00000000000{number}" for number in (1, 2))
DAY = date(2026, 11, 19)
ACTIVE = (
    "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Exchange Last Activity Date,OneDrive Last Activity Date,"
    "SharePoint Last Activity Date,Teams Last Activity Date,Assigned Products\r\n"
)
REVEALED = {"ann": "ann@fabrikam.com", "bob": "Bob@Fabrikam.com"}
CONCEALED = {"ann": "0123456789ABCDEF0123456789ABCDEF", "bob": "FEDCBA9876543210FEDCBA9876543210"}


def listed(*items: dict[str, object]) -> str:
    return json.dumps({"value": items})


def user(number: str, name: str) -> dict[str, object]:
    return {"id": number, "userPrincipalName": name, "displayName": name, "assignedLicenses": [{"skuId": E3}]}


def report(names: dict[str, str]) -> bytes:
    rows = [
        f"2026-11-19,{names['ann']},Ann,False,2026-11-19,,2026-11-01,,TEST E3\r\n",
        f"2026-11-19,{names['bob']},Bob,False,,2026-06-01,,,TEST E3\r\n",
    ]
    return ("\ufeff" + ACTIVE + "".join(rows)).encode()


SUBSCRIPTION = {
    "id": "x",
    "commerceSubscriptionId": "S1",
    "createdDateTime": "2026-02-01T10:00:00Z",
    "isTrial": False,
    "ownerTenantId": ALPHA,
    "skuId": E3,
    "skuPartNumber": "TESTPACK",
    "status": "Enabled",
    "totalLicenses": 3,
}
TOTALS = {
    "id": f"{FABRIKAM}_{E3}",
    "skuId": E3,
    "skuPartNumber": "TESTPACK",
    "consumedUnits": 2,
    "prepaidUnits": {"enabled": 4, "warning": 0, "suspended": 0},
}
USERS = listed(user(ANN, REVEALED["ann"]), user(BOB, REVEALED["bob"]))
SOLD: dict[str, str | bytes] = {"totals": listed(TOTALS), "subscriptions": listed(SUBSCRIPTION)}
FIGURES = Figures(sold=4, assigned=2, deployment_pct=50.0, usage_pct=25.0)


def bring(imports: Imports, files: dict[str, str | bytes]) -> ImportReport:
    """Look, then apply what must be faultless, after which the same files change nothing. What the look showed."""
    given = {"partner": "alpha", "customer": UUID(FABRIKAM), "day": DAY}
    seen = imports.preview(files, **given)
    found = imports.apply(files, **given)
    assert (found.applied, found.faultless, found.first) == (True, True, [])
    again = imports.preview(files, **given)
    assert sum(brought.new + brought.changed + brought.retracted for brought in again.brought) == 0
    return seen


def test_files_of_a_tenant_become_facts_and_figures(imports: Imports) -> None:
    seen = bring(imports, {**SOLD, "users": USERS, "report": report(REVEALED)})
    alpha = Partner.objects.get(slug="alpha").pk
    assert reading.activity() == {
        ("ann@fabrikam.com", "EXO", "2026-11-19", alpha),
        ("ann@fabrikam.com", "SPO", "2026-11-01", alpha),
        ("bob@fabrikam.com", "SPO", "2026-06-01", alpha),
    }
    assert reading.coverage() == {(service, "2026-11-19", alpha) for service in ("EXO", "SPO", "TEAMS")}
    assert reading.periods() == [("s1", person, "entitled", "2026-11-19", None) for person in (ANN, BOB)]
    assert [(change.before, change.after) for change in seen.figures] == [(Figures(), FIGURES)]


def test_concealed_names_hold_what_the_same_report_says(imports: Imports) -> None:
    seen = bring(imports, {**SOLD, "users": USERS, "report": report(CONCEALED)})
    people = sorted(str(UUID(name)) for name in CONCEALED.values())
    assert reading.periods() == [("s1", person, "entitled", "2026-11-19", None) for person in people]
    assert [(change.before, change.after) for change in seen.figures] == [(Figures(), FIGURES)]
    [remarks] = [file.remarks for file in seen.files if file.name == "report"]
    assert [remark.split(":")[0] for remark in remarks] == ["Names are concealed in this report"]


def test_day_after_a_licence_was_taken_it_ends(imports: Imports) -> None:
    bring(imports, {**SOLD, "users": USERS})
    fewer = {"users": listed(user(ANN, REVEALED["ann"]))}
    assert imports.apply(fewer, partner="alpha", customer=UUID(FABRIKAM), day=date(2026, 11, 20)).applied
    assert reading.periods() == [
        ("s1", ANN, "entitled", "2026-11-19", None),
        ("s1", BOB, "entitled", "2026-11-19", "2026-11-20"),
    ]
