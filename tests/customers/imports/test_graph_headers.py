"""Every header line of a usage report that the documentation states is recognised, or refused for its reason."""

import csv
from itertools import product

import pytest

from customers.imports.csv_rows import plain
from customers.imports.formats.graph_kinds import KINDS
from tests.customers.imports.gathered import SAMPLES, Gathered, read

TAKEN = {
    "getEmailActivityUserDetail": ("graph_email", "EXO"),
    "getEmailAppUsageUserDetail": ("graph_email_apps", None),
    "getM365AppUserDetail": ("graph_apps", "PROPLUS"),
    "getOffice365ActiveUserDetail": ("graph_active_users", "EXO SPO SFB YAM TEAMS"),
    "getOneDriveActivityUserDetail": ("graph_onedrive", "ODB"),
    "getSharePointActivityUserDetail": ("graph_sharepoint", "SPO"),
    "getSkypeForBusinessActivityUserDetail": ("graph_skype", "SFB"),
    "getSkypeForBusinessDeviceUsageUserDetail": ("graph_skype_devices", None),
    "getTeamsDeviceUsageUserDetail": ("graph_teams_devices", None),
    "getTeamsUserActivityUserDetail": ("graph_teams", "TEAMS"),
    "getYammerActivityUserDetail": ("graph_yammer", "YAM"),
    "getYammerDeviceUsageUserDetail": ("graph_yammer_devices", None),
}
REFUSED = {
    "getMailboxUsageDetail": "graph_mailboxes",
    "getOffice365ActivationsUserDetail": "graph_activations",
    "getOffice365GroupsActivityDetail": "graph_groups",
    "getOneDriveUsageAccountDetail": "graph_sites",
    "getSharePointSiteUsageDetail": "graph_sites",
    "getYammerGroupsActivityDetail": "graph_groups",
}
REASONS = {kind.code: str(kind.refusal) for kind in KINDS if kind.refusal}


def header_lines() -> list[tuple[str, str]]:
    text = [(SAMPLES / "graph_reports" / f"header_lines_{age}.tsv").read_text() for age in ("2021", "newer")]
    return [(name, header) for line in "".join(text).splitlines() for name, header in [line.split("\t")]]


HEADERS = header_lines()
DETAILS = [(name, header) for name, header in HEADERS if name in TAKEN]
OTHERS = [(name, header) for name, header in HEADERS if name not in TAKEN]


def one_row(header: str) -> Gathered:
    """The report with one person in it, who did something on the day before."""
    values = {
        "reportrefreshdate": "2024-05-14",
        "userprincipalname": "dana@example.com",
        "lastactivitydate": "2024-05-13",
    }
    names = next(csv.reader([header]))
    row = ",".join(values.get(plain(name), "") for name in names)
    return read(f"{header}\n{row}\n")


def test_documentation_states_72_header_lines():
    assert (len(HEADERS), len(DETAILS), len(OTHERS)) == (72, 15, 57)
    assert {name for name, _header in DETAILS} == set(TAKEN)


@pytest.mark.parametrize(("name", "header"), DETAILS)
def test_header_of_a_report_on_users_is_recognised_and_covers_its_workload(name: str, header: str):
    code, covered = TAKEN[name]
    found = one_row(header)
    assert (found.code, found.not_taken, found.refused) == (code, "", [])
    services = covered.split() if covered else []
    assert found.of("coverage.csv") == [f"2 service={service} day=2024-05-14" for service in services]
    if "Last Activity Date" in header.split(","):
        (activity,) = found.of("activity.csv")
        assert activity.startswith("2 user_id=dana@example.com service=")
        assert activity.endswith(" day=2024-05-13")


@pytest.mark.parametrize(("name", "header"), OTHERS)
def test_header_of_another_report_is_refused_for_its_reason(name: str, header: str):
    found = one_row(header)
    code = REFUSED.get(name, "graph_counts")
    assert (found.code, found.lines, found.not_taken) == (code, [], REASONS[code])


@pytest.mark.parametrize(("name", "header"), DETAILS)
def test_columns_in_another_order_more_of_them_and_other_delimiters_say_the_same(name: str, header: str):
    names = [*reversed(next(csv.reader([header]))), "A Column of Later Years"]
    expected = one_row(header)
    for mark, delimiter in product(("", "\ufeff"), ",;\t"):
        found = one_row_of(names, mark=mark, delimiter=delimiter)
        assert (found.code, found.lines, found.refused) == (expected.code, expected.lines, [])


def one_row_of(names: list[str], *, mark: str, delimiter: str) -> Gathered:
    values = {
        "reportrefreshdate": "2024-05-14",
        "userprincipalname": "dana@example.com",
        "lastactivitydate": "2024-05-13",
    }
    row = delimiter.join(values.get(plain(name), "") for name in names)
    return read(f"{mark}{delimiter.join(names)}\r\n{row}\r\n".encode())


def test_unknown_report_on_users_is_refused_with_those_that_are_known():
    found = read("Report Refresh Date,User Principal Name,Shoe Size\n2024-05-14,dana@example.com,38\n")
    assert (found.code, found.lines, found.not_taken) == ("graph_unknown_detail", [], REASONS["graph_unknown_detail"])
