"""Users and the licences that are assigned to them, as Microsoft Graph lists them."""

import json
from typing import Any
from uuid import UUID

import pytest

from tests.customers.imports.gathered import CRM, E5, EMS_E3, Gathered, Stock, about, read

ANN = "11111111-0000-4000-8000-000000000001"
BOB = "11111111-0000-4000-8000-000000000002"
USERS = "https://graph.microsoft.com/v1.0/$metadata#users(id,userPrincipalName,displayName,assignedLicenses)"
FAILED = "CountViolation"


def user(number: str = ANN, *skus: UUID, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "userPrincipalName": "ann@example.com",
        "displayName": "Ann",
        "assignedLicenses": [{"skuId": str(sku), "disabledPlans": []} for sku in skus],
        **more,
    }


def users(*items: Any, stock: Stock | None = None, **envelope: str) -> Gathered:
    return read(json.dumps({"@odata.context": USERS, **envelope, "value": items}), about(stock=stock))


def held(number: int, person: str, sku: UUID) -> str:
    return f"holders.csv {number} day=2024-05-15 source=directory user_id={person} sku_id={sku}"


def listed(number: int, person: str) -> str:
    return f"lists.csv {number} day=2024-05-15 source=directory user_id={person}"


def described(number: int, person: str, more: str = "principal_name=ann@example.com display_name=Ann") -> str:
    return f"people.csv {number} user_id={person} is_deleted=false {more}".rstrip()


WHOLE = listed(1, "")


def test_users_become_people_and_a_whole_list_of_who_holds_what():
    found = users(user(ANN, E5, EMS_E3), user(BOB))
    assert (found.code, found.refused, found.remarks) == ("graph_users", [], [])
    assert found.lines == [
        described(1, ANN),
        held(1, ANN, E5),
        held(1, ANN, EMS_E3),
        described(2, BOB),
        WHOLE,
    ]


def test_product_assigned_twice_is_held_once():
    assert users(user(ANN, E5, E5)).of("holders.csv") == [held(1, ANN, E5).removeprefix("holders.csv ")]


@pytest.mark.parametrize(
    ("states", "holds"),
    [
        (["Active"], True),
        (["ActiveWithError"], True),
        (["Error"], False),
        (["Disabled"], False),
        (["Error", "Active"], True),
        ([], True),
    ],
)
def test_assignment_that_failed_is_no_licence(states: list[str], *, holds: bool):
    given = [{"skuId": str(E5), "state": state, "assignedByGroup": None, "error": FAILED} for state in states]
    found = users(user(ANN, E5, licenseAssignmentStates=given))
    assert len(found.of("holders.csv")) == holds


def test_products_that_the_catalogue_lacks_are_left_out_and_told():
    found = users(user(ANN, E5, CRM), stock=Stock(known=[E5]))
    assert found.of("holders.csv") == [held(1, ANN, E5).removeprefix("holders.csv ")]
    assert found.remarks == [f"1 product isn't in the catalogue and is left out: {CRM}."]


def test_page_of_several_says_nothing_of_other_people():
    found = users(user(ANN, E5), **{"@odata.nextLink": "https://graph.example/next"})
    assert found.of("lists.csv") == [listed(1, ANN).removeprefix("lists.csv ")]
    assert found.remarks == ["The file is one page of several: nothing is concluded of people who aren't in it."]


def test_page_that_names_the_next_one_late_says_nothing_of_other_people_either():
    found = read(f'{{"value": [{json.dumps(user(ANN, E5))}], "@odata.nextLink": "https://graph.example/next"}}')
    assert found.of("lists.csv") == [listed(1, ANN).removeprefix("lists.csv ")]


def test_removed_users_of_a_delta_hold_nothing_and_others_stay():
    removed = {"id": BOB, "@removed": {"reason": "changed"}}
    for items in ([user(ANN, E5), removed], [removed, user(ANN, E5)]):
        found = users(*items)
        assert f"people.csv {items.index(removed) + 1} user_id={BOB} is_deleted=true" in found.lines
        assert sorted(found.of("lists.csv")) == sorted(
            f"{number} day=2024-05-15 source=directory user_id={item['id']}"
            for number, item in enumerate(items, start=1)
        )


def test_round_of_a_delta_is_no_whole_list():
    found = users(user(ANN, E5), **{"@odata.deltaLink": "https://graph.example/delta"})
    assert found.of("lists.csv") == [listed(1, ANN).removeprefix("lists.csv ")]


def test_refused_user_leaves_a_gap_so_nobody_else_is_concluded_of():
    found = users(user(ANN, E5), user("ann"), {"error": {"code": "Gone", "message": "No."}}, 5)
    assert found.refused == [
        (2, "id", "ann", "Expected the object id (a GUID) of a user."),
        (3, "error", "Gone: No.", "The service couldn't say it. Expected an object without an error."),
        (4, "", "5", "Expected an object."),
    ]
    assert found.of("lists.csv") == [listed(1, ANN).removeprefix("lists.csv ")]


@pytest.mark.parametrize(
    ("licences", "column", "value", "reason"),
    [
        ("E5", "assignedLicenses", "E5", "Expected a list."),
        (["E5"], "assignedLicenses", "E5", "Expected objects with a skuId."),
        ([{"skuId": "E5"}], "skuId", "E5", "Expected the GUID of a product."),
    ],
)
def test_licences_in_another_form_are_refused(licences: Any, column: str, value: str, reason: str):
    found = users(user(ANN, assignedLicenses=licences))
    assert (found.refused, found.lines) == ([(1, column, value, reason)], [])


def test_users_without_licences_selected_are_people_only():
    without = {"id": ANN, "userPrincipalName": "ann@example.com", "displayName": "Ann"}
    found = users(without)
    assert found.lines == [described(1, ANN)]
    assert found.remarks == [
        "There are users without assignedLicenses, of whom the file doesn't say what they hold; expected $select to name it."
    ]


@pytest.mark.parametrize(
    ("more", "mailbox"),
    [
        ({"userType": "Guest"}, " mailbox=guest"),
        ({"userType": "Member"}, ""),
        ({"mailboxSettings": {"userPurpose": "shared"}}, " mailbox=shared"),
        ({"mailboxSettings": {"userPurpose": "others"}}, ""),
        ({"mailboxSettings": None}, ""),
    ],
)
def test_kind_of_mailbox_as_far_as_it_is_said(more: dict[str, Any], mailbox: str):
    found = users(user(ANN, **more))
    assert found.lines[0] == f"{described(1, ANN)}{mailbox}"


def test_names_that_are_missing_are_not_blanked():
    assert users(user(ANN, displayName=None, userPrincipalName=None)).lines[0] == described(1, ANN, "")


def test_tenant_without_users_states_nothing():
    found = users()
    assert (found.code, found.lines, found.not_taken) == ("graph_users", [], "")


DETAILS = "https://graph.microsoft.com/v1.0/$metadata#users('{}')/licenseDetails"


def details(*skus: UUID, whose: str = ANN, **envelope: str) -> Gathered:
    items = [{"id": "x", "skuId": str(sku), "skuPartNumber": "P", "servicePlans": []} for sku in skus]
    return read(json.dumps({"@odata.context": DETAILS.format(whose), **envelope, "value": items}))


@pytest.mark.parametrize("whose", [ANN, "ann@example.com"])
def test_licence_details_are_the_list_of_one_user(whose: str):
    found = details(E5, CRM, whose=whose)
    assert (found.code, found.refused) == ("graph_licence_details", [])
    assert found.lines == [held(1, whose, E5), held(2, whose, CRM), listed(1, whose)]


@pytest.mark.parametrize(("number", "envelope"), [(0, {}), (E5.int, {"@odata.nextLink": "https://graph.example/next"})])
def test_licence_details_with_gaps_are_not_taken(number: int, envelope: dict[str, str]):
    found = details(E5, UUID(int=number), **envelope)
    assert found.of("lists.csv") == []
    assert found.not_taken == (
        "The list of one user's licences has gaps, so what isn't in it may be held all the same. Expected the whole list."
    )
