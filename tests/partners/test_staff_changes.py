"""What a manager of staff may change of whom (design.md, "Who may do what"), and what the audit log says of it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from partners.failures import WrongStateError
from partners.mail import MailError
from partners.models import ApiToken, AuditEntry, Staff
from partners.permissions import Role
from partners.services.staff import (
    change_roles,
    deactivate,
    reactivate,
    remove_second_factor,
    rename,
    send_reset,
)
from partners.services.tokens import create_token, use_token
from partners.tenancy import operating
from tests.partners.conftest import House, make_house
from tests.people import make_operator, make_staff

pytestmark = pytest.mark.django_db


def link(staff: Staff) -> str:
    return f"https://seatwise.example/{staff.pk}"


CHANGES: dict[str, Callable[[Staff, Staff], None]] = {
    "roles": lambda actor, staff: change_roles(actor=actor, staff=staff, roles=[Role.USER_ADMIN, Role.SALES_AGENT]),
    "deactivate": lambda actor, staff: deactivate(actor=actor, staff=staff),
    "reactivate": lambda actor, staff: reactivate(actor=actor, staff=staff),
    "rename": lambda actor, staff: rename(actor=actor, staff=staff, first_name="Ann", last_name="Lind"),
    "reset": lambda actor, staff: send_reset(actor=actor, staff=staff, link=link),
    "second factor": lambda actor, staff: remove_second_factor(actor=actor, staff=staff),
}
every_change = pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)


def with_second_factor(staff: Staff) -> Staff:
    Authenticator.objects.create(user=staff, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return staff


def fresh(staff: Staff) -> Staff:
    return Staff.objects.select_related("partner").get(pk=staff.pk)


def entries() -> list[tuple]:
    return list(AuditEntry.objects.order_by("id").values_list("action", "actor", "object_id", "before", "after"))


# --- who may change whom


@every_change
@pytest.mark.parametrize("role", [Role.GLOBAL_ADMIN, Role.USER_ADMIN])
def test_manager_of_staff_changes_colleagues(house: House, change: Callable, role: Role) -> None:
    with_second_factor(house.sales_agent)
    change(house.of(role), house.sales_agent)


@every_change
@pytest.mark.parametrize("role", [Role.ADMIN_AGENT, Role.SALES_AGENT])
def test_others_change_nobody(house: House, change: Callable, role: Role) -> None:
    colleague = with_second_factor(make_staff(house.partner, Role.SALES_AGENT))
    with pytest.raises(PermissionDenied):
        change(house.of(role), colleague)
    assert entries() == []


@every_change
def test_user_admin_does_not_touch_a_global_admin(house: House, change: Callable) -> None:
    make_staff(house.partner, Role.GLOBAL_ADMIN)
    with_second_factor(house.global_admin)
    with pytest.raises(PermissionDenied):
        change(house.user_admin, house.global_admin)
    Staff.objects.filter(pk=house.global_admin.pk).update(is_active=False)
    with pytest.raises(PermissionDenied):
        change(house.user_admin, fresh(house.global_admin))
    assert entries() == []


@every_change
def test_global_admin_changes_another_global_admin(house: House, change: Callable) -> None:
    change(house.global_admin, with_second_factor(make_staff(house.partner, Role.GLOBAL_ADMIN)))


@every_change
def test_nobody_changes_another_partners_staff(house: House, neighbours: House, change: Callable) -> None:
    with_second_factor(neighbours.sales_agent)
    with pytest.raises(PermissionDenied):
        change(house.global_admin, neighbours.sales_agent)
    assert entries() == []


@every_change
def test_inactive_manager_changes_nobody(house: House, change: Callable) -> None:
    with_second_factor(house.sales_agent)
    stale = fresh(house.user_admin)
    Staff.objects.filter(pk=stale.pk).update(is_active=False)
    with pytest.raises(PermissionDenied):
        change(stale, house.sales_agent)


@every_change
def test_rights_are_those_of_now_and_not_of_when_the_page_was_loaded(house: House, change: Callable) -> None:
    with_second_factor(house.sales_agent)
    stale = fresh(house.user_admin)
    Staff.objects.filter(pk=stale.pk).update(roles=["sales_agent"])
    with pytest.raises(PermissionDenied):
        change(stale, house.sales_agent)


@every_change
def test_operator_changes_staff_of_every_partner(house: House, change: Callable) -> None:
    change(make_operator(), with_second_factor(house.sales_agent))


@every_change
def test_nobody_changes_an_operator_here(house: House, change: Callable) -> None:
    operator = with_second_factor(make_operator())
    for actor in (house.global_admin, make_operator()):
        with pytest.raises(PermissionDenied):
            change(actor, operator)


# --- roles


def test_roles_are_changed_and_recorded_with_before_and_after(house: House) -> None:
    change_roles(actor=house.user_admin, staff=house.sales_agent, roles=[Role.SALES_AGENT, Role.ADMIN_AGENT])
    assert fresh(house.sales_agent).roles == ["admin_agent", "sales_agent"]
    assert entries() == [
        (
            "staff.roles",
            house.user_admin.pk,
            str(house.sales_agent.pk),
            {"roles": ["sales_agent"]},
            {"roles": ["admin_agent", "sales_agent"]},
        )
    ]
    entry = AuditEntry.objects.get()
    assert (entry.kind, entry.partner) == ("staff", house.partner)


def test_same_roles_change_and_record_nothing(house: House) -> None:
    change_roles(actor=house.user_admin, staff=house.sales_agent, roles=[Role.SALES_AGENT])
    assert entries() == []


def test_no_role_at_all_is_refused(house: House) -> None:
    with pytest.raises(ValidationError) as error:
        change_roles(actor=house.user_admin, staff=house.sales_agent, roles=[])
    assert error.value.message_dict == {"roles": ["Choose at least one role."]}


def test_only_a_global_admin_grants_and_takes_away_global_admin(house: House) -> None:
    both = [Role.SALES_AGENT, Role.GLOBAL_ADMIN]
    with pytest.raises(PermissionDenied, match="Only a global admin grants or takes away global admin"):
        change_roles(actor=house.user_admin, staff=house.sales_agent, roles=both)
    change_roles(actor=house.global_admin, staff=house.sales_agent, roles=both)
    with pytest.raises(PermissionDenied, match="Only a global admin changes anything of a global admin"):
        change_roles(actor=house.user_admin, staff=house.sales_agent, roles=[Role.SALES_AGENT])
    change_roles(actor=house.global_admin, staff=house.sales_agent, roles=[Role.SALES_AGENT])
    assert fresh(house.sales_agent).roles == ["sales_agent"]


@pytest.mark.parametrize("more", [Role.ADMIN_AGENT, Role.SALES_AGENT])
def test_nobody_raises_his_or_her_own_rights(house: House, more: Role) -> None:
    with pytest.raises(PermissionDenied, match="Nobody raises his or her own rights: ask a colleague"):
        change_roles(actor=house.user_admin, staff=house.user_admin, roles=[Role.USER_ADMIN, more])
    assert fresh(house.user_admin).roles == ["user_admin"]


def test_lowering_ones_own_rights_is_allowed(house: House) -> None:
    make_staff(house.partner, Role.GLOBAL_ADMIN)
    change_roles(actor=house.global_admin, staff=house.global_admin, roles=[Role.SALES_AGENT])
    assert fresh(house.global_admin).roles == ["sales_agent"]


# --- the last global admin


@pytest.mark.parametrize(
    "remove",
    [
        lambda actor, staff: deactivate(actor=actor, staff=staff),
        lambda actor, staff: change_roles(actor=actor, staff=staff, roles=[Role.SALES_AGENT]),
    ],
    ids=["deactivate", "roles"],
)
def test_last_active_global_admin_stays(house: House, neighbours: House, remove: Callable) -> None:
    make_staff(house.partner, Role.GLOBAL_ADMIN, is_active=False)
    for actor in (house.global_admin, make_operator()):
        with pytest.raises(WrongStateError) as error:
            remove(actor, house.global_admin)
        assert str(error.value) == "This is the last active global admin: make somebody else one first."
    assert (fresh(house.global_admin).is_active, fresh(house.global_admin).roles) == (True, ["global_admin"])
    second = make_staff(house.partner, Role.GLOBAL_ADMIN)
    remove(second, house.global_admin)
    with pytest.raises(WrongStateError):
        remove(second, second)


@pytest.mark.django_db(transaction=True)
def test_two_global_admins_cannot_remove_each_other_at_once(db: None) -> None:
    with operating():
        house = make_house("nordwind")
        second = make_staff(house.partner, Role.GLOBAL_ADMIN)
    start, refused = threading.Barrier(2), []

    def remove(actor: Staff, staff: Staff) -> None:
        try:
            with operating():
                start.wait(timeout=10)
                deactivate(actor=actor, staff=staff)
        except (PermissionDenied, WrongStateError) as error:
            refused.append(error)
        finally:
            connection.close()

    pairs = [(house.global_admin, second), (second, house.global_admin)]
    threads = [threading.Thread(target=remove, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with operating():
        left = Staff.objects.filter(roles__contains=["global_admin"], is_active=True).count()
    assert (left, len(refused)) == (1, 1)


# --- in and out


def test_deactivation_revokes_tokens_for_good_and_is_recorded(house: House) -> None:
    token = create_token(actor=None, staff=house.sales_agent, name="report")
    assert use_token(token.plain) is not None
    deactivate(actor=house.user_admin, staff=house.sales_agent, reason="left the company")
    assert use_token(token.plain) is None
    reactivate(actor=house.user_admin, staff=fresh(house.sales_agent))
    assert use_token(token.plain) is None
    assert ApiToken.objects.get().revoked_at is not None
    assert fresh(house.sales_agent).is_active is True
    pk = str(house.sales_agent.pk)
    assert [entry for entry in entries() if entry[0].startswith("staff.")] == [
        ("staff.deactivate", house.user_admin.pk, pk, {"active": True}, {"active": False, "tokens_revoked": 1}),
        ("staff.reactivate", house.user_admin.pk, pk, {"active": False}, {"active": True}),
    ]
    assert AuditEntry.objects.get(action="staff.deactivate").reason == "left the company"


def test_deactivating_twice_and_reactivating_the_active_changes_nothing(house: House) -> None:
    reactivate(actor=house.user_admin, staff=house.sales_agent)
    deactivate(actor=house.user_admin, staff=house.sales_agent)
    deactivate(actor=house.user_admin, staff=house.sales_agent)
    assert [entry[0] for entry in entries()] == ["staff.deactivate"]
    assert fresh(house.sales_agent).session_generation == 1


def test_rename_is_recorded_and_too_long_names_are_refused(house: House) -> None:
    rename(actor=house.user_admin, staff=house.sales_agent, first_name=" Ann ", last_name="Lind")
    assert fresh(house.sales_agent).get_full_name() == "Ann Lind"
    rename(actor=house.user_admin, staff=house.sales_agent, first_name="Ann", last_name="Lind")
    assert [entry[3:] for entry in entries()] == [
        ({"first_name": "", "last_name": ""}, {"first_name": "Ann", "last_name": "Lind"})
    ]
    with pytest.raises(ValidationError):
        rename(actor=house.user_admin, staff=house.sales_agent, first_name="a" * 151, last_name="")


def test_reset_is_mailed_and_recorded(house: House) -> None:
    Staff.objects.filter(pk=house.sales_agent.pk).update(language="en")
    send_reset(actor=house.user_admin, staff=house.sales_agent, link=link)
    (message,) = mail.outbox
    assert (message.to, message.subject) == ([house.sales_agent.email], "Set a new password for Seatwise")
    assert message.body == (
        "user_admin@nordwind.example sends you this link, with which you set a new password for your account:\n\n"
        f"https://seatwise.example/{house.sales_agent.pk}\n\n"
        "The link works once, and for one day. Until you use it your password stays as it is.\n\n-- \nSeatwise\n"
    )
    assert [entry[0] for entry in entries()] == ["staff.send_reset"]


def test_reset_of_somebody_inactive_is_refused(house: House) -> None:
    Staff.objects.filter(pk=house.sales_agent.pk).update(is_active=False)
    with pytest.raises(WrongStateError, match="reactivate first"):
        send_reset(actor=house.user_admin, staff=house.sales_agent, link=link)
    assert (mail.outbox, entries()) == ([], [])


def test_mail_that_cannot_be_sent_takes_everything_back(house: House, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with_second_factor(house.sales_agent)
    with pytest.raises(MailError, match="nothing was changed"):
        send_reset(actor=house.user_admin, staff=house.sales_agent, link=link)
    with pytest.raises(MailError):
        remove_second_factor(actor=house.user_admin, staff=house.sales_agent)
    assert entries() == []
    assert Authenticator.objects.count() == 1


def test_lost_second_factor_is_removed_told_and_ends_sessions(house: House) -> None:
    with_second_factor(house.sales_agent)
    remove_second_factor(actor=house.user_admin, staff=house.sales_agent)
    assert Authenticator.objects.count() == 0
    assert fresh(house.sales_agent).session_generation == 1
    assert [(message.to, message.subject) for message in mail.outbox] == [
        ([house.sales_agent.email], "The second factor for Seatwise was removed")
    ]
    with pytest.raises(WrongStateError, match="has no second factor"):
        remove_second_factor(actor=house.user_admin, staff=house.sales_agent)
    with pytest.raises(PermissionDenied, match="in your profile"):
        remove_second_factor(actor=house.user_admin, staff=house.user_admin)
