"""XML as events, without entities and in flat memory, whatever the document does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.parsers import expat

from django.utils.translation import gettext as _

from customers.imports.reading import FileNotTakenError

_MOST_DEPTH = 64
_MOST_TOKEN = 2_000_000
_BETWEEN = "}"

Attributes = dict[str, str]


def read_xml(
    chunks: Iterable[bytes],
    *,
    begin: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> Iterable[None]:
    """Tell of each element (its name without namespace) and each piece of text; gives way after each piece of the file.

    Raises FileNotTakenError: no XML, a document type declaration (the only place of entities), elements nested too deeply, a
    single tag of megabytes.
    """
    parser = expat.ParserCreate(namespace_separator=_BETWEEN)
    _listen(parser, begin, end)
    parser.CharacterDataHandler = text
    fed = 0
    try:
        for piece in chunks:
            parser.Parse(piece, False)
            fed += len(piece)
            if fed - parser.CurrentByteIndex > _MOST_TOKEN:
                raise FileNotTakenError(_("The workbook's XML has a tag of several megabytes."))
            yield
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise FileNotTakenError(
            _("The workbook's XML is damaged: %(error)s.") % {"error": expat.ErrorString(error.code)}
        ) from error
    yield


def _listen(parser: expat.XMLParserType, begin: Callable[[str, Attributes], None], end: Callable[[str], None]) -> None:
    depth = 0

    def opens(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > _MOST_DEPTH:
            raise FileNotTakenError(_("The workbook's XML is nested too deeply."))
        begin(name.rpartition(_BETWEEN)[2], attributes)

    def closes(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name.rpartition(_BETWEEN)[2])

    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = opens
    parser.EndElementHandler = closes


def _refuse_doctype(*_args: object) -> None:
    raise FileNotTakenError(
        _("The workbook's XML declares a document type, as attacks by entities do; expected a plain workbook.")
    )


def attribute(attributes: Attributes, name: str) -> str:
    """An attribute by its name without namespace; empty where it isn't there."""
    return next((value for key, value in attributes.items() if key.rpartition(_BETWEEN)[2] == name), "")
