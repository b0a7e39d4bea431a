"""The catalogues of translations: read, brought up to date with the code, written so that a change shows as what it is."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from config.languages.gathering import Gathered, Message
from config.languages.places import folder_name

HEADER = "# Seatwise, {language}. Made by: make messages. Edit the translations, nothing else.\n#"
_NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""Days in a header would make every run a change; what is compiled has this one."""
_LEFT_OUT = tuple(
    f'"{name}:'
    for name in (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Generated-By",
        "Report-Msgid-Bugs-To",
        "Last-Translator",
        "Language-Team",
    )
)


def empty(language: str) -> Catalog:
    """A catalogue without entries."""
    return _undated(
        Catalog(
            locale=folder_name(language),
            domain="django",
            project="Seatwise",
            version="1",
            header_comment=HEADER.format(language=language),
            fuzzy=False,
        )
    )


def read(path: Path, language: str) -> Catalog:
    """The catalogue of a file; an empty one where there is none."""
    if not path.exists():
        return empty(language)
    with path.open("rb") as file:
        return _undated(read_po(file, locale=folder_name(language), domain="django", abort_invalid=True))


def renewed(old: Catalog, gathered: Gathered, language: str) -> Catalog:
    """All that the code says now, with the translations that there are. Nothing is guessed: no entry is fuzzy."""
    new = empty(language)
    for message, where in sorted(gathered.messages.items(), key=lambda one: (one[0].text, one[0].context)):
        said = (message.text, message.plural) if message.plural else message.text
        kept = _kept(old, message.text, message.context, plural=bool(message.plural)) or _nothing(new, message)
        new.add(said, kept, locations=[(path, 0) for path in sorted(where)], context=message.context or None)
    return new


def _kept(old: Catalog, text: str, context: str, *, plural: bool) -> str | tuple[str, ...] | None:
    entry = old.get(text, context or None)
    if entry is None or entry.fuzzy or isinstance(entry.id, tuple | list) != plural:
        return None
    return tuple(entry.string) if plural else entry.string


def _nothing(catalogue: Catalog, message: Message) -> str | tuple[str, ...]:
    return ("",) * catalogue.num_plurals if message.plural else ""


def written(catalogue: Catalog) -> str:
    """The text of a catalogue's file: sorted, with the files that say a text, without lines and days."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, include_lineno=False, sort_output=True, ignore_obsolete=True)
    lines = buffer.getvalue().decode("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_LEFT_OUT)).rstrip("\n") + "\n"


def compiled(catalogue: Catalog) -> bytes:
    """What Django reads; the same catalogue gives the same bytes."""
    buffer = io.BytesIO()
    write_mo(buffer, _undated(catalogue))
    return buffer.getvalue()


def entries(catalogue: Catalog) -> Iterable[Entry]:
    """The entries without the header."""
    return (entry for entry in catalogue if entry.id)


def texts(entry: Entry) -> list[str]:
    """An entry's translations, one a plural form; empty ones for what isn't translated."""
    return list(entry.string) if isinstance(entry.string, tuple | list) else [entry.string or ""]


def _undated(catalogue: Catalog) -> Catalog:
    catalogue.creation_date = catalogue.revision_date = _NO_DAY
    return catalogue
