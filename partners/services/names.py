"""Keeps the record of who looked at people's names (design.md, "Who may do what": each view of names is logged)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from uuid import UUID

from partners.audit_names import PERSON_CELLS, names_somebody, told_in
from partners.models import AuditEntry, Staff
from partners.services.audit import record_all
from partners.services.corrections import FACTS

AT_ONCE = 1_000
"""So many entries of the audit log."""


def record_names_seen(*, actor: Staff, customer_id: UUID | str, people: int, where: str) -> None:
    """Write down that `actor` was shown the names of `people` people of a customer, on the page or in the file `where`.

    Nothing is written where no name was shown.
    """
    record_people_seen(actor=actor, people={str(customer_id): people}, where=where)


def record_people_seen(*, actor: Staff, people: Mapping[str, int], where: str) -> None:
    """The same for several customers: how many people of each."""
    record_all(
        actor=actor,
        kind=AuditEntry.Kind.CUSTOMER,
        action="people.view",
        object_type="customer",
        told={
            customer: {"people": people[customer], "where": where} for customer in sorted(people) if people[customer]
        },
    )


def people_named(entries: Iterable[AuditEntry]) -> dict[str, set[str]]:
    """The people whom these entries name, by the customer's id; under "" those of a customer that isn't known any more.

    Reads some entries at a time, however many there are.
    """
    found: dict[str, set[str]] = {}
    naming = (entry for entry in entries if names_somebody(entry))
    while some := list(islice(naming, AT_ONCE)):
        for entry, customer in _with_customers(some):
            found.setdefault(customer, set()).add(_person(entry))
    return found


def _with_customers(entries: list[AuditEntry]) -> Iterator[tuple[AuditEntry, str]]:
    for object_type in sorted({entry.object_type for entry in entries}):
        of_type = [entry for entry in entries if entry.object_type == object_type]
        yield from zip(of_type, _customers(object_type, of_type), strict=True)


def _customers(object_type: str, entries: list[AuditEntry]) -> list[str]:
    """The id of the customer that each of the entries is about."""
    told = [told_in(entry)[0] for entry in entries]
    if object_type in FACTS:
        return FACTS[object_type].customers(told)
    about = [entry.object_id if object_type == "customer" else "" for entry in entries]
    return [str(cells.get("customer_id") or known) for cells, known in zip(told, about, strict=True)]


def _person(entry: AuditEntry) -> str:
    """One of the person's names, the same in all entries that have the same cells."""
    cells = next(cells for cells in told_in(entry) if PERSON_CELLS & cells.keys())
    return str(next(cells[name] for name in ("user_id", "principal_name", "display_name") if name in cells))
