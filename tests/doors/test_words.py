"""Every word on every page goes through gettext: in a language of other letters nothing but data is left in ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import override, trans_real

from config.languages.gathering import Message, gather
from config.languages.places import TRANSLATED
from customers.forms.claim import countries
from tests.doors.table import DOORS, Door
from tests.doors.test_doors import values
from tests.doors.visiting import Ears, Visitor
from tests.doors.world import DoorsWorld
from tests.pseudo import CODE, KEPT, spoken
from tests.readable import read

NAMES = Path(__file__).with_name("names.txt")
"""Reviewed: what is called the same in every language."""
WORD = re.compile(r"[A-Za-z]{2,}")
ADDRESS = re.compile(
    r"(?:https?:/)?/[\w./?=&%#:-]+|[\w.+-]+@[\w.-]+|[\w-]+(?:\.[\w-]+)+|\w+_\w+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|person-[0-9a-f]{12}"
)
"""Addresses, files, codes, ids and pseudonyms in a text."""
CODES = frozenset({"action", "object_type", "rights", "roles", "rule", "problem"})
"""Fields whose words are ours, and have a translation where they are shown."""


def names() -> set[str]:
    """The words of the list; a line that begins with # is a comment."""
    lines = NAMES.read_text("utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("#")] + [name for _code, name in settings.LANGUAGES]
    return {"pseudo"} | {word.casefold() for line in kept for word in WORD.findall(line)}


def stored_words() -> set[str]:
    """All words that stand in the database: names of customers, products and people are nobody's to translate."""
    return {word.casefold() for text in stored_texts() for word in WORD.findall(text)}


def countries_in_it() -> set[str]:
    """Words of the names of countries: pycountry has them in every language."""
    with override(CODE):
        return {word.casefold() for _code, name in countries() for word in WORD.findall(name)}


def stored_texts() -> Iterator[str]:
    """Texts that people or vendors have written; codes with a choice of words are no data."""
    for model in apps.get_models():
        if model._meta.app_label in {"partners", "customers", "insights"}:
            for field in model._meta.concrete_fields:
                values = model._default_manager.values_list(field.name, flat=True)
                if field.name in CODES:
                    continue
                if isinstance(field, models.CharField | models.TextField) and not field.choices:
                    yield from filter(None, values.distinct())
                elif isinstance(field, models.JSONField):
                    yield from (text for value in values for text in leaves(value))


def leaves(value: object) -> Iterator[str]:
    """The texts of a JSON value, without its keys."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    yield from [value] if isinstance(value, str) else (text for part in parts for text in leaves(part))


def left(texts: list[str], known: set[str]) -> list[str]:
    """Of the texts those with words in our letters that aren't known."""
    return [
        text for text in texts if any(word.casefold() not in known for word in WORD.findall(ADDRESS.sub(" ", text)))
    ]


def key(message: Message) -> tuple[str, str]:
    """What a message is asked for by."""
    before = f"{message.context}\x04" if message.context else ""
    return before + message.text, message.plural


def in_language(language: str, text: str, plural: str) -> str:
    """What catalogues of ours and of others say for it."""
    found = trans_real.translation(language)
    return found.ngettext(text, plural, 5) if plural else found.gettext(text)


def pages(world: DoorsWorld, visitor: Visitor) -> Iterator[tuple[Door, str]]:
    """Every page that this person may open, about what is his or her own."""
    for door in DOORS:
        if door.opens_to(visitor.viewer.staff) and door.found[0] == 200 and not door.is_api:
            mine = values(world, visitor.viewer, door)[0]
            answer = visitor.ask("GET", f"{door.path(mine)}?{door.query}", **{"Accept-Language": CODE})
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                yield door, answer.body


@pytest.mark.parametrize("name", ["here, global admin", "here, sales agent", "operator", "anonymous"])
def test_every_word_is_marked(world: DoorsWorld, ears: Ears, name: str) -> None:
    known = stored_words() | names() | countries_in_it()
    with spoken():
        found = [
            f"{door.pattern}: {text}"
            for door, page in pages(world, Visitor(world.viewer(name), ears))
            for text in left(read(page), known)
        ]
    assert "\n".join(found) == ""


def test_what_others_say_on_our_pages_is_translated(world: DoorsWorld, ears: Ears) -> None:
    """Catalogues of Django, allauth and the admin site's theme have gaps: config/languages/foreign.py fills them."""
    with spoken() as pseudo:
        for name in ("here, global admin", "operator", "anonymous"):
            assert sum(bool(page) for _door, page in pages(world, Visitor(world.viewer(name), ears))) > 5
    own = {key(message) for message in gather().messages} | {(name, "") for _code, name in settings.LANGUAGES}
    told = [
        f"{language}: {text}"
        for language in TRANSLATED
        for text, plural in sorted(pseudo.heard - own)
        if left([KEPT.sub("", text)], names()) and in_language(language, text, plural) in {text, plural}
    ]
    assert "\n".join(told) == ""
