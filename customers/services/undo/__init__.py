"""Undoes loads, exactly: what they touched is rewound to before them, and what came later is replayed (docs/decisions/0012)."""

from customers.services.undo.purging import purge
from customers.services.undo.refusal import UndoRefusedError
from customers.services.undo.undoing import KEPT_DAYS, UndoReport, may_undo, objection, undo

__all__ = ["KEPT_DAYS", "UndoRefusedError", "UndoReport", "may_undo", "objection", "purge", "undo"]
