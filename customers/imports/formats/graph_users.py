"""Microsoft Graph's `users` with their assigned licences, and `licenseDetails` of one user."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.imports.formats.graph_items import Item, KnownSkus, RefusedItemError, sku_in, take_each
from customers.imports.formats.graph_lists import Lists
from customers.imports.formats.graph_tables import names_next
from customers.imports.formats.graph_values import customer_of, guid_in, text_in
from customers.imports.json_items import JsonItems, outline
from customers.imports.reading import About, FileNotTakenError, Format, Sample, Sink

DIRECTORY = "directory"
REMOVED = "@removed"
# What Graph calls the purpose of a mailbox, where it is one of the feed's words.
MAILBOXES = frozenset({"user", "shared", "room", "equipment"})
# An assignment in one of these states gives no licence: there was none left, or it contradicts another one.
HELD = frozenset({"active", "activewitherror"})
# Partner Center's users have names of these kinds, and Graph's reports theirs.
_NOT_USERS = frozenset({"attributes", "userDomainType", "reportRefreshDate", "Report Refresh Date"})
_ONE_USERS = re.compile(r"#users\('([^']+)'\)/licenseDetails")


def _are_users(sample: Sample) -> bool:
    found = outline(sample.text)
    if found is None or not _NOT_USERS.isdisjoint(found.item):
        return False
    is_user = "id" in found.item and ("userPrincipalName" in found.item or "assignedLicenses" in found.item)
    is_removed = "id" in found.item and REMOVED in found.item
    return (
        is_user or is_removed or (not found.item and re.search(r"#users(\(|$)", _context(found.envelope)) is not None)
    )


def _are_details(sample: Sample) -> bool:
    found = outline(sample.text)
    return (
        found is not None
        and found.item >= {"skuId", "skuPartNumber", "servicePlans", "id"}
        and "prepaidUnits" not in found.item
    )


def _context(envelope: dict[str, Any]) -> str:
    return str(envelope.get("@odata.context") or "")


class _Users:
    """Reads `users`, and rounds of its `delta`."""

    def __init__(self, about: About, lists: Lists, sink: Sink) -> None:
        self._day = about.day.isoformat()
        self._lists = lists
        self._sink = sink
        self._customer = customer_of(about)
        self._are_changes = False
        self._lacks_licences = False
        self._known = KnownSkus(about)

    def read(self, items: JsonItems) -> None:
        """Every user; then, if nobody is missing, that nobody else holds anything."""
        refused = take_each(items, self._sink, self.take)
        self._known.remark(self._sink)
        is_page = names_next(items.envelope)
        if is_page:
            self._sink.remark(_("The file is one page of several: nothing is concluded of people who aren't in it."))
        if self._lacks_licences:
            self._sink.remark(
                _(
                    "There are users without assignedLicenses, of whom the file doesn't say what they hold; expected $select to name it."
                )
            )
        self._are_changes |= "delta" in _context(items.envelope) or "@odata.deltaLink" in items.envelope
        self._lists.state(is_whole=not (self._are_changes or self._lacks_licences or refused or is_page))

    def take(self, number: int, item: Item) -> None:
        """One user. Raises RefusedItemError."""
        user = guid_in(item.get("id"))
        if user is None:
            raise RefusedItemError("id", item.get("id"), _("Expected the object id (a GUID) of a user."))
        if REMOVED in item:
            self._are_changes = True
            self._sink.add("people.csv", number, customer_id=self._customer, user_id=str(user), is_deleted="true")
            self._lists.add(number, self._day, DIRECTORY, str(user))
            return
        skus = list(_skus(item))
        self._describe(number, item, user)
        if item.get("assignedLicenses") is None:
            self._lacks_licences = True
            return
        self._lists.add(number, self._day, DIRECTORY, str(user))
        for sku in skus:
            if self._known.has(sku):
                self._hold(number, str(user), sku)

    def _describe(self, number: int, item: Item, user: UUID) -> None:
        cells = {
            name: text_in(item, key)
            for name, key in (("principal_name", "userPrincipalName"), ("display_name", "displayName"))
            if item.get(key) is not None
        }
        mailbox = _mailbox(item)
        if mailbox:
            cells["mailbox"] = mailbox
        is_deleted = "true" if text_in(item, "deletedDateTime") else "false"
        self._sink.add(
            "people.csv", number, customer_id=self._customer, user_id=str(user), is_deleted=is_deleted, **cells
        )

    def _hold(self, number: int, user: str, sku: UUID) -> None:
        held = {"customer_id": self._customer, "day": self._day, "source": DIRECTORY, "user_id": user}
        self._sink.add("holders.csv", number, **held, sku_id=str(sku))


def _mailbox(item: Item) -> str:
    """What kind of mailbox it is, as far as the user's object says."""
    if text_in(item, "userType").casefold() == "guest":
        return "guest"
    settings = item.get("mailboxSettings")
    purpose = text_in(settings, "userPurpose").casefold() if isinstance(settings, dict) else ""
    return purpose if purpose in MAILBOXES else ""


def _skus(item: Item) -> Iterator[UUID]:
    """The SKUs that are assigned, directly or by groups, each once, without those whose assignment failed."""
    assigned = item.get("assignedLicenses")
    if not isinstance(assigned, list):
        if assigned is None:
            return
        raise RefusedItemError("assignedLicenses", assigned, _("Expected a list."))
    failed = _failed(item)
    met: set[UUID] = set()
    for licence in assigned:
        sku = _assigned_sku(licence)
        if sku not in failed and sku not in met:
            met.add(sku)
            yield sku


def _assigned_sku(licence: Any) -> UUID:
    if not isinstance(licence, dict):
        raise RefusedItemError("assignedLicenses", licence, _("Expected objects with a skuId."))
    return sku_in(licence)


def _failed(item: Item) -> set[UUID]:
    """The SKUs of which every assignment is in a state that gives no licence."""
    states = item.get("licenseAssignmentStates")
    if not isinstance(states, list):
        return set()
    held: set[UUID] = set()
    met: set[UUID] = set()
    for state in states:
        sku = guid_in(state.get("skuId")) if isinstance(state, dict) else None
        if sku is not None:
            met.add(sku)
            if text_in(state, "state").casefold() in HELD:
                held.add(sku)
    return met - held


def _read_users(stream: BinaryIO, about: About, sink: Sink) -> None:
    with Lists(sink, customer_of(about)) as lists:
        _Users(about, lists, sink).read(JsonItems(stream))


class _Details:
    """Reads `licenseDetails` of the user whom the envelope names."""

    def __init__(self, items: JsonItems, about: About, sink: Sink) -> None:
        self._items = items
        self._held = {"customer_id": customer_of(about), "day": about.day.isoformat(), "source": DIRECTORY}
        self._sink = sink
        self.known = KnownSkus(about)

    def user(self) -> str:
        """Whose licences they are. Raises FileNotTakenError."""
        found = _ONE_USERS.search(_context(self._items.envelope))
        if found is None:
            raise FileNotTakenError(
                _(
                    "The file has the licences of one user, and doesn't say whose. Expected @odata.context to name the user, or the list "
                    "of all users: /users?$select=id,userPrincipalName,displayName,assignedLicenses."
                )
            )
        return found[1]

    def take(self, number: int, item: Item) -> None:
        """One licence. Raises RefusedItemError, FileNotTakenError."""
        user = self.user()
        sku = sku_in(item)
        if self.known.has(sku, text_in(item, "skuPartNumber")):
            self._sink.add("holders.csv", number, **self._held, user_id=user, sku_id=str(sku))

    def finish(self, refused: int) -> None:
        """Say that the user holds nothing else. Raises FileNotTakenError: something is missing."""
        if refused or names_next(self._items.envelope):
            raise FileNotTakenError(
                _(
                    "The list of one user's licences has gaps, so what isn't in it may be held all the same. Expected the whole list."
                )
            )
        self._sink.add("lists.csv", 1, **self._held, user_id=self.user())
        self.known.remark(self._sink)


def _read_details(stream: BinaryIO, about: About, sink: Sink) -> None:
    items = JsonItems(stream)
    reader = _Details(items, about, sink)
    reader.finish(take_each(items, sink, reader.take))


USER_FORMATS = (
    Format(
        "graph_users", gettext_lazy("Graph: users and their licences"), _are_users, _read_users, needs_customer=True
    ),
    Format(
        "graph_licence_details",
        gettext_lazy("Graph: licences of one user (licenseDetails)"),
        _are_details,
        _read_details,
        needs_customer=True,
    ),
)
