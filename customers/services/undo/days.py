"""What activity and coverage of later loads need in order to stand, though their bits are no lines: customers and people."""

from __future__ import annotations

from django.utils.translation import gettext as _

from customers.feed.context import FileContext
from customers.models import LoadStep
from customers.services.undo.refusal import rests_on_it
from partners.models import Staff

_SHOW = "UPDATE customers_customer c SET tenant_id = h.tenant_id FROM undo_hidden h WHERE h.customer_id = c.id AND c.id = %(id)s"
_SHOWN = "DELETE FROM undo_hidden WHERE customer_id = %(id)s"
_JOURNAL = """
    INSERT INTO customers_journalentry (step, is_outside, relation, operation, customer_id, ids, made_at)
    VALUES (%(step)s, false, 'customers_customer', 'INSERT', %(id)s, ARRAY[%(id)s], now())
"""

_STATED = """
    SELECT customer_id FROM customers_activitystatement WHERE load_id = %(load)s AND stated <> 0
    UNION
    SELECT customer_id FROM customers_coveragestatement WHERE load_id = %(load)s AND stated <> 0
"""
_OUT_OF_REACH = f"""
    SELECT EXISTS (
        SELECT FROM ({_STATED}) s
        JOIN undo_customer USING (customer_id)
        WHERE customer_id IN (SELECT customer_id FROM undo_hidden) OR customer_id NOT IN (SELECT id FROM feed_customer)
    )
"""  # noqa: S608 - constants

_NAMED = """
    SELECT DISTINCT u.customer_id, u.number
    FROM undo_person u
    JOIN customers_activitystatement a ON a.load_id = %(load)s AND a.customer_id = u.customer_id
     AND a.block = u.number >> 6 AND a.stated >> (u.number & 63) & 1 = 1
"""
_CONTESTED = f"""
    SELECT EXISTS (
        SELECT FROM ({_NAMED}) n
        JOIN undo_person u USING (customer_id, number)
        JOIN customers_person p ON p.customer_id = u.customer_id AND p.key = u.key
    )
"""  # noqa: S608 - constants
_BRING_BACK = f"""
    WITH named AS ({_NAMED}), known AS (
        DELETE FROM undo_person u USING named n WHERE n.customer_id = u.customer_id AND n.number = u.number
        RETURNING u.customer_id, u.number, u.user_id, u.key, u.writer
    )
    INSERT INTO customers_person (customer_id, number, user_id, key, writer) SELECT * FROM known
"""  # noqa: S608 - constants


def show(context: FileContext, customer: int) -> None:
    """Make a customer known again whom the open step creates, under the key that it had."""
    for statement in (_SHOW, _SHOWN, _JOURNAL):
        context.run(statement, {"id": customer, "step": context.step})


def bring_back_people(context: FileContext, *, actor: Staff | None, step: LoadStep) -> None:
    """Make the people known again whom the activity of the step's load names.

    Raises UndoRefusedError where it speaks of a customer that isn't known, or that its stater doesn't serve.
    """
    if context.value(_OUT_OF_REACH):
        raise rests_on_it(actor, step.load, _("%(file)s: the customer would not be known.") % {"file": step.name})
    if context.value(_CONTESTED):
        raise rests_on_it(actor, step.load, _("%(file)s: the user would be another.") % {"file": step.name})
    context.run(_BRING_BACK)
