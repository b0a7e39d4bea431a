"""Customers whom nothing but the undone load brought are unknown again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.backends.utils import CursorWrapper
from django.db.models import Q
from django.utils.translation import gettext as _

from customers.models import Customer, StaleDays
from customers.services.undo.refusal import UndoRefusedError

# What follows from facts, and goes with them, unless the model says that people keep some of it.
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
    for model, kept in _kept():
        if model._base_manager.filter(kept, customer__in=customers).exists():
            raise UndoRefusedError(
                _("It can't be undone, because something is kept on a customer that it brought: %(what)s.")
                % {"what": model._meta.verbose_name_plural}
            )


def _kept() -> Iterator[tuple[Any, Q]]:
    """What people keep on customers: whatever refers to them openly, and what a model names in `kept_when`."""
    for relation in Customer._meta.related_objects:
        model = relation.related_model
        if model is not StaleDays and model._meta.app_label not in DERIVED_APPS:
            yield model, Q()
    for model in apps.get_models():
        if hasattr(model, "kept_when"):
            yield model, model.kept_when
