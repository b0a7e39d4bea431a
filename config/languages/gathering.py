"""Gathers what is to be translated out of Python files and templates, without the programs of GNU gettext."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

from config.languages.places import APPS, BASE, TEMPLATES

TRANSLATION = "django.utils.translation"
_STRING = r"""u?(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
_CALL = re.compile(rf"\b(n?p?gettext|_)\(({_STRING}(?:, ?{_STRING})*)")


@dataclass(frozen=True, slots=True)
class Message:
    """A text as the code has it: what it is found by in the catalogues."""

    text: str
    plural: str = ""
    """Of a text that counts: for all numbers but 1. Empty: it doesn't count."""
    context: str = ""


@dataclass(slots=True)
class Gathered:
    """All messages, each with the files that say it."""

    messages: dict[Message, set[str]] = field(default_factory=dict)

    def add(self, message: Message, where: str) -> None:
        """Said in this file (relative path), too. ValueError for one text that counts here and doesn't there."""
        if message.plural or message not in self.messages:
            self._judge(message, where)
        self.messages.setdefault(message, set()).add(where)

    def _judge(self, message: Message, where: str) -> None:
        for other in self.messages:
            same = (other.text, other.context) == (message.text, message.context)
            if same and other.plural != message.plural:
                raise ValueError(f"{where}: “{message.text}” has another plural in {', '.join(self.messages[other])}")


@dataclass(frozen=True, slots=True)
class Places:
    """At which places of its arguments a function takes what."""

    text: int
    plural: int | None = None
    context: int | None = None


_PLACES = {"gettext": Places(0), "ngettext": Places(0, 1), "pgettext": Places(1, context=0)}
_PLACES |= {"npgettext": Places(1, 2, context=0)}
FUNCTIONS = {f"{name}{kind}": places for name, places in _PLACES.items() for kind in ("", "_lazy", "_noop")}


def gather(base: Path = BASE) -> Gathered:
    """Everything that apps and templates say. SyntaxError for a file that can't be read as what it is."""
    found = Gathered()
    for path in python_files(base):
        for message in in_python(path.read_text("utf-8"), str(path)):
            found.add(message, str(path.relative_to(base)))
    for path in template_files(base):
        for message in in_template(path.read_text("utf-8"), str(path)):
            found.add(message, str(path.relative_to(base)))
    return found


def python_files(base: Path = BASE) -> Iterator[Path]:
    """The apps' files, without migrations: what those say is a copy of what models said once."""
    for app in APPS:
        yield from (path for path in sorted((base / app).rglob("*.py")) if "migrations" not in path.parts)


def template_files(base: Path = BASE) -> Iterator[Path]:
    """Pages and mails."""
    for folder in TEMPLATES:
        yield from (path for path in sorted((base / folder).rglob("*")) if path.suffix in {".html", ".txt"})


def in_python(source: str, name: str = "<text>") -> list[Message]:
    """The texts that a Python file translates, by whatever names it has imported Django's functions."""
    tree = ast.parse(source, name)
    known = dict(_imported(ast.walk(tree)))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [message for call in calls if (message := _said(call, known)) is not None]


def in_template(source: str, name: str = "<text>") -> list[Message]:
    """The texts that a template translates."""
    found = []
    for function, arguments in _CALL.findall(templatize(source, name)):
        texts = ast.literal_eval(f"({arguments},)")
        found.append(_message(FUNCTIONS["gettext" if function == "_" else function], texts))
    return found


def _imported(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, Places]]:
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module == TRANSLATION:
            for alias in node.names:
                if alias.name in FUNCTIONS:
                    yield alias.asname or alias.name, FUNCTIONS[alias.name]


def _said(call: ast.Call, known: dict[str, Places]) -> Message | None:
    """None: it translates nothing, or a text that is known only when it runs."""
    places = known.get(call.func.id) if isinstance(call.func, ast.Name) else None
    if places is None:
        return None
    texts = [argument.value if isinstance(argument, ast.Constant) else None for argument in call.args]
    needed = [place for place in (places.text, places.plural, places.context) if place is not None]
    if any(place >= len(texts) or not isinstance(texts[place], str) for place in needed):
        return None
    return _message(places, [str(text) for text in texts])


def _message(places: Places, texts: list[str] | tuple[str, ...]) -> Message:
    return Message(
        texts[places.text],
        "" if places.plural is None else texts[places.plural],
        "" if places.context is None else texts[places.context],
    )
