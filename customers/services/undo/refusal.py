"""Why a load can't be undone, and what is looked at meanwhile, in words that tell nobody of another partner's loads."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from customers.models import Load
from partners.models import Staff, operates


class UndoRefusedError(Exception):
    """The load can't be undone; nothing has changed. The message is for people."""


def name_of(load: Load, actor: Staff | None) -> str:
    """What a load is called, to whoever undoes another (None: a command); another partner's files have no names."""
    return load.source if _may_know(actor, load) else _("what somebody else has stated since")


def _may_know(actor: Staff | None, load: Load | None) -> bool:
    if actor is None or operates(actor):
        return True
    return load is not None and load.stated_by_id == actor.partner_id


def rests_on_it(actor: Staff | None, later: Load | None, why: str) -> UndoRefusedError:
    """A later load, or a change by hand (no load), wouldn't stand without the one that is to be undone."""
    if _may_know(actor, later):
        return UndoRefusedError(
            _("It can't be undone, because %(later)s rests on it: %(why)s") % {"later": _called(later), "why": why}
        )
    return UndoRefusedError(_("It can't be undone, because what somebody else has stated since rests on it."))


def _called(load: Load | None) -> str:
    if load is None:
        return _("a change that was made by hand")
    when = date_format(load.started_at, "Y-m-d H:i")
    if load.kind == Load.Kind.CORRECTION:
        return _("the correction of %(when)s") % {"when": when}
    return _("the load “%(name)s” of %(when)s") % {"name": load.source, "when": when}
