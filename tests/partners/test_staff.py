"""Members of staff: how they come to be, by the service and by the command."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from partners.models import AuditEntry, Partner, Staff
from partners.permissions import Role
from partners.services.staff import create_staff

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


@pytest.fixture
def partner() -> Partner:
    return Partner.objects.create(partner_id=uuid4(), name="Nordwind", slug="nordwind")


def created(partner: Partner, **fields: object) -> Staff:
    defaults = {"email": "ann@nordwind.example", "roles": [Role.SALES_AGENT], "password": PASSWORD}
    return create_staff(**{"actor": None, "partner": partner} | defaults | fields)


def test_staff_with_roles_and_a_password_that_works(partner: Partner) -> None:
    staff = created(partner, roles=[Role.USER_ADMIN, Role.ADMIN_AGENT, Role.USER_ADMIN])
    staff.refresh_from_db()
    assert (staff.email, staff.partner, staff.roles) == ("ann@nordwind.example", partner, ["admin_agent", "user_admin"])
    assert (staff.is_active, staff.is_staff, staff.is_superuser) == (True, False, False)
    assert authenticate(username="ann@nordwind.example", password=PASSWORD) == staff
    assert authenticate(username="ANN@Nordwind.example", password=PASSWORD) == staff
    assert authenticate(username="ann@nordwind.example", password="wrong") is None


def test_creation_is_written_to_the_audit_log(partner: Partner) -> None:
    first = created(partner)
    second = created(partner, actor=first, email="bob@nordwind.example")
    entries = AuditEntry.objects.order_by("id").values_list(
        "actor", "partner", "action", "object_type", "object_id", "before", "after"
    )
    assert list(entries) == [
        (
            actor,
            partner.pk,
            "staff.create",
            "staff",
            str(staff.pk),
            None,
            {"email": staff.email, "roles": ["sales_agent"]},
        )
        for actor, staff in ((None, first), (first.pk, second))
    ]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"email": ""}, "This field cannot be blank."),
        ({"email": "a" * 250 + "@x.example"}, "Ensure this value has at most 254 characters (it has 260)."),
        ({"password": ""}, "This password is too short. It must contain at least 8 characters."),
        ({"password": "password"}, "This password is too common."),
        ({"password": "ann@nordwind.example"}, "The password is too similar to the e-mail address."),
    ],
    ids=["form", "empty", "long", "no password", "common", "similar"],
)
def test_refused_with_a_reason_and_nothing_stored(partner: Partner, fields: dict, message: str) -> None:
    with pytest.raises(ValidationError) as error:
        created(partner, **fields)
    assert message in error.value.messages
    assert (Staff.objects.count(), AuditEntry.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("ann@nordwind.example", "Member of staff with this E-mail address already exists."),
        ("ANN@nordwind.example", "Somebody with this e-mail address is known already."),
        ("Ann@NORDWIND.example", "Somebody with this e-mail address is known already."),
    ],
)
def test_address_is_known_whatever_its_case(partner: Partner, email: str, message: str) -> None:
    created(partner)
    with pytest.raises(ValidationError) as error:
        created(partner, email=email)
    assert error.value.messages == [message]
    assert Staff.objects.count() == 1


def command(monkeypatch: pytest.MonkeyPatch, password: str, *arguments: str) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(password))
    out = io.StringIO()
    call_command("create_staff", *arguments, stdout=out)
    return out.getvalue()


def test_command_reads_the_password_from_standard_input(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    roles = ("--role", "global_admin", "--role", "sales_agent")
    told = command(
        monkeypatch, f"{PASSWORD}\r\nmore\n", "--partner", "Nordwind", "--email", "ann@nordwind.example", *roles
    )
    assert told == "ann@nordwind.example is now staff of Nordwind: global_admin, sales_agent.\n"
    assert authenticate(username="ann@nordwind.example", password=PASSWORD).roles == ["global_admin", "sales_agent"]


@pytest.mark.parametrize(
    ("slug", "email", "password", "message"),
    [
        ("nobody", "ann@nordwind.example", PASSWORD, "No partner has the slug 'nobody'. Known: nordwind."),
        ("nordwind", "ann", PASSWORD, "Enter a valid email address."),
        ("nordwind", "ann@nordwind.example", "", "This password is too short. It must contain at least 8 characters."),
    ],
)
def test_command_input_at_fault_ends_with_status_1(
    partner: Partner, monkeypatch: pytest.MonkeyPatch, slug: str, email: str, password: str, message: str
) -> None:
    with pytest.raises(CommandError) as error:
        command(monkeypatch, password, "--partner", slug, "--email", email, "--role", "sales_agent")
    assert (str(error.value), error.value.returncode) == (message, 1)
    assert Staff.objects.count() == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("--partner", "nordwind", "--email", "ann@nordwind.example"),
        ("--partner", "nordwind", "--role", "sales_agent"),
        ("--email", "ann@nordwind.example", "--role", "sales_agent"),
        ("--partner", "nordwind", "--email", "ann@nordwind.example", "--role", "owner"),
    ],
    ids=["role", "email", "partner", "unknown role"],
)
def test_command_wrong_arguments(partner: Partner, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match=r"required|invalid choice"):
        command(monkeypatch, PASSWORD, *arguments)


def test_operator_belongs_to_no_partner() -> None:
    operator = Staff.objects.create_superuser("root@seatwise.example", PASSWORD)
    assert (operator.partner, operator.roles, operator.is_staff, operator.is_superuser) == (None, [], True, True)
    assert authenticate(username="Root@seatwise.example", password=PASSWORD) == operator


def test_staff_without_a_password_cannot_sign_in(partner: Partner) -> None:
    staff = Staff.objects.create_user("ann@nordwind.example", partner=partner)
    assert staff.has_usable_password() is False
    assert authenticate(username="ann@nordwind.example", password="") is None
