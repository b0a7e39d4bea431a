"""Every text is translated into every language: whole, with its placeholders and tags, and with the glossary's terms."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from django.utils.translation import override

from config.languages.catalogues import compiled, entries, read, renewed, texts, written
from config.languages.gathering import Gathered, gather
from config.languages.places import BASE, TRANSLATED, mo_file, po_file
from customers.lifecycle import PeriodState, Status
from customers.words import STATE_NAMES, STATUS_NAMES
from insights.causes import CAUSES
from insights.terms import TERMS
from partners.permissions import Role
from partners.roles import ROLE_NAMES

SAME = Path(__file__).with_name("same.csv")
"""Reviewed: texts that are the same in a language (or in all: *) as in English."""
PLACEHOLDER = re.compile(r"%\(\w+\)[-+.\d]*[a-z]|%[%a-z]|\{[\w.!:]*\}")
TAG = re.compile(r"</?\w+[^>]*>")
LETTER = re.compile(r"[^\W\d_]")
CONCEPTS = {
    "sold": "sold_licences",
    "assigned": "assigned_licences",
    "entitlements": "total_entitlements",
    "users": "total_users",
    "date": "as_of_date",
    "active_former": "staff_turnover",
    "active_lapsed": "second_subscription",
    "active_unlicensed": "beyond_licence",
}
"""Terms of the metrics that the glossary has under another key."""


@pytest.fixture(scope="module")
def said() -> Gathered:
    return gather()


@pytest.fixture(scope="module", params=TRANSLATED)
def catalogue(request: pytest.FixtureRequest) -> tuple[str, Catalog]:
    return request.param, read(po_file(request.param), request.param)


@pytest.fixture(scope="module")
def glossary() -> dict[str, dict[str, str]]:
    """By key the term in each language."""
    with (BASE / "docs" / "i18n-glossary.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


def allowed_to_be_the_same(language: str) -> set[str]:
    with SAME.open(encoding="utf-8", newline="") as file:
        return {row["text"] for row in csv.DictReader(file) if row["language"] in {language, "*"}}


def pairs(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Each translation beside the English text that it has to agree with."""
    for entry in entries(catalogue):
        originals = list(entry.id) if isinstance(entry.id, tuple | list) else [entry.id]
        for place, text in enumerate(texts(entry)):
            yield originals[-1] if len(texts(entry)) == 1 else originals[min(place, len(originals) - 1)], text


def title_folded(text: str) -> str:
    """Whether a term begins with a capital depends on where it stands."""
    return text[:1].casefold() + text[1:]


def test_catalogue_has_what_the_code_says(catalogue: tuple[str, Catalog], said: Gathered) -> None:
    """`make messages` brings it up to date."""
    language, found = catalogue
    assert po_file(language).read_text("utf-8") == written(renewed(found, said, language))


def test_everything_is_translated(catalogue: tuple[str, Catalog]) -> None:
    lacking = [entry.id for entry in entries(catalogue[1]) if not all(texts(entry)) or entry.fuzzy]
    assert lacking == []


def test_only_reviewed_texts_are_as_in_english(catalogue: tuple[str, Catalog]) -> None:
    language, found = catalogue
    same = {text for english, text in pairs(found) if text == english and LETTER.search(PLACEHOLDER.sub("", text))}
    assert sorted(same - allowed_to_be_the_same(language)) == []


def test_list_of_the_same_texts_holds_nothing_else() -> None:
    known = {english for language in TRANSLATED for english, _text in pairs(read(po_file(language), language))}
    with SAME.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted({row["text"] for row in rows} - known) == []
    assert sorted({row["language"] for row in rows} - {*TRANSLATED, "*"}) == []


def test_placeholders_and_tags_agree(catalogue: tuple[str, Catalog]) -> None:
    wrong = []
    for entry in entries(catalogue[1]):
        wrong += [text for text in texts(entry) if text and not _agrees(entry, text)]
    assert wrong == []


def _agrees(entry: Entry, text: str) -> bool:
    """With one of its English forms: “one row” needs no number."""
    originals = list(entry.id) if isinstance(entry.id, tuple | list) else [entry.id]
    return any(
        Counter(PLACEHOLDER.findall(text)) == Counter(PLACEHOLDER.findall(original))
        and Counter(TAG.findall(text)) == Counter(TAG.findall(original))
        for original in originals
    )


def test_space_at_the_ends_agrees(catalogue: tuple[str, Catalog]) -> None:
    """Texts that are put together would run into each other."""
    ends = [
        (english, text)
        for english, text in pairs(catalogue[1])
        if text and (english[:1].isspace(), english[-1:].isspace()) != (text[:1].isspace(), text[-1:].isspace())
    ]
    assert ends == []


def test_compiled_catalogue_is_that_of_the_file(catalogue: tuple[str, Catalog]) -> None:
    """`make setup` compiles them; the tests do it themselves where somebody has edited one since."""
    language, found = catalogue
    assert mo_file(language).read_bytes() == compiled(found)


def test_glossary_is_used_as_it_stands(catalogue: tuple[str, Catalog], glossary: dict[str, dict[str, str]]) -> None:
    language, found = catalogue
    terms: dict[str, set[str]] = {}
    for row in glossary.values():
        terms.setdefault(title_folded(row["en"]), set()).add(title_folded(row[language]))
    wrong = {
        english: text
        for english, text in pairs(found)
        if title_folded(english) in terms and title_folded(text) not in terms[title_folded(english)]
    }
    assert wrong == {}


def _in(language: str, text: object) -> str:
    with override(language):
        return title_folded(str(text))


@pytest.mark.parametrize("language", TRANSLATED)
def test_words_of_the_metrics_are_the_glossary_s(language: str, glossary: dict[str, dict[str, str]]) -> None:
    keys = {name: CONCEPTS.get(name, name) for name in TERMS}
    expected = {name: title_folded(glossary[key][language]) for name, key in keys.items() if key in glossary}
    assert {name: _in(language, TERMS[name].title) for name in expected} == expected
    causes = {
        cause.count: title_folded(glossary[CONCEPTS[cause.count]][language])
        for cause in CAUSES
        if cause.count in CONCEPTS
    }
    assert {cause.count: _in(language, cause.label) for cause in CAUSES if cause.count in CONCEPTS} == causes


@pytest.mark.parametrize("language", TRANSLATED)
def test_states_and_roles_are_the_glossary_s(language: str, glossary: dict[str, dict[str, str]]) -> None:
    def term(key: str) -> str:
        return title_folded(glossary[key][language])

    assert {status: _in(language, name) for status, name in STATUS_NAMES.items()} == {
        status: term(f"state_{status.value}") for status in Status
    }
    own = [state for state in PeriodState if state is not PeriodState.ENTITLED]
    assert {state: _in(language, STATE_NAMES[state]) for state in own} == {state: term(state.value) for state in own}
    assert {role: _in(language, name) for role, name in ROLE_NAMES.items()} == {role: term(role.value) for role in Role}
