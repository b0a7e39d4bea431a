"""What is read from usage reports of Microsoft Graph: cells of every kind, and what a report as a whole says."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from customers import clock
from tests.customers.imports.gathered import BASIC, CUSTOMER, E5, EMS_E3, SMB_BASIC, Gathered, Stock, about, read

EMAIL = (
    "Report Refresh Date,User Principal Name,Is Deleted,Last Activity Date,Send Count,Receive Count,Assigned Products"
)
ACTIVE = (
    "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Exchange Last Activity Date,SharePoint Last Activity Date,"
    "OneDrive Last Activity Date,Assigned Products"
)
TEAMS = "Report Refresh Date,User Id,User Principal Name,Last Activity Date,Is Deleted,Private Chat Message Count,Assigned Products"
ANN = "0123456789abcdef0123456789ABCDEF"
OBJECT = "11111111-2222-4333-8444-555555555555"


def email(*rows: str) -> Gathered:
    return read("\n".join([EMAIL, *rows]))


def active(*rows: str, stock: Stock | None = None) -> Gathered:
    return read("\n".join([ACTIVE, *rows]), about(stock=stock))


@pytest.mark.parametrize("cell", ["", " ", "False", "no", "No", "FALSE", "0", " false "])
def test_no_is_written_in_many_ways(cell: str):
    assert email(f"2024-05-14,a@example.com,{cell},,,,").of("people.csv") == [
        "2 user_id=a@example.com is_deleted=false"
    ]


@pytest.mark.parametrize("cell", ["True", "Yes", "yes", "1", "\u00a0TRUE"])
def test_yes_is_written_in_many_ways(cell: str):
    assert email(f"2024-05-14,a@example.com,{cell},,,,").of("people.csv") == ["2 user_id=a@example.com is_deleted=true"]


def test_other_word_than_yes_or_no_is_refused():
    found = email("2024-05-14,a@example.com,maybe,2024-05-13,,,")
    assert found.refused == [(2, "Is Deleted", "maybe", "Expected True or False, Yes or No, 1 or 0, or nothing.")]
    assert (found.of("activity.csv"), found.of("people.csv")) == ([], [])


TOMORROW = (clock.today() + timedelta(days=2)).isoformat()


@pytest.mark.parametrize(
    "cell",
    [
        "13.05.2024",
        "05/13/2024",
        "2024-02-30",
        "2024-5-1",
        "1899-12-31",
        "0001-01-01",
        TOMORROW,
        "yesterday",
        "20240513",
    ],
)
def test_day_that_is_none_is_refused_with_line_column_and_value(cell: str):
    found = email("2024-05-14,a@example.com,False,2024-05-13,,,", f"2024-05-14,b@example.com,False,{cell},,,")
    expected = "Expected a day as YYYY-MM-DD, from 1900 to today, or nothing."
    assert found.refused == [(3, "Last Activity Date", cell, expected)]
    assert found.of("activity.csv") == ["2 user_id=a@example.com service=EXO day=2024-05-13"]


@pytest.mark.parametrize("cell", ["2024-05-13", " 2024-05-13 ", "2024-05-13T00:00:00Z", "2024-05-13 00:00:00"])
def test_day_may_have_a_time_behind_it(cell: str):
    assert email(f"2024-05-14,a@example.com,False,{cell},,,").of("activity.csv") == [
        "2 user_id=a@example.com service=EXO day=2024-05-13"
    ]


@pytest.mark.parametrize("cell", ["", "14.05.2024", "0001-01-01", TOMORROW])
def test_report_without_its_day_is_not_taken(cell: str):
    found = email("2024-05-14,a@example.com,,,,,", f"{cell},b@example.com,,,,,")
    assert found.not_taken == (
        f"Report Refresh Date of line or item 3 is “{cell}”. Expected the day of the report as YYYY-MM-DD, not after today."
    )


def test_report_without_rows_is_not_taken():
    assert email().not_taken == "The report has no rows, so it doesn't even say of which day it is."


def test_report_needs_a_customer():
    found = read(f"{EMAIL}\n2024-05-14,a@example.com,,,,,\n", about(customer=None))
    assert found.not_taken == "The file doesn't say which customer it is about; name the customer."
    assert found.lines == []


@pytest.mark.parametrize("name", ["", "(Unknown)", "(unknown)", " "])
def test_row_about_nobody_is_left_out_and_told(name: str):
    found = email("2024-05-14,a@example.com,,,,,", f"2024-05-14,{name},,2024-05-13,,,", f"2024-05-14,{name},,,,,")
    assert found.remarks == ["2 rows don't say whom they are about, and are left out; the first is 3."]
    assert (found.of("activity.csv"), found.refused) == ([], [])
    assert found.of("people.csv") == ["2 user_id=a@example.com is_deleted=false"]


def test_concealed_name_stays_a_pseudonym_without_description():
    found = active(f"2024-05-14,{ANN},F020446A54EB05E9FF3A7BD8393B9746,False,,,,OFFICE 365 E5")
    assert found.lines[:2] == [
        f"holders.csv 2 day=2024-05-14 source=report_concealed user_id={ANN} sku_id={E5}",
        "lists.csv 2 day=2024-05-14 source=report_concealed user_id=",
    ]
    assert found.of("people.csv") == []
    assert len(found.remarks) == 1


def test_deleted_person_holds_nothing():
    found = active(
        f"2024-05-14,{ANN},x,True,2024-05-01,,,OFFICE 365 E5", "2024-05-14,b@example.com,Bo,True,,,,OFFICE 365 E5"
    )
    assert found.of("holders.csv") == []
    assert found.of("people.csv") == [
        f"2 user_id={ANN} is_deleted=true",
        "3 user_id=b@example.com display_name=Bo is_deleted=true",
    ]
    assert found.of("activity.csv") == [f"2 user_id={ANN} service=EXO day=2024-05-01"]


def test_one_day_in_sharepoint_and_onedrive_is_one_line():
    found = active(
        "2024-05-14,a@example.com,,,,2024-05-13,2024-05-13,", "2024-05-14,b@example.com,,,,2024-05-13,2024-05-12,"
    )
    assert found.of("activity.csv") == [
        "2 user_id=a@example.com service=SPO day=2024-05-13",
        "3 user_id=b@example.com service=SPO day=2024-05-13",
        "3 user_id=b@example.com service=ODB day=2024-05-12",
    ]
    assert found.of("coverage.csv") == ["2 service=EXO day=2024-05-14", "2 service=SPO day=2024-05-14"]


def test_each_day_of_a_file_of_several_reports_is_covered_and_listed():
    found = active("2024-05-13,a@example.com,,,,,,OFFICE 365 E5", "2024-05-14,a@example.com,,,,,,")
    assert found.of("lists.csv") == [
        "2 day=2024-05-13 source=report user_id=",
        "3 day=2024-05-14 source=report user_id=",
    ]
    assert len(found.of("coverage.csv")) == 4


def test_object_id_is_the_person_and_the_principal_name_an_alias():
    found = read(f"{TEAMS}\n2024-05-14,{OBJECT},a@example.com,2024-05-13,False,1,\n")
    assert found.of("activity.csv") == [f"2 user_id={OBJECT} service=TEAMS day=2024-05-13"]
    assert found.of("people.csv") == [f"2 user_id={OBJECT} principal_name=a@example.com is_deleted=false"]


def test_object_id_of_zeros_is_none():
    found = read(f"{TEAMS}\n2024-05-14,00000000-0000-0000-0000-000000000000,{ANN},2024-05-13,False,1,\n")
    assert found.of("activity.csv") == [f"2 user_id={ANN} service=TEAMS day=2024-05-13"]


def test_names_of_products_may_hold_plus_signs_and_parentheses():
    found = active(
        "2024-05-14,a@example.com,,,,,,office 365 e5+ENTERPRISE MOBILITY + SECURITY E3+POWER BI (FREE)+OFFICE 365 E5",
    )
    assert found.of("holders.csv") == [
        f"2 day=2024-05-14 source=report user_id=a@example.com sku_id={E5}",
        f"2 day=2024-05-14 source=report user_id=a@example.com sku_id={EMS_E3}",
    ]
    assert found.remarks == ["1 name of a product isn't in the catalogue and is left out: POWER BI (FREE)."]


def test_six_unknown_products_are_named_in_part():
    names = "+".join(f"NEW {letter}" for letter in "FEDCBA")
    found = active(f"2024-05-14,a@example.com,,,,,,{names}", f"2024-05-14,b@example.com,,,,,,{names}")
    assert found.remarks == [
        "6 names of products aren't in the catalogue and are left out: NEW A, NEW B, NEW C, NEW D, NEW E, …."
    ]


@pytest.mark.parametrize(
    ("owned", "taken"), [((), BASIC), ((SMB_BASIC,), SMB_BASIC), ((BASIC,), BASIC), ((BASIC, SMB_BASIC), BASIC)]
)
def test_of_products_with_one_name_the_customers_is_taken_else_the_first(owned: tuple[UUID, ...], taken: UUID):
    found = active("2024-05-14,a@example.com,,,,,,MICROSOFT 365 BUSINESS BASIC", stock=Stock(owned=owned))
    assert found.of("holders.csv") == [f"2 day=2024-05-14 source=report user_id=a@example.com sku_id={taken}"]
    chosen = ["Several products have the name MICROSOFT 365 BUSINESS BASIC; of each, the first by its GUID is taken."]
    assert found.remarks == ([] if len(owned) == 1 else chosen)


def test_bad_day_takes_no_licence_away():
    found = active("2024-05-14,a@example.com,,,2024-13-01,,,OFFICE 365 E5")
    assert [(column, value) for _line, column, value, _reason in found.refused] == [
        ("Exchange Last Activity Date", "2024-13-01")
    ]
    assert found.of("holders.csv") == [f"2 day=2024-05-14 source=report user_id=a@example.com sku_id={E5}"]
    assert found.of("lists.csv") == ["2 day=2024-05-14 source=report user_id="]


def test_bad_day_of_a_deleted_person_gives_no_licence():
    found = active("2024-05-14,a@example.com,,True,2024-13-01,,,OFFICE 365 E5")
    assert (len(found.refused), found.of("holders.csv")) == (1, [])


def test_list_with_a_gap_concludes_nothing_of_people_who_are_not_in_it():
    found = active(
        "2024-05-14,a@example.com,,,,,,OFFICE 365 E5",
        "2024-05-14,Last, First,,,,,,,OFFICE 365 E5",
        "2024-05-14,b@example.com,,True,,,,OFFICE 365 E5",
    )
    assert found.refused == [(3, "", "", "The line has 10 cells; expected 8, as many as the header.")]
    assert found.of("lists.csv") == [
        "2 day=2024-05-14 source=report user_id=a@example.com",
        "4 day=2024-05-14 source=report user_id=b@example.com",
    ]
    assert found.of("holders.csv") == [f"2 day=2024-05-14 source=report user_id=a@example.com sku_id={E5}"]
    assert found.remarks == ["Some rows can't be read, so nothing is concluded of people who aren't in the report."]


def page(rows: list[dict[str, object]], **envelope: str) -> str:
    return json.dumps({**envelope, "value": rows})


ROW = {
    "reportRefreshDate": "2024-05-14",
    "userPrincipalName": "a@example.com",
    "isDeleted": None,
    "exchangeLastActivityDate": "2024-05-13",
    "assignedProducts": ["Office 365 E5"],
}


NEXT = "https://graph.example/next"


@pytest.mark.parametrize(
    "content",
    [page([ROW], **{"@odata.nextLink": NEXT}), f'{{"value": [{json.dumps(ROW)}], "@odata.nextLink": "{NEXT}"}}'],
)
def test_page_of_several_concludes_nothing_of_other_pages(content: str):
    found = read(content)
    assert found.lines == [
        f"holders.csv 1 day=2024-05-14 source=report user_id=a@example.com sku_id={E5}",
        "activity.csv 1 user_id=a@example.com service=EXO day=2024-05-13",
        "people.csv 1 user_id=a@example.com is_deleted=false",
        "lists.csv 1 day=2024-05-14 source=report user_id=a@example.com",
    ]
    assert found.remarks == [
        "The file is one page of several, so nothing is concluded of people who aren't in it, and no day is covered."
    ]


def test_last_page_says_that_it_is_the_last():
    assert read(page([ROW], **{"@odata.nextLink": ""})).of("lists.csv") == ["1 day=2024-05-14 source=report user_id="]


def test_row_that_is_no_object_is_refused():
    found = read(f"[{json.dumps(ROW | {'sendCount': 1, 'receiveCount': 1, 'lastActivityDate': None})}, 17]")
    assert found.refused == [(2, "", "17", "Expected an object with a person's figures.")]


def test_members_in_another_order_or_missing_say_the_same():
    shuffled = dict(reversed(ROW.items()))
    short = {name: ROW[name] for name in ("userPrincipalName", "reportRefreshDate")}
    found = read(json.dumps([ROW, shuffled | {"isGuest": True}, short]))
    assert found.of("activity.csv") == [f"{item} user_id=a@example.com service=EXO day=2024-05-13" for item in (1, 2)]
    assert found.refused == []
    assert found.customers == {str(CUSTOMER)}
