"""People's names in entries of the audit log, and how these read for whoever may not see names."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.utils.translation import gettext as _

from partners.models import AuditEntry, operates
from partners.permissions import Action

Cells = Mapping[str, Any]
PARTS = " / "
"""What stands between the parts of what a correction is about."""
PERSON_CELLS = frozenset({"user_id", "principal_name", "display_name"})
"""The cells that name somebody of a customer."""


def sees_names(user: Any) -> bool:
    """Whether this person may see what people of customers are called: operators, and roles that include it."""
    return operates(user) or user.may(Action.SEE_NAMES)


def names_somebody(entry: AuditEntry) -> bool:
    """Whether the entry names somebody of a customer."""
    return any(PERSON_CELLS & cells.keys() for cells in told_in(entry))


def without_names(entry: AuditEntry) -> AuditEntry:
    """The entry as it reads for whoever may not see names (design.md, "Who may do what"): never to be saved."""
    if not names_somebody(entry):
        return entry
    read = copy(entry)
    read.object_id = _without(entry.object_id, _names(entry))
    read.before, read.after = _veiled(entry.before), _veiled(entry.after)
    return read


def told_in(entry: AuditEntry) -> list[Cells]:
    """What the entry says stood there after and before."""
    return [cells for cells in (entry.after, entry.before) if cells]


def _names(entry: AuditEntry) -> set[str]:
    return {str(cells[name]) for cells in told_in(entry) for name in PERSON_CELLS & cells.keys()} - {"", "None"}


def _veiled(cells: Cells | None) -> Cells | None:
    if cells is None:
        return None
    return {name: _hidden() if name in PERSON_CELLS and value else value for name, value in cells.items()}


def _without(title: str, names: set[str]) -> str:
    """The title without the parts that are names; nothing of one that was cut off, in which part of a name may stand."""
    parts = f"{PARTS}{title}{PARTS}"
    if names and not any(f"{PARTS}{name}{PARTS}" in parts for name in names):
        return _hidden()
    for name in names:
        parts = parts.replace(f"{PARTS}{name}{PARTS}", f"{PARTS}{_hidden()}{PARTS}")
    return parts.removeprefix(PARTS).removesuffix(PARTS)


def _hidden() -> str:
    return _("(name not shown)")
