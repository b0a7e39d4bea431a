"""Every sample of Microsoft Graph: the exact lines it becomes, or the exact reason why it isn't taken."""

from dataclasses import dataclass, field

import pytest

from tests.customers.imports.gathered import CRM, CUSTOMER, E5, EMS_E3, SAMPLES, about, read_sample

DANA = "21CB4E4BE93C09542FFA73B2B5CB95EA"
CONCEALED = (
    "Names are concealed in this report: its people are pseudonyms, and can't be matched with other lists of the customer's people. "
    "An administrator of the customer can reveal them in the settings of reports."
)
POWER_BI = "1 name of a product isn't in the catalogue and is left out: POWER BI (FREE)."
DEVICES = (
    "The report tells of some devices or programs only: its days of activity are taken, and no day is covered by it."
)
PAGE = "The file is one page of several, so nothing is concluded of people who aren't in it, and no day is covered."
SUMS = (
    "The report has sums and names no users, so it says nothing on who uses a licence. Expected a report on users, such as "
    "getOffice365ActiveUserDetail."
)
ACTIVATIONS = (
    "The report says on how many devices Office was activated. To activate isn't to use, so it carries no facts. Expected the "
    "report on the use of Microsoft 365 Apps, getM365AppUserDetail."
)


@dataclass(frozen=True)
class Expected:
    code: str
    lines: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    not_taken: str = ""


def one_person(service: str, user: str, *, of_person: str) -> list[str]:
    """The lines of a documented report: one person, active on the day of the report."""
    return [
        f"holders.csv 1 day=2017-09-01 source=report user_id={user} sku_id={E5}",
        f"activity.csv 1 user_id={user} service={service} day=2017-09-01",
        f"people.csv 1 user_id={user} {of_person}",
        f"lists.csv 1 day=2017-09-01 source=report user_id={user}",
        f"coverage.csv 1 service={service} day=2017-09-01",
    ]


DOCUMENTED = {
    "report_json_emailactivityuserdetail.json": Expected(
        "graph_email",
        one_person("EXO", "userPrincipalName-value", of_person="display_name=displayName-value is_deleted=false"),
    ),
    "report_json_onedriveactivityuserdetail.json": Expected(
        "graph_onedrive", one_person("ODB", "userPrincipalName-value", of_person="is_deleted=false")
    ),
    "report_json_yammeractivityuserdetail.json": Expected(
        "graph_yammer", one_person("YAM", "userPrincipalName-value", of_person="display_name=displayName-value")
    ),
    "report_json_teamsuseractivityuserdetail.json": Expected(
        "graph_teams", not_taken="The file isn't valid JSON: line 26, column 25: Expecting ',' delimiter."
    ),
    "repaired_teamsuseractivityuserdetail.json": Expected(
        "graph_teams", one_person("TEAMS", "userPrincipalName-value", of_person="is_deleted=false")
    ),
    "report_json_office365activeuserdetail.json": Expected(
        "graph_active_users",
        [
            f"holders.csv 1 day=2017-09-01 source=report user_id=userprincipalname-value sku_id={E5}",
            "activity.csv 1 user_id=userprincipalname-value service=EXO day=2017-08-30",
            "people.csv 1 user_id=userprincipalname-value display_name=displayname-value is_deleted=false",
            "lists.csv 1 day=2017-09-01 source=report user_id=",
            "coverage.csv 1 service=EXO day=2017-09-01",
            "coverage.csv 1 service=SPO day=2017-09-01",
            "coverage.csv 1 service=SFB day=2017-09-01",
            "coverage.csv 1 service=YAM day=2017-09-01",
            "coverage.csv 1 service=TEAMS day=2017-09-01",
        ],
    ),
    "report_json_m365appuserdetail.json": Expected(
        "graph_apps", ["activity.csv 1 user_id=admin@contoso.com service=PROPLUS day=2020-06-30"], [PAGE]
    ),
    "report_json_office365activationsuserdetail.json": Expected("graph_activations", not_taken=ACTIVATIONS),
    "repaired_office365activationsuserdetail.json": Expected("graph_activations", not_taken=ACTIVATIONS),
    "user_licenseDetails_schema.json": Expected(
        "graph_licence_details",
        not_taken=(
            "The file has the licences of one user, and doesn't say whose. Expected @odata.context to name the user, or the list of "
            "all users: /users?$select=id,userPrincipalName,displayName,assignedLicenses."
        ),
    ),
    "error_date_out_of_range.json": Expected(
        "graph_error",
        not_taken=(
            "The file is an error of the service, and carries no data. It says: InvalidArgument: Invalid date value specified: "
            "2024-02-03. Only support data for the past 28 days."
        ),
    ),
    "throttle_429.http": Expected(
        "",
        not_taken=(
            "The file is the service's answer 429 Too Many Requests, which carries no data. It says: Please retry again later."
        ),
    ),
}
REPORTS = {
    "getEmailActivityUserDetail": Expected(
        "graph_email",
        [
            f"holders.csv 2 day=2024-05-14 source=report_concealed user_id={DANA} sku_id={E5}",
            f"activity.csv 2 user_id={DANA} service=EXO day=2024-05-11",
            f"lists.csv 2 day=2024-05-14 source=report_concealed user_id={DANA}",
            "coverage.csv 2 service=EXO day=2024-05-14",
        ],
        [CONCEALED, POWER_BI],
    ),
    "getOffice365ActiveUserDetail": Expected(
        "graph_active_users",
        [
            f"holders.csv 2 day=2024-05-14 source=report_concealed user_id={DANA} sku_id={E5}",
            f"holders.csv 2 day=2024-05-14 source=report_concealed user_id={DANA} sku_id={EMS_E3}",
            f"activity.csv 2 user_id={DANA} service=EXO day=2024-05-13",
            f"activity.csv 2 user_id={DANA} service=SPO day=2024-05-12",
            f"activity.csv 2 user_id={DANA} service=ODB day=2024-05-09",
            f"activity.csv 2 user_id={DANA} service=YAM day=2023-12-01",
            f"activity.csv 2 user_id={DANA} service=TEAMS day=2024-05-14",
            "lists.csv 2 day=2024-05-14 source=report_concealed user_id=",
            "coverage.csv 2 service=EXO day=2024-05-14",
            "coverage.csv 2 service=SPO day=2024-05-14",
            "coverage.csv 2 service=SFB day=2024-05-14",
            "coverage.csv 2 service=YAM day=2024-05-14",
            "coverage.csv 2 service=TEAMS day=2024-05-14",
        ],
        [CONCEALED, POWER_BI],
    ),
    "getOneDriveActivityUserDetail": Expected(
        "graph_onedrive",
        [
            f"holders.csv 2 day=2024-05-14 source=report_concealed user_id={DANA} sku_id={E5}",
            f"activity.csv 2 user_id={DANA} service=ODB day=2024-05-02",
            f"lists.csv 2 day=2024-05-14 source=report_concealed user_id={DANA}",
            "coverage.csv 2 service=ODB day=2024-05-14",
        ],
        [CONCEALED],
    ),
    "getSharePointActivityUserDetail": Expected(
        "graph_sharepoint",
        [
            f"holders.csv 2 day=2024-05-14 source=report user_id=Dana@example.onmicrosoft.com sku_id={E5}",
            "activity.csv 2 user_id=Dana@example.onmicrosoft.com service=SPO day=2024-05-03",
            "people.csv 2 user_id=Dana@example.onmicrosoft.com is_deleted=false",
            "lists.csv 2 day=2024-05-14 source=report user_id=Dana@example.onmicrosoft.com",
            "coverage.csv 2 service=SPO day=2024-05-14",
        ],
        [POWER_BI],
    ),
    "getTeamsDeviceUsageUserDetail": Expected(
        "graph_teams_devices",
        [f"activity.csv 2 user_id={DANA} service=TEAMS day=2024-05-13"],
        [CONCEALED, DEVICES],
    ),
    "getYammerDeviceUsageUserDetail": Expected("graph_yammer_devices", [], [CONCEALED, DEVICES]),
    "getOffice365ActivationsUserDetail": Expected("graph_activations", not_taken=ACTIVATIONS),
    "getOffice365ActivationsUserCounts": Expected("graph_counts", not_taken=SUMS),
    "getOffice365ActiveUserCounts": Expected("graph_counts", not_taken=SUMS),
    "getOffice365ServicesUserCounts": Expected("graph_counts", not_taken=SUMS),
}


def check(name: str, expected: Expected) -> None:
    found = read_sample(name)
    assert Expected(found.code, found.lines, found.remarks, found.not_taken) == expected
    assert found.refused == []
    assert found.customers == ({str(CUSTOMER)} if expected.lines else set())


@pytest.mark.parametrize("name", DOCUMENTED)
def test_documented_answer_becomes_exactly_these_lines(name: str):
    check(f"graph/{name}", DOCUMENTED[name])


@pytest.mark.parametrize("name", REPORTS)
def test_downloaded_report_becomes_exactly_these_lines(name: str):
    check(f"graph_reports/{name}.csv", REPORTS[name])


@pytest.mark.parametrize("name", REPORTS)
def test_report_as_a_list_of_objects_becomes_the_same_lines(name: str):
    expected = REPORTS[name]
    lines = [line.replace(".csv 2 ", ".csv 1 ") for line in expected.lines]
    check(f"graph_reports/{name}.row.json", Expected(expected.code, lines, expected.remarks, expected.not_taken))


def test_subscribed_skus_become_totals_of_the_tenant_that_they_name():
    found = read_sample("graph/subscribedSkus_list.json", about(customer=None))
    totals = "enabled={} warning=0 suspended={} locked_out=0 consumed=14"
    assert (found.code, found.refused, found.remarks, found.not_taken) == ("graph_subscribed_skus", [], [], "")
    assert found.customers == {"48a80680-7326-48cd-9935-b556b81d3a4e"}
    assert found.lines == [
        f"sku_totals.csv 1 day=2024-05-15 sku_id={E5} part_number=ENTERPRISEPREMIUM {totals.format(25, 0)}",
        f"sku_totals.csv 2 day=2024-05-15 sku_id={CRM} part_number=CRMSTANDARD {totals.format(0, 25)}",
    ]


def test_every_sample_of_graph_has_its_test():
    tested = {*DOCUMENTED, "subscribedSkus_list.json"}
    assert {path.name for path in (SAMPLES / "graph").iterdir() if path.suffix != ".md"} == tested
    reports = {f"{name}{ending}" for name in REPORTS for ending in (".csv", ".row.json")}
    assert {path.name for path in (SAMPLES / "graph_reports").iterdir() if path.suffix in {".csv", ".json"}} == reports
