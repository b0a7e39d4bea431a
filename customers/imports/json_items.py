"""Items of a vendor's JSON file one after another, with flat memory; and what the beginning of one tells.

The standard library's decoder takes one item at a time out of a window of text. A streaming parser as a dependency would
tell neither line nor column of a fault, nor forgive the no-break spaces that the vendor's documentation puts between tokens.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NoReturn

from django.utils.translation import gettext as _

from customers.imports.reading import FileNotTakenError

LISTS = frozenset({"value", "items"})
"""What envelopes call the list of items, without regard to case: Graph and newer Partner Center, older Partner Center."""
CHUNK = 1 << 16
# One item, or everything around the items, is shorter than this (characters).
ITEM_LIMIT = 1 << 24
# An error this near to the end of what has been read may be the cut, and no fault of the file.
_NEAR_END = 16
_CUT = ("Unterminated string", "Invalid \\escape", "Invalid \\u")
_SPACES = " \t\r\n\u00a0\ufeff"
_STRING = r'"(?:[^"\\]++|\\.)*+"?'
_STRINGS_AND_SPACES = re.compile(_STRING + "|[\u00a0\ufeff]++", re.DOTALL)
_TOKEN = re.compile(_STRING + r'|[{}\[\],:]|[^\s"{}\[\],:]++', re.DOTALL)


def _constant(name: str) -> NoReturn:
    raise ValueError(name)


_DECODER = json.JSONDecoder(strict=False, parse_constant=_constant)


class JsonItems:
    """The items of a list, bare or in an envelope; an object without a list is one item.

    `envelope` holds what stands around the list: before it once the first item is there, all of it at the end. Raises
    FileNotTakenError where the text isn't JSON, with line and column.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.envelope: dict[str, Any] = {}
        self._window = _Window(stream)
        self._number = 0
        self._kept = 0

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        """Each item with its number, from 1."""
        window = self._window
        if window.next() == "[":
            yield from self._list()
        elif window.next() == "{":
            yield from self._object()
        else:
            window.fail(_("expected { or ["))
        if window.next():
            window.fail(_("expected nothing after the end"))

    def _list(self) -> Iterator[tuple[int, Any]]:
        window = self._window
        window.pass_over("[")
        if window.next() == "]":
            window.pass_over("]")
            return
        while True:
            self._number += 1
            yield self._number, window.value()
            if window.next() == "]":
                window.pass_over("]")
                return
            window.pass_over(",")

    def _object(self) -> Iterator[tuple[int, Any]]:
        """The items in an envelope's lists; of an object without one, the object."""
        window = self._window
        has_list = False
        window.pass_over("{")
        while window.next() != "}":
            name = self._name()
            if name.casefold() in LISTS and window.next() == "[":
                has_list = True
                yield from self._list()
            else:
                self._keep(name)
            if window.next() != "}":
                window.pass_over(",")
                if window.next() == "}":
                    window.fail(_("expected a name"))
        window.pass_over("}")
        if not has_list:
            yield 1, self.envelope

    def _name(self) -> str:
        if self._window.next() != '"':
            self._window.fail(_("expected a name in quotes"))
        name = self._window.value()
        self._window.pass_over(":")
        return str(name)

    def _keep(self, name: str) -> None:
        self.envelope[name] = self._window.value()
        self._kept += len(name) + self._window.size
        if self._kept > ITEM_LIMIT:
            self._window.fail(_("an object as large as this isn't taken"))


class _Window:
    """A part of the text, and the place in it that is read next."""

    def __init__(self, stream: BinaryIO) -> None:
        self._file = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        self._text = ""
        self._at = 0
        self._is_all = False
        self._lines_before = 0
        self._column_before = 0
        self.size = 0

    def next(self) -> str:
        """The next character that is no space, not passed; nothing: the end."""
        while True:
            while self._at < len(self._text):
                char = self._text[self._at]
                if char not in _SPACES:
                    return char
                self._at += 1
            if self._is_all:
                return ""
            self._read_on()

    def pass_over(self, char: str) -> None:
        """Go behind `char`, which must come next."""
        if self.next() != char:
            self.fail(_("expected %(char)s") % {"char": char})
        self._at += 1

    def value(self) -> Any:
        """The next value."""
        self.next()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                self._mend(error)
            except RecursionError:
                self.fail(_("the values are nested too deeply"))
            except ValueError:
                self.fail(_("a number is too long, or is none"))
            else:
                # A number may go on behind what has been read.
                if end < len(self._text) or self._is_all:
                    self.size, self._at = end - self._at, end
                    return value
                self._read_on()

    def _mend(self, error: json.JSONDecodeError) -> None:
        """Read on where the text is only cut, take no-break spaces for spaces; else say what is wrong."""
        if self._text[error.pos : error.pos + 1] in ("\u00a0", "\ufeff"):
            self._text = self._text[: self._at] + _STRINGS_AND_SPACES.sub(_spaces, self._text[self._at :])
        elif not self._is_all and (error.msg.startswith(_CUT) or error.pos >= len(self._text) - _NEAR_END):
            self._read_on()
        else:
            self._at = error.pos
            self.fail(error.msg)

    def _read_on(self) -> None:
        """Hold twice as much of the text, without what has been read."""
        self._drop()
        if len(self._text) > ITEM_LIMIT:
            self.fail(_("a value as long as this isn't taken; does a quote or a bracket close it?"))
        try:
            more = self._file.read(max(CHUNK, len(self._text)))
        except UnicodeDecodeError as error:
            reason = _("Line %(line)d, or one soon after it, isn't UTF-8; expected text in UTF-8.")
            line = self._lines_before + self._text.count("\n") + 1
            raise FileNotTakenError(reason % {"line": line}) from error
        self._is_all = not more
        self._text += more

    def _drop(self) -> None:
        gone = self._text[: self._at]
        lines = gone.count("\n")
        self._lines_before += lines
        self._column_before = len(gone) - gone.rfind("\n") - 1 if lines else self._column_before + len(gone)
        self._text = self._text[self._at :]
        self._at = 0

    def fail(self, why: str) -> NoReturn:
        """Say that the text isn't JSON at the place that is read next."""
        self._drop()
        raise FileNotTakenError(
            _("The file isn't valid JSON: line %(line)d, column %(column)d: %(why)s.")
            % {"line": self._lines_before + 1, "column": self._column_before + 1, "why": why}
        )


def _spaces(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith('"') else " " * len(found[0])


@dataclass
class Outline:
    """What the beginning of a JSON text tells of it, valid or not, cut or not.

    `envelope`: the names around the list, as written, with texts, numbers and words as their values (else nothing). `item`:
    the names in the first item; of an object without a list, its own.
    """

    envelope: dict[str, str] = field(default_factory=dict)
    item: set[str] = field(default_factory=set)


def outline(text: str) -> Outline | None:
    """The outline of the text; nothing where it doesn't begin as JSON does."""
    tokens = (token[0] for token in _TOKEN.finditer(text.lstrip(_SPACES)))
    first = next(tokens, "")
    if first == "[":
        return Outline(item=set(_members(tokens))) if next(tokens, "") == "{" else Outline()
    if first != "{":
        return None
    found = Outline()
    found.envelope = _members(tokens, into=found)
    found.item = found.item or ({*found.envelope} if LISTS.isdisjoint(map(str.casefold, found.envelope)) else set())
    return found


def _members(pieces: Iterator[str], into: Outline | None = None) -> dict[str, str]:
    """The names of the object whose { has been passed, and their plain values; the first item of its list goes `into`."""
    found: dict[str, str] = {}
    name = ""
    for piece in pieces:
        if piece == "}":
            return found
        if piece in "[{":
            if into is not None and piece == "[" and name.casefold() in LISTS and not into.item:
                _first_item(pieces, into)
            else:
                _pass(pieces)
        elif piece == ",":
            name = ""
        elif piece.startswith('"') and not name:
            name = piece.strip('"')
            found[name] = ""
        elif piece != ":" and name:
            found[name] = piece.strip('"')
    return found


def _first_item(pieces: Iterator[str], into: Outline) -> None:
    """The names in the first item of the list whose [ has been passed; then the rest of the list."""
    first = next(pieces, "]")
    if first == "{":
        into.item = set(_members(pieces))
    if first != "]":
        _pass(pieces)


def _pass(pieces: Iterator[str]) -> None:
    """Go behind the end of what has been opened."""
    depth = 1
    for piece in pieces:
        depth += (piece in "[{") - (piece in "]}")
        if not depth:
            return
