"""Reads the record of who changed what, newest first, without counting it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from partners.audit_names import PERSON_CELLS
from partners.models import AuditEntry, AuditEntryQuerySet

AT_ONCE = 2_000
NAMING = Q(before__has_any_keys=sorted(PERSON_CELLS)) | Q(after__has_any_keys=sorted(PERSON_CELLS))
"""The entries that name somebody of a customer (`partners.audit_names.names_somebody`)."""


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


def audit_entries(user: Any) -> AuditEntryQuerySet:
    """What the person may read of the record, with who acted, newest first."""
    return AuditEntry.objects.visible_to(user).select_related("actor", "partner").order_by("-at", "-pk")


def audit_page(entries: AuditEntryQuerySet, *, behind: Cursor | None, size: int) -> AuditPage:
    """One page of these entries of the record."""
    if behind is not None:
        # The first condition says nothing new; the index needs it.
        entries = entries.filter(at__lte=behind.at).filter(Q(at__lt=behind.at) | Q(at=behind.at, pk__lt=behind.key))
    found = list(entries[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return AuditPage(found[:size], Cursor(last.at, last.pk) if last else None)


def all_of(entries: AuditEntryQuerySet, *, at_once: int = AT_ONCE) -> Iterator[AuditEntry]:
    """All of these entries of the record, a part at a time: however many, memory stays flat."""
    page = audit_page(entries, behind=None, size=at_once)
    yield from page.entries
    while page.following is not None:
        page = audit_page(entries, behind=page.following, size=at_once)
        yield from page.entries
