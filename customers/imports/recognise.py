"""Which of the vendor's formats a file has, by its content."""

from __future__ import annotations

from customers.imports.formats.catalogue import CATALOGUE_FORMAT
from customers.imports.formats.feed_files import FEED_FORMAT
from customers.imports.formats.graph_answers import ANSWER_FORMATS
from customers.imports.formats.graph_licences import LICENCE_FORMATS
from customers.imports.formats.graph_reports import REPORT_FORMATS
from customers.imports.formats.graph_users import USER_FORMATS
from customers.imports.formats.partner_center import PARTNER_CENTER_FORMATS
from customers.imports.reading import Format, Sample

FORMATS: tuple[Format, ...] = (
    *REPORT_FORMATS,
    *LICENCE_FORMATS,
    *USER_FORMATS,
    *ANSWER_FORMATS,
    *PARTNER_CENTER_FORMATS,
    CATALOGUE_FORMAT,
    FEED_FORMAT,
)


def recognise(sample: Sample) -> Format | None:
    """The format of the file that begins so; nothing: none that is known. No two formats recognise the same file."""
    return next((found for found in FORMATS if found.recognise(sample)), None)
