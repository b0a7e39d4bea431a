"""Customers whom nothing but the undone load brought are unknown again."""

from __future__ import annotations

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from customers.models import Customer, LeftOutPerson, StaleDays
from customers.services.undo.refusal import UndoRefusedError

# What follows from facts alone, and goes with them.
DERIVED_APPS = frozenset({"insights"})


def vanish(cursor: CursorWrapper) -> int:
    """Remove the customers in `undo_hidden`, with what follows from their facts; how many.

    Raises UndoRefusedError where people keep something on one, such as an account.
    """
    cursor.execute("SELECT customer_id FROM undo_hidden")
    customers = [customer for (customer,) in cursor.fetchall()]
    if customers:
        _refuse_kept(customers)
        Customer.objects.filter(pk__in=customers).delete()
    return len(customers)


def _refuse_kept(customers: list[int]) -> None:
    related = [relation.related_model for relation in Customer._meta.related_objects]
    for model in (*related, LeftOutPerson):
        if model is StaleDays or model._meta.app_label in DERIVED_APPS:
            continue
        if model._base_manager.filter(customer__in=customers).exists():
            raise UndoRefusedError(
                _("It can't be undone, because something is kept on a customer that it brought: %(what)s.")
                % {"what": model._meta.verbose_name_plural}
            )
