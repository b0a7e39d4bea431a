"""Microsoft Graph's answers that carry no facts: errors."""

from __future__ import annotations

from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.imports.formats.graph_items import said_in
from customers.imports.json_items import JsonItems, outline
from customers.imports.reading import About, FileNotTakenError, Format, Sample, Sink

SHOWN = 300


def _is_error(sample: Sample) -> bool:
    found = outline(sample.text)
    return found is not None and found.envelope.keys() == {"error"}


def _refuse(stream: BinaryIO, _about: About, _sink: Sink) -> None:
    error = next((item.get("error") for _number, item in JsonItems(stream) if isinstance(item, dict)), None)
    said = said_in(error)[:SHOWN] or "-"
    raise FileNotTakenError(
        _("The file is an error of the service, and carries no data. It says: %(said)s") % {"said": said}
    )


ANSWER_FORMATS = (Format("graph_error", gettext_lazy("Graph: an error"), _is_error, _refuse),)
