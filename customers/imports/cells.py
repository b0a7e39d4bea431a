"""What a cell of a workbook shows: numbers that are meant as days become days, truth values and numbers plain text."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from customers.imports.xml_events import Attributes, attribute

# Formats of days that a workbook needn't spell out (ECMA-376 part 1, 18.8.30, and its East Asian ones).
_BUILT_IN_DAYS = frozenset({*range(14, 23), *range(27, 37), *range(50, 59)})
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_MOST_STYLES = 100_000
_1900 = datetime(1899, 12, 30, tzinfo=UTC)
_1904 = datetime(1904, 1, 1, tzinfo=UTC)
_BEFORE_MARCH_1900 = 60  # the format counts a 29 February 1900
_LAST_SERIAL = 2_958_466


@dataclass
class CellStyles:
    """Which styles of a workbook show a number as a day, and from when its days count."""

    from_1904: bool = False
    _formats: dict[str, str] = field(default_factory=dict)
    _days: list[bool] = field(default_factory=list)
    _in_cells: bool = False

    def take(self, name: str, attributes: Attributes) -> None:
        """One element of the part that defines styles."""
        if name == "numFmt" and len(self._formats) < _MOST_STYLES:
            self._formats[attribute(attributes, "numFmtId")] = attribute(attributes, "formatCode")
        elif name in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            self._in_cells = name == "cellXfs"
        elif name == "xf" and self._in_cells and len(self._days) < _MOST_STYLES:
            self._days.append(self._shows_day(attribute(attributes, "numFmtId")))

    def _shows_day(self, number: str) -> bool:
        code = self._formats.get(number)
        if code is None:
            return number.isdigit() and len(number) < 9 and int(number) in _BUILT_IN_DAYS
        plain = _LITERAL.sub("", code.partition(";")[0]).casefold()
        return "d" in plain or "y" in plain

    def is_day(self, style: str) -> bool:
        """Whether the style of this number shows days."""
        place = int(style) if style.isascii() and style.isdigit() and len(style) < 9 else len(self._days)
        return place < len(self._days) and self._days[place]


def shown_cell(raw: str, kind: str, style: str, styles: CellStyles) -> str:
    """A cell's value as text. `kind`: `b` truth, `n` or nothing a number, `d` a day and time, else text."""
    text = " ".join(raw.split())
    if kind == "b":
        return {"1": "true", "0": "false"}.get(text, text)
    if kind in ("", "n") and text:
        return _shown_number(text, styles, is_day=styles.is_day(style))
    return text


def _shown_number(text: str, styles: CellStyles, *, is_day: bool) -> str:
    try:
        number = float(text)
    except ValueError:
        return text
    if not math.isfinite(number):
        return text
    if is_day and 1 <= number < _LAST_SERIAL:
        return _shown_day(number, from_1904=styles.from_1904)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def _shown_day(serial: float, *, from_1904: bool) -> str:
    days = serial + 1 if not from_1904 and serial < _BEFORE_MARCH_1900 else serial
    moment = (_1904 if from_1904 else _1900) + timedelta(seconds=round(days * 86400))
    return moment.strftime("%Y-%m-%d") if serial.is_integer() else moment.strftime("%Y-%m-%dT%H:%M:%S")
