"""Logins to try Seatwise with."""

from pathlib import Path

import pytest

from partners.models import AuditEntry, Partner, Staff
from partners.permissions import Role
from partners.services.demo_logins import kept_password, make_demo_logins
from tests.people import make_partner

PASSWORD = "a random password"


@pytest.fixture
def partner(db: None) -> Partner:
    return make_partner("alpha")


def test_login_per_role_and_an_operator(partner: Partner) -> None:
    logins = make_demo_logins(actor=None, partners=[partner], password=PASSWORD)
    assert [(login.email, login.partner, login.role) for login in logins] == [
        ("global.admin@alpha.example", partner, Role.GLOBAL_ADMIN),
        ("user.admin@alpha.example", partner, Role.USER_ADMIN),
        ("admin.agent@alpha.example", partner, Role.ADMIN_AGENT),
        ("sales.agent@alpha.example", partner, Role.SALES_AGENT),
        ("operator@seatwise.example", None, None),
    ]
    made = {staff.email: staff for staff in Staff.objects.all()}
    assert sorted(made) == sorted(login.email for login in logins)
    for login in logins:
        staff = made[login.email]
        assert (staff.partner, staff.roles) == (login.partner, [login.role] if login.role else [])
        assert (staff.is_superuser, staff.is_staff) == (login.role is None, login.role is None)
        assert staff.check_password(PASSWORD)


def test_second_time_changes_nothing(partner: Partner) -> None:
    make_demo_logins(actor=None, partners=[partner], password=PASSWORD)
    before = list(Staff.objects.order_by("pk").values())
    make_demo_logins(actor=None, partners=[partner], password=PASSWORD)
    assert list(Staff.objects.order_by("pk").values()) == before
    assert AuditEntry.objects.filter(action="staff.demo").count() == 5


@pytest.mark.parametrize("change", [{"is_active": False}, {"roles": ["global_admin"]}, {"password": "!"}])
def test_changed_login_is_put_right(partner: Partner, change: dict[str, object]) -> None:
    make_demo_logins(actor=None, partners=[partner], password=PASSWORD)
    Staff.objects.filter(email="sales.agent@alpha.example").update(**change)
    make_demo_logins(actor=None, partners=[partner], password=PASSWORD)
    staff = Staff.objects.get(email="sales.agent@alpha.example")
    assert (staff.is_active, staff.roles, staff.check_password(PASSWORD)) == (True, ["sales_agent"], True)
    assert AuditEntry.objects.filter(object_id=str(staff.pk), action="staff.demo").count() == 2


def test_password_is_random_kept_and_private(tmp_path: Path) -> None:
    first, other = tmp_path / "first", tmp_path / "other"
    assert kept_password(first) == kept_password(first)
    assert kept_password(first) != kept_password(other)
    assert len(kept_password(first)) == 16
    assert first.stat().st_mode & 0o777 == 0o600
