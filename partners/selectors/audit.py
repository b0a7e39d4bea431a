"""Reads the record of who changed what, newest first, without counting it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Q

from partners.models import AuditEntry, AuditEntryQuerySet


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """What the record is cut down to; empty values don't."""

    kind: str = ""
    who: str = ""
    """Part of the e-mail address or name of a colleague."""
    action: str = ""
    """How the action begins: `staff`, `staff.roles`."""
    about: str = ""
    """Part of the object's kind or id."""
    first: date | None = None
    last: date | None = None
    """Days in UTC, both included."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Behind which entry a page begins."""

    at: datetime
    key: int

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC):%Y%m%dT%H%M%S%f}-{self.key}"

    @classmethod
    def read(cls, text: str) -> Cursor:
        """The cursor that `str` wrote. Raises ValueError for anything else."""
        at, _, key = text.partition("-")
        if not (key.isascii() and key.isdigit()) or len(key) > 18:
            raise ValueError(text)
        return cls(datetime.strptime(at, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC), int(key))


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries, and behind which the next page begins (None: that was all)."""

    entries: list[AuditEntry]
    following: Cursor | None


def audit_entries(user: Any, filters: AuditFilters) -> AuditEntryQuerySet:
    """What the person may read of the record, with who acted, newest first."""
    entries = AuditEntry.objects.visible_to(user).select_related("actor").order_by("-at", "-pk")
    for condition in _conditions(user, filters):
        entries = entries.filter(condition)
    return entries


def audit_page(user: Any, filters: AuditFilters, *, behind: Cursor | None, size: int) -> AuditPage:
    """One page of the record."""
    entries = audit_entries(user, filters)
    if behind is not None:
        # The first condition says nothing new; the index needs it.
        entries = entries.filter(at__lte=behind.at).filter(Q(at__lt=behind.at) | Q(at=behind.at, pk__lt=behind.key))
    found = list(entries[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return AuditPage(found[:size], Cursor(last.at, last.pk) if last else None)


def _conditions(user: Any, filters: AuditFilters) -> Iterator[Q]:
    if filters.kind:
        yield Q(kind=filters.kind)
    if filters.who:
        # Colleagues only: nothing is found out about an operator by searching.
        colleague = Q(actor__partner=user.partner_id)
        yield colleague & (
            Q(actor__email__icontains=filters.who)
            | Q(actor__first_name__icontains=filters.who)
            | Q(actor__last_name__icontains=filters.who)
        )
    if filters.action:
        yield Q(action__startswith=filters.action)
    if filters.about:
        yield Q(object_type__icontains=filters.about) | Q(object_id__icontains=filters.about)
    if filters.first:
        yield Q(at__gte=_begin(filters.first))
    if filters.last and filters.last < date.max:
        yield Q(at__lt=_begin(filters.last + timedelta(days=1)))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)
