"""Files malformed in the ways of real and hostile ones, mutated from the samples: readers say so, or read, and never fail."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from customers.imports.formats.tables import read_mapped, suggest, table_of
from customers.imports.reading import FileNotTakenError
from customers.imports.recognise import recognise
from customers.imports.unpack import Member, members
from tests.customers.imports.gathered import SAMPLES, Gathered, about
from tests.customers.imports.lookalikes import (
    CATALOGUE,
    INSIGHTS_HEADERS,
    TENANT,
    analytics_subscription,
    collection,
    customer,
    insights,
    licence,
    subscription,
)
from tests.customers.imports.workbooks import packed, text_row, workbook

MUTANTS = 2000 if settings().max_examples > 1000 else 200
FEED = f"customer_id,user_id,service,day\n{TENANT},a,EXO,2024-01-01\n{TENANT},b,SPO,2024-01-02\n"
TABLE = "Benutzer;Produkt;Seit\na;Office 365 E5;31.01.2024\nb;Nichts;1.2.2024\n"


@cache
def originals() -> list[bytes]:
    """Everything there is a reader for, and a few that there is none for."""
    files = sorted(path for path in SAMPLES.rglob("*") if path.is_file() and path.name != "README.md")
    texts = [
        collection(subscription(), subscription()),
        collection(customer()),
        collection(licence()),
        CATALOGUE,
        FEED,
        TABLE,
    ]
    texts += [
        collection(analytics_subscription()),
        *(insights(name, {"Month": "2024-01-01"}) for name in INSIGHTS_HEADERS),
    ]
    books = [workbook(text_row(1, "Login", "Licence") + text_row(2, "a", "Office 365 E5"), shared="<si><t>x</t></si>")]
    zips = [packed({"a.csv": FEED.encode(), "b.xlsx": books[0]})]
    return [path.read_bytes() for path in files] + [text.encode() for text in texts] + books + zips


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def without_a_part(data: bytes, chance: random.Random) -> bytes:
    begin, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:begin] + data[end:]


def doubled(data: bytes, chance: random.Random) -> bytes:
    begin, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:end] + data[begin:end] * chance.choice([1, 3]) + data[end:]


def flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 5, 50])):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def words_for_words(data: bytes, chance: random.Random) -> bytes:
    """Numbers huge, values of another kind, days that there aren't."""
    found = chance.choice(
        [b"0", b"1", b'"', b"true", b"-", b"2017", b"2024", b"null", b",", b"{", b"}", b"\n", b"items", b"value"]
    )
    put = chance.choice(
        [b"9" * 400, b"-1", b"1e999", b"NaN", b"{}", b"[]", b"[[]]", b"null", b"0000-00-00", b"\\ud800", b"\xed\xa0\x80", b'""', b"\0", b"=1+1"]
    )  # fmt: skip
    return data.replace(found, put, chance.choice([1, 2, -1]))


def columns_swapped(data: bytes, chance: random.Random) -> bytes:
    header, line_end, rest = data.partition(b"\n")
    names = header.split(b",")
    chance.shuffle(names)
    return b",".join(names) + line_end + rest


def deep(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + chance.choice([b"[", b'{"a":', b"(", b"<a>"]) * chance.choice([10, 5_000]) + data[place:]


def in_another_encoding(data: bytes, chance: random.Random) -> bytes:
    encoding = chance.choice(["utf-16", "utf-16-le", "utf-32", "cp1252", "utf-8-sig", "utf-7"])
    return data.decode(errors="replace").encode(encoding, "replace")


def mixed(data: bytes, chance: random.Random) -> bytes:
    other = chance.choice(originals())
    place = chance.randrange(len(data) + 1)
    return data[:place] + other[chance.randrange(len(other) + 1) :]


def zipped(data: bytes, chance: random.Random) -> bytes:
    archive = packed(
        {chance.choice(["a.csv", "../a", "a.xlsx", "[Content_Types].xml", "b/c.json"]): data, "d.csv": data[:50]}
    )
    return chance.choice([cut, flipped, flipped, doubled])(archive, chance)


MUTATIONS = (
    cut, without_a_part, doubled, flipped, words_for_words, words_for_words, columns_swapped, deep, in_another_encoding, mixed, zipped,
)  # fmt: skip


def mutant(number: int) -> bytes:
    """One of the malformed files; always the same for its number."""
    chance = random.Random(number)
    data = chance.choice(originals())
    for _ in range(chance.choice([1, 1, 2, 4])):
        data = chance.choice(MUTATIONS)(data, chance)
    return data


def take(member: Member) -> str:
    """Read one text as an import does: by its format, else as a table by what is suggested. What became of it."""
    gathered = Gathered()
    given = replace(about(), country="DE")
    sample = member.sample()
    found = recognise(sample)
    with member.open() as stream:
        if found is not None:
            found.read(stream, given, gathered)
            return "read"
        headers, rows = table_of(sample)
        mapping = suggest(headers, rows)
        if mapping is None:
            return "unknown"
        read_mapped(stream, mapping, given, gathered)
        return "mapped"


def fate(path: Path) -> list[str]:
    """What became of each text of an upload. Raises whatever isn't FileNotTakenError."""
    fates = []
    try:
        for member in members(path):
            try:
                fates.append(take(member))
            except FileNotTakenError as error:
                fates.append("refused" if str(error) else "silent")
    except FileNotTakenError as error:
        fates.append("refused whole" if str(error) else "silent")
    return fates


@pytest.mark.parametrize("tenth", range(10))
def test_malformed_file_is_read_or_refused_with_a_sentence(tenth: int, tmp_path: Path) -> None:
    share = MUTANTS // 10
    fates: set[str] = set()
    for number in range(tenth * share, (tenth + 1) * share):
        path = tmp_path / "mutant.csv"
        path.write_bytes(mutant(number))
        fates.update(fate(path))
    assert fates <= {"read", "unknown", "mapped", "refused", "refused whole"}
    assert {"read", "refused"} <= fates


def test_originals_are_read_or_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "original.csv"
    found = []
    for data in originals():
        path.write_bytes(data)
        found.extend(fate(path))
    assert (len(found) > 90, set(found)) == (True, {"read", "unknown", "mapped", "refused"})
