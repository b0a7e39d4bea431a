"""Invitations that are answered at the moment in which their sender loses the right to send them."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from partners.models import AuditEntry, Invitation, Partner, Staff
from partners.permissions import Role
from partners.services.invitations import InvitationGoneError, accept, invite
from partners.tenancy import operating
from tests.partners.conftest import House, make_house
from tests.people import PASSWORD

LONGEST = 10
"""Seconds."""


class Change(threading.Thread):
    """Somebody else's change of the partner's staff: it has begun, and ends when somebody waits for it."""

    def __init__(self, house: House) -> None:
        super().__init__()
        self.house = house
        self.begun = threading.Event()

    def run(self) -> None:
        with operating(), transaction.atomic():
            Partner.objects.select_for_update(no_key=True).get(pk=self.house.partner.pk)
            Staff.objects.filter(pk=self.house.user_admin.pk).update(roles=[Role.SALES_AGENT.value])
            self.begun.set()
            _wait_until_somebody_waits()
        connection.close()


def _wait_until_somebody_waits() -> None:
    with connection.cursor() as cursor:
        for _try in range(LONGEST * 20):
            cursor.execute("SELECT count(*), pg_sleep(0.05) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return


@pytest.mark.django_db(transaction=True)
def test_rights_are_judged_when_nobody_changes_them_any_more() -> None:
    house, secrets = make_house("nordwind"), []
    invite(
        actor=house.user_admin, email="eve@x.example", roles=[Role.SALES_AGENT], link=lambda s: secrets.append(s) or s
    )
    change = Change(house)
    change.start()
    change.begun.wait(LONGEST)
    with pytest.raises(InvitationGoneError):
        accept(secret=secrets[0], first_name="Eve", last_name="", password=PASSWORD)
    change.join()
    assert (Staff.objects.filter(email="eve@x.example").count(), Invitation.objects.count()) == (0, 1)
    assert not AuditEntry.objects.filter(action="staff.join").exists()
