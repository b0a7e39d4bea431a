"""Readers without the service around them: a catalogue and a sink in memory, and what reading a file gave."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import UUID

from customers.imports.reading import About, FileNotTakenError, Line, Sample
from customers.imports.recognise import recognise
from customers.imports.unpack import members

SAMPLES = Path(__file__).parents[2] / "samples"
CUSTOMER = UUID("c0000000-0000-4000-8000-000000000001")
PARTNER = UUID("a0000000-0000-4000-8000-000000000001")
OTHER_PARTNER = UUID("a0000000-0000-4000-8000-000000000002")
E5 = UUID("c7df2760-2c81-4ef7-b578-5b5392b571df")
EMS_E3 = UUID("efccb6f7-5641-4e0e-bd10-b4976e1bf68e")
CRM = UUID("d17b27af-3f49-4822-99f9-56a661538792")
BASIC = UUID("3b555118-da6a-4418-894f-7df1e2096870")
SMB_BASIC = UUID("dab7782a-93b1-4074-8bb1-0e61318bea0b")
NAMES = {
    "office 365 e5": [E5],
    "microsoft 365 enterprise e5": [E5],
    "enterprise mobility + security e3": [EMS_E3],
    "microsoft 365 business basic": [SMB_BASIC, BASIC],
}


@dataclass
class Stock:
    """A catalogue of a few products, and what one customer is known to have."""

    names: Mapping[str, Collection[UUID]] = field(default_factory=lambda: NAMES)
    known: Collection[UUID] = (E5, EMS_E3, CRM, BASIC, SMB_BASIC)
    owned: Collection[UUID] = ()
    subscriptions: Mapping[str, UUID] = field(default_factory=dict)
    partners: Collection[UUID] = (PARTNER, OTHER_PARTNER)
    countries: Mapping[UUID, str] = field(default_factory=dict)

    def skus_named(self, name: str) -> Collection[UUID]:
        return self.names.get(name.casefold(), [])

    def sku_of(self, *, customer: UUID, subscription_id: str) -> UUID | None:
        return self.subscriptions.get(subscription_id) if customer == CUSTOMER else None

    def knows(self, sku: UUID) -> bool:
        return sku in self.known

    def skus_of(self, customer: UUID) -> Collection[UUID]:
        return self.owned if customer == CUSTOMER else ()

    def is_partner(self, partner: UUID) -> bool:
        return partner in self.partners

    def country_of(self, customer: UUID) -> str:
        return self.countries.get(customer, "")


@dataclass
class Gathered:
    """What a reader found. `lines`: file, line or item, and the cells without the customer, as `name=value`."""

    code: str = ""
    lines: list[str] = field(default_factory=list)
    refused: list[tuple[int, str, str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    customers: set[str] = field(default_factory=set)
    not_taken: str = ""

    def add(self, file: str, origin: int, /, **cells: str) -> None:
        assert all(isinstance(cell, str) for cell in cells.values())
        self.customers.update(cells[name] for name in ("customer_id",) if name in cells)
        said = " ".join(f"{name}={value}" for name, value in cells.items() if name != "customer_id")
        self.lines.append(f"{file} {origin} {said}")

    def add_all(self, file: str, columns: tuple[str, ...], lines: Sequence[Line]) -> None:
        for origin, cells in lines:
            self.add(file, origin, **dict(zip(columns, cells, strict=True)))

    def refuse(self, origin: int, *, column: str = "", value: str = "", reason: str) -> None:
        self.refused.append((origin, column, value, reason))

    def remark(self, sentence: str) -> None:
        self.remarks.append(sentence)

    def of(self, file: str) -> list[str]:
        """The lines of one file, without its name."""
        return [line.removeprefix(f"{file} ") for line in self.lines if line.startswith(f"{file} ")]


def about(*, stock: Stock | None = None, partner: UUID | None = PARTNER, customer: UUID | None = CUSTOMER) -> About:
    """What isn't in the file: the customer, a day, the partner, the catalogue."""
    return About(customer=customer, day=date(2024, 5, 15), partner=partner, catalogue=stock or Stock())


def read(content: str | bytes, given: About | None = None) -> Gathered:
    """Recognise and read a text."""
    data = content.encode() if isinstance(content, str) else content
    sample = Sample("upload", data[: 1 << 16].decode(errors="ignore"), is_whole=len(data) <= 1 << 16)
    return _read(sample, data, given or about())


def read_sample(name: str, given: About | None = None) -> Gathered:
    """Recognise and read a file of tests/samples as an import does."""
    try:
        (member,) = members(SAMPLES / name)
        sample = member.sample()
        with member.open() as stream:
            return _read(sample, stream.read(), given or about())
    except FileNotTakenError as error:
        return Gathered(not_taken=str(error))


def _read(sample: Sample, data: bytes, given: About) -> Gathered:
    found = recognise(sample)
    gathered = Gathered(code=found.code if found else "")
    if found:
        try:
            found.read(io.BytesIO(data), given, gathered)
        except FileNotTakenError as error:
            gathered.not_taken = str(error)
    return gathered
