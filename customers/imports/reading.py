"""What a reader of a vendor's file is given, and where what it reads goes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Protocol
from uuid import UUID

from django.utils.functional import Promise


class FileNotTakenError(Exception):
    """The file is bad, or of no use, as a whole; the message is for people, and says what was expected."""


class Catalogue(Protocol):
    """What readers may ask of what is stored already."""

    def skus_named(self, name: str) -> Collection[UUID]:
        """The SKUs that have, or had, this product name or part number; compared without regard to case."""

    def sku_of(self, *, customer: UUID, subscription_id: str) -> UUID | None:
        """The SKU of a subscription that is known already."""

    def country_of(self, customer: UUID) -> str:
        """The country (ISO 3166-1 alpha-2) that whoever imports has stated of a customer; empty where nobody has."""

    def knows(self, sku: UUID) -> bool:
        """Whether this SKU is in the catalogue: a line that names another one would be refused."""

    def skus_of(self, customer: UUID) -> Collection[UUID]:
        """The SKUs of which subscriptions of the customer are known already: they decide between SKUs of one name."""

    def is_partner(self, partner: UUID) -> bool:
        """Whether this GUID is a partner's here; asked for the operator's imports only."""


@dataclass(frozen=True)
class About:
    """What the file itself may not say.

    `customer` is its tenant id, where somebody named one. `day` is the day (UTC) of which a list without a date is.
    `partner` is the partner's GUID, for whom it is imported; nothing: the operator. `country` is that of new customers whose
    list says none (the vendor's lists don't).
    """

    customer: UUID | None
    day: date
    partner: UUID | None
    catalogue: Catalogue
    country: str = ""


Line = tuple[int, tuple[str, ...]]
"""Where a line was found, and its cells."""


class Sink(Protocol):
    """Takes what a reader finds."""

    def add(self, file: str, origin: int, /, **cells: str) -> None:
        """One line of `file` (a name of customers.feed.files.order.IMPORT_FILES), found on physical line (JSON: item) `origin`, both from 1."""

    def add_all(self, file: str, columns: tuple[str, ...], lines: Sequence[Line]) -> None:
        """Many lines of `file` that have the same columns."""

    def refuse(self, origin: int, *, column: str = "", value: str = "", reason: str) -> None:
        """One record that isn't taken: where it stands, and a sentence that says what is wrong and what was expected."""

    def remark(self, sentence: str) -> None:
        """Something that a person must know of the file as a whole, said once: names are concealed, 3 free products left out."""


@dataclass(frozen=True)
class Sample:
    """The beginning of a file, decoded: what recognition looks at. `is_whole`: there is no more of it."""

    name: str
    text: str
    is_whole: bool


@dataclass(frozen=True)
class Format:
    """One kind of file of a vendor.

    `recognise` judges by content, never by name, and raises nothing. `read` streams: memory doesn't grow with the file. It
    raises FileNotTakenError. `needs_customer`: the file doesn't say which customer it is about.
    """

    code: str
    title: str | Promise
    recognise: Callable[[Sample], bool]
    read: Callable[[BinaryIO, About, Sink], None]
    needs_customer: bool = False
