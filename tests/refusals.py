"""How a test asks which rule of the database refuses a row, and which rules there are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction


def twice(act: Callable[[], object]) -> None:
    """Do it, and do it again."""
    act()
    act()


@transaction.atomic
def committed(act: Callable[[], object]) -> None:
    """Do it, with the checks that wait for the end of a transaction."""
    act()
    connection.check_constraints()


def refusal(act: Callable[[], object]) -> str:
    """The name of the constraint that refuses it."""
    with pytest.raises(IntegrityError) as error:
        committed(act)
    return error.value.__cause__.diag.constraint_name


def constraints(app: str) -> list[models.BaseConstraint]:
    """All of the app's models."""
    return [constraint for model in apps.get_app_config(app).get_models() for constraint in model._meta.constraints]
