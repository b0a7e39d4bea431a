"""What loads are called, to whom: a correction goes by who made it, as far as the viewer may know."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils import formats
from django.utils.translation import gettext as _

from customers.models import Load
from partners.models import Staff, operates
from partners.permissions import Action
from partners.tenancy import operating

_CORRECTION = re.compile(r"correction by staff ([0-9]+)")

_CHANGED_CUSTOMERS = """
    SELECT count(*)
    FROM (
        SELECT j.customer_id
        FROM customers_journalentry j
        JOIN customers_loadstep s ON s.id = j.step
        WHERE s.load_id = %s
        UNION
        SELECT customer_id FROM customers_activitystatement WHERE load_id = %s
        UNION
        SELECT customer_id FROM customers_coveragestatement WHERE load_id = %s
    ) changed
"""


def called_loads(loads: Iterable[Load], *, user: Any) -> dict[int, str]:
    """By key what these loads are called: by the name of what was loaded, a correction by its day and who made it.

    Who made it says the audit log too: so only to whoever may read its entries about customers. One query, where any
    is a correction.
    """
    loads = list(loads)
    made_by = {load.pk: int(found[1]) for load in loads if (found := _CORRECTION.fullmatch(load.source))}
    names = _names(set(made_by.values()), user) if made_by else {}
    return {
        load.pk: _correction(load, names, made_by[load.pk]) if load.pk in made_by else load.source for load in loads
    }


def _names(keys: set[int], user: Any) -> dict[int, str]:
    """What these people are called; colleagues only, unless the viewer is the operator."""
    if not (operates(user) or user.may(Action.SEE_CUSTOMER_EVENTS)):
        return {}
    staff = Staff.objects.all() if operates(user) else Staff.objects.visible_to(user)
    found = {person.pk: person.get_full_name() or person.email for person in staff.filter(pk__in=keys)}
    return {key: found.get(key, _("the operator")) for key in keys}


def _correction(load: Load, names: dict[int, str], actor: int) -> str:
    day = formats.date_format(load.started_at.date(), "DATE_FORMAT", use_l10n=True)
    if actor not in names:
        return _("correction on %(day)s") % {"day": day}
    return _("correction by %(name)s on %(day)s") % {"name": names[actor], "day": day}


def changed_customers(load: Load) -> int:
    """How many customers' facts a load changed, as far as that is kept: for 90 days."""
    with operating(), connection.cursor() as cursor:
        cursor.execute(_CHANGED_CUSTOMERS, [load.pk] * 3)
        return cursor.fetchone()[0]
