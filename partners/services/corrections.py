"""Corrections of what is stored: each has a reason, is written to the audit log with before and after, and can be undone.

A fact is known by its cells: the words in which it is told, such as the columns of a feed. A correction leads from what
stands there (nothing: it is added) to what shall (nothing: it is removed); undoing one is the same the other way round.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from partners.audit_names import PARTS
from partners.audit_words import STATED_BY
from partners.models import AuditEntry, Partner, Staff, operates
from partners.permissions import Action
from partners.services.audit import record
from partners.tenancy import operating

Cells = Mapping[str, Any]
"""What a fact says, by name; values that JSON knows."""
LONGEST_OBJECT = 256


class CorrectionError(Exception):
    """A correction that can't be: the sentence says why, `cell` names what it is about (nothing: the whole)."""

    def __init__(self, sentence: str, cell: str | None = None) -> None:
        super().__init__(sentence)
        self.cell = cell


class Fact(ABC):
    """One kind of facts: how it is found, told and written."""

    name: ClassVar[str]
    """What the audit log calls it."""
    key: ClassVar[tuple[str, ...]]
    """The cells that say which one is meant."""
    kind: ClassVar[str] = AuditEntry.Kind.CUSTOMER
    operator_only: ClassVar[bool] = False
    removable: ClassVar[bool] = True

    @abstractmethod
    def find(self, cells: Cells) -> Any | None:
        """What is stored for the key in `cells`."""

    @abstractmethod
    def cells_of(self, stored: Any) -> dict[str, Any]:
        """What is stored, told in cells."""

    @abstractmethod
    def write(self, *, actor: Staff, before: Cells | None, after: Cells | None) -> None:
        """Bring about `after` in the place of `before`, and all that follows from it. Raises CorrectionError."""

    def alone(self) -> AbstractContextManager[None]:
        """Keeps others from writing meanwhile, until the transaction ends."""
        return nullcontext()

    def read(self, cells: Cells) -> dict[str, Any] | None:
        """What stands there now for the key in `cells`."""
        stored = self.find(cells)
        return None if stored is None else self.cells_of(stored)

    def partner(self, cells: Cells) -> Partner | None:
        """Whose staff may read of it in the audit log."""
        return stater(cells)

    def identity(self, cells: Cells) -> tuple[Any, ...]:
        """Which one is meant."""
        return tuple(cells[name] for name in self.key)

    def title(self, cells: Cells) -> str:
        """Which one is meant, in a line."""
        return PARTS.join(str(cells[name]) for name in self.key if name != STATED_BY)[:LONGEST_OBJECT]

    def customers(self, told: Sequence[Cells]) -> list[str]:
        """Of each the id of the customer that it is about; "" where that isn't known."""
        return [str(cells.get("customer_id") or "") for cells in told]


FACTS: dict[str, Fact] = {}
"""Every kind of facts that can be corrected, by name."""


def register(fact: Fact) -> Fact:
    """Make a kind of facts known, so that its corrections can be undone."""
    FACTS[fact.name] = fact
    return fact


def fingerprint(cells: Cells) -> str:
    """Says whether two states are the same: what a form was shown, and what stands there when it comes back."""
    return hashlib.sha256(json.dumps(dict(cells), sort_keys=True, default=str).encode()).hexdigest()[:32]


def stater(cells: Cells) -> Partner | None:
    """The partner that stated a fact, or nobody for the operator."""
    guid = cells.get(STATED_BY)
    return None if guid is None else Partner.objects.get(partner_id=guid)


def correct(
    *,
    actor: Staff,
    fact: Fact,
    before: Cells | None,
    after: Cells | None,
    reason: str,
    undoes: AuditEntry | None = None,
) -> AuditEntry:
    """Correct a fact and write that down; `before` nothing: add it, `after` nothing: remove it.

    The operator corrects everything, in the name of whoever stated it; others only what their own partner stated
    (design.md, "Who may do what"): PermissionDenied. Raises CorrectionError without a reason, where something else than
    `before` stands there by now, and for whatever the rules of loading refuse.
    """
    _judge(actor, fact, before, after)
    if not reason.strip():
        raise CorrectionError(_("A correction needs a reason: expected a few words why."), "reason")
    with operating(), transaction.atomic(), fact.alone():
        _stands(fact, before, after)
        fact.write(actor=actor, before=before, after=after)
        stored = None if after is None else fact.read(after)
        if stored == before:
            raise CorrectionError(_("This changes nothing: it stands there like that already."))
        return _written_down(actor, fact, before, stored, reason.strip(), undoes)


def undo(*, actor: Staff, entry: AuditEntry, reason: str) -> AuditEntry:
    """Put back what stood there before a correction; an undoing is undone in the same way.

    Raises CorrectionError for what is no correction, was undone already, or where the state has moved on since.
    """
    fact = FACTS.get(entry.object_type)
    if fact is None or not is_correction(entry):
        raise CorrectionError(_("This entry is no correction of a fact, and can't be undone."))
    with operating():
        if AuditEntry.objects.filter(undoes=entry).exists():
            raise CorrectionError(_("This correction has been undone already."))
    return correct(actor=actor, fact=fact, before=entry.after, after=entry.before, reason=reason, undoes=entry)


def is_correction(entry: AuditEntry) -> bool:
    """Whether an entry of the audit log tells of a correction that `undo` knows."""
    return entry.object_type in FACTS and entry.action in {f"{entry.object_type}.{verb}" for verb in _VERBS.values()}


def may_undo(*, actor: Staff, entry: AuditEntry) -> bool:
    """Whether this person could undo that entry, as far as rights go."""
    if not is_correction(entry):
        return False
    try:
        _judge(actor, FACTS[entry.object_type], entry.after, entry.before)
    except PermissionDenied:
        return False
    return True


_VERBS = {(False, True): "add", (True, True): "change", (True, False): "remove"}


def _judge(actor: Staff, fact: Fact, before: Cells | None, after: Cells | None) -> None:
    if operates(actor):
        return
    if fact.operator_only or not actor.may(Action.CORRECT_FACTS):
        raise PermissionDenied(_("Your role doesn't include this correction."))
    own = str(actor.partner.partner_id) if actor.partner else None
    if any(cells.get(STATED_BY) != own for cells in (before, after) if cells is not None):
        raise PermissionDenied(_("Only what the own partner stated can be corrected."))


def _stands(fact: Fact, before: Cells | None, after: Cells | None) -> None:
    if before is not None and fact.read(before) != before:
        raise moved_on()
    is_other = after is not None and (before is None or fact.identity(before) != fact.identity(after))
    if is_other and fact.read(after) is not None:
        raise CorrectionError(_("There is one already: correct that one instead."))
    if after is None and not fact.removable:
        raise CorrectionError(_("This can't be removed."))


def moved_on() -> CorrectionError:
    """What is raised where somebody else was faster."""
    return CorrectionError(_("Something else stands there by now: look at it again before correcting it."))


def _written_down(  # noqa: PLR0917 - what an entry of the log consists of
    actor: Staff, fact: Fact, before: Cells | None, after: Cells | None, reason: str, undoes: AuditEntry | None
) -> AuditEntry:
    told = after or before or {}
    return record(
        actor=actor,
        partner=fact.partner(told),
        kind=fact.kind,
        action=f"{fact.name}.{_VERBS[before is not None, after is not None]}",
        object_type=fact.name,
        object_id=fact.title(told),
        reason=reason,
        before=before,
        after=after,
        undoes=undoes,
    )


def refusal(error: ValidationError, cells: Mapping[str, str]) -> CorrectionError:
    """What a model's rules object to, as a refusal; `cells` says which cell tells of which field."""
    if not hasattr(error, "error_dict"):
        return CorrectionError(" ".join(error.messages))
    field, messages = next(iter(error.message_dict.items()))
    return CorrectionError(" ".join(messages), None if field == NON_FIELD_ERRORS else cells.get(field, field))
