"""The vendor's public catalogue CSV, read as it really is: one line per SKU and service plan, with its dirt."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO
from uuid import UUID

from django.utils.translation import gettext as _

MAX_LISTED = 100
MAX_TEXT = 256
_MAX_SHOWN = 60

NAME, PART_NUMBER, SKU_ID = "Product_Display_Name", "String_Id", "GUID"
PLAN_NAME, PLAN_ID = "Service_Plan_Name", "Service_Plan_Id"
NEEDED = (NAME, PART_NUMBER, SKU_ID, PLAN_NAME, PLAN_ID)
IGNORED = "Service_Plans_Included_Friendly_Names"

_GUID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


class CatalogueError(Exception):
    """The file can't be used as the vendor's catalogue; the text is a sentence for the operator."""


@dataclass(frozen=True, kw_only=True)
class BadLine:
    """A line that can't be read. `column` and `value` are empty where the line as a whole is bad."""

    line: int
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        if not self.column:
            return _("line %(line)d: %(expected)s.") % {"line": self.line, "expected": self.expected}
        return _("line %(line)d, column %(column)s: %(value)s; expected %(expected)s.") % {
            "line": self.line,
            "column": self.column,
            "value": shown(self.value),
            "expected": self.expected,
        }


class BadLinesError(CatalogueError):
    """Lines of the file can't be read. `lines` are the first 100 of `count`."""

    def __init__(self, *, name: str, lines: Sequence[BadLine], count: int) -> None:
        super().__init__(_("%(name)s: %(count)d lines can't be read.") % {"name": name, "count": count})
        self.lines = tuple(lines)
        self.count = count


@dataclass(kw_only=True)
class VendorSku:
    """A SKU with its service plans (id -> name as first spelled). Its first name and part number in the file hold."""

    sku_id: UUID
    part_number: str
    name: str
    plans: dict[UUID, str] = field(default_factory=dict)
    other_names: list[str] = field(default_factory=list)
    other_part_numbers: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class VendorCatalogue:
    """What the file says, in its order. `repeated`: lines whose SKU and service plan an earlier line had named."""

    name: str
    skus: dict[UUID, VendorSku] = field(default_factory=dict)
    plan_names: dict[UUID, list[str]] = field(default_factory=dict)
    lines: int = 0
    repeated: int = 0
    unknown_columns: tuple[str, ...] = ()

    def renamed(self) -> list[VendorSku]:
        """The SKUs to which the file gives several names or part numbers."""
        return [sku for sku in self.skus.values() if sku.other_names or sku.other_part_numbers]

    def shared_part_numbers(self) -> dict[str, list[UUID]]:
        """The part numbers that several SKUs have."""
        holders: dict[str, list[UUID]] = {}
        for sku in self.skus.values():
            holders.setdefault(sku.part_number, []).append(sku.sku_id)
        return {part: ids for part, ids in holders.items() if len(ids) > 1}

    def respelled_plans(self) -> dict[UUID, list[str]]:
        """The service plans whose name the file spells in several ways."""
        return {plan: names for plan, names in self.plan_names.items() if len(names) > 1}


def read_catalogue(source: Path) -> VendorCatalogue:
    """The catalogue in the file `source`; CatalogueError where it can't be read, BadLinesError where lines can't."""
    try:
        with source.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
            return _Reader(text, source.name).read()
    except OSError as error:
        reason = error.strerror or str(error)
        raise CatalogueError(_("%(name)s can't be opened: %(reason)s.") % {"name": source, "reason": reason}) from error


def tidy(value: str) -> str:
    """Text without invisible characters; white space of any kind (no-break space, tab) only as single blanks inside."""
    return " ".join(value.translate(_INVISIBLE).split())


def guid(value: str) -> UUID | None:
    """The GUID in `value`, bare or in one pair of braces, white space anywhere ignored; None if it is none."""
    bare = "".join(value.translate(_INVISIBLE).split()).casefold()
    if bare.startswith("{") and bare.endswith("}"):
        bare = bare[1:-1]
    return UUID(bare) if _GUID.fullmatch(bare) else None


def shown(value: str) -> str:
    """`value` in quotes, shortened, with what can't be printed escaped."""
    short = value if len(value) <= _MAX_SHOWN else f"{value[:_MAX_SHOWN]}..."
    return repr(short)


class _Reader:
    """Reads one open file; bad lines are collected, so that all of them can be told at once."""

    def __init__(self, text: TextIO, name: str) -> None:
        self.rows = csv.reader(text, strict=True)
        self.catalogue = VendorCatalogue(name=name)
        self.bad: list[BadLine] = []
        self.bad_count = 0

    def read(self) -> VendorCatalogue:
        records = self._records()
        places, width = self._header(next(records, (0, []))[1])
        for line, record in records:
            self._take(line, record, places, width)
        if self.bad_count:
            raise BadLinesError(name=self.catalogue.name, lines=self.bad, count=self.bad_count)
        if not self.catalogue.skus:
            raise CatalogueError(_("%(name)s has a header and no lines below it.") % {"name": self.catalogue.name})
        return self.catalogue

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Each record with the physical line on which it begins; lines of nothing but white space are left out."""
        while True:
            line = self.rows.line_num + 1
            try:
                record = next(self.rows)
            except StopIteration:
                return
            except csv.Error as error:
                self._refuse(line, "", "", _("this is not CSV (%(error)s)") % {"error": error})
                continue
            if len(record) > 1 or "".join(record).strip():
                yield line, record

    def _header(self, record: list[str]) -> tuple[dict[str, int], int]:
        """Where each needed column stands, and how many columns there are. The order is free."""
        names = [tidy(cell) for cell in record]
        keys = [name.casefold() for name in names]
        known = {column.casefold(): column for column in (*NEEDED, IGNORED)}
        name = self.catalogue.name
        if not set(keys) & set(known):
            wanted = ", ".join(NEEDED)
            raise CatalogueError(
                _("%(name)s has no header line of the vendor's catalogue; expected the columns %(wanted)s.")
                % {"name": name, "wanted": wanted}
            )
        missing = [column for key, column in known.items() if key not in keys and column != IGNORED]
        if missing:
            raise CatalogueError(
                _("%(name)s lacks the columns %(missing)s; it has %(names)s.")
                % {"name": name, "missing": ", ".join(missing), "names": ", ".join(names)}
            )
        twice = sorted({known[key] for key in keys if key in known and keys.count(key) > 1})
        if twice:
            raise CatalogueError(
                _("%(name)s has the columns %(twice)s more than once.") % {"name": name, "twice": ", ".join(twice)}
            )
        self.catalogue.unknown_columns = tuple(own for own, key in zip(names, keys, strict=True) if key not in known)
        return {column: keys.index(column.casefold()) for column in NEEDED}, len(names)

    def _take(self, line: int, record: list[str], places: dict[str, int], width: int) -> None:
        self.catalogue.lines += 1
        if len(record) != width:
            said = _("%(found)d fields instead of %(width)d") % {"found": len(record), "width": width}
            self._refuse(line, "", "", said)
            return
        cells = {column: record[place] for column, place in places.items()}
        problem = _problem(cells)
        if problem:
            column, expected = problem
            self._refuse(line, column, cells[column], expected)
            return
        self._add(cells)

    def _refuse(self, line: int, column: str, value: str, expected: str) -> None:
        self.bad_count += 1
        if len(self.bad) < MAX_LISTED:
            self.bad.append(BadLine(line=line, column=column, value=value, expected=expected))

    def _add(self, cells: dict[str, str]) -> None:
        sku_id, plan_id = guid(cells[SKU_ID]), guid(cells[PLAN_ID])
        if sku_id is None or plan_id is None:
            raise ValueError("Only lines that have been judged are added.")
        name, part_number, plan = tidy(cells[NAME]), tidy(cells[PART_NUMBER]), tidy(cells[PLAN_NAME])
        sku = self.catalogue.skus.setdefault(sku_id, VendorSku(sku_id=sku_id, part_number=part_number, name=name))
        _note(name, sku.name, sku.other_names)
        _note(part_number, sku.part_number, sku.other_part_numbers)
        spellings = self.catalogue.plan_names.setdefault(plan_id, [])
        if plan not in spellings:
            spellings.append(plan)
        self.catalogue.repeated += plan_id in sku.plans
        sku.plans.setdefault(plan_id, plan)


def _note(value: str, held: str, others: list[str]) -> None:
    if value != held and value not in others:
        others.append(value)


def _problem(cells: dict[str, str]) -> tuple[str, str] | None:
    """The first column of a line that can't be read, and what was expected there."""
    for column, value in cells.items():
        expected = _guid_problem(value) if column in {SKU_ID, PLAN_ID} else _text_problem(value)
        if expected:
            return column, expected
    return None


def _guid_problem(value: str) -> str:
    return "" if guid(value) else _("a GUID: 32 hexadecimal digits, or 8-4-4-4-12")


def _text_problem(value: str) -> str:
    text = tidy(value)
    if not text:
        return _("a text")
    if len(text) > MAX_TEXT:
        return _("at most %(most)d characters") % {"most": MAX_TEXT}
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        return _("text in UTF-8")
    return ""
