"""A feed's own files among others: recognised by their header, and passed through line by line."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.imports.csv_rows import CsvRows
from customers.imports.lines import AT_ONCE, Lines
from customers.imports.reading import About, FileNotTakenError, Format, Sample, Sink

_RETRACT = "retract"
_JSON = ("{", "[")


@dataclass(frozen=True)
class FeedFile:
    """One file of a feed: its columns; `partner` ones may be missing where a partner delivers it (feed.md)."""

    name: str
    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()
    partner: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.partner, *self.needed, *self.optional)


FEED_FILES = (
    FeedFile("partners.csv", ("partner_id", "name", "slug")),
    FeedFile("customers.csv", ("customer_id", "name", "domain", "country"), ("segment",)),
    FeedFile("relationships.csv", ("partner_id", "customer_id", "from"), ("to",)),
    FeedFile("skus.csv", ("sku_id", "part_number", "name", "family", "workloads")),
    FeedFile(
        "subscriptions.csv",
        ("subscription_id", "effective_on", "customer_id", "seller", "sku_id", "status", "quantity", "is_trial"),
        ("term_end", "auto_renew", "cancel_until", "unit_price", "currency"),
    ),
    FeedFile("entitlements.csv", ("subscription_id", "user_id", "from", "state"), ("to",)),
    FeedFile("holdings.csv", ("customer_id", "user_id", "sku_id", "from", "state"), ("to",)),
    FeedFile("activity.csv", ("customer_id", "user_id", "service", "day")),
    FeedFile("coverage.csv", ("customer_id", "service", "day")),
    FeedFile(
        "support_cases.csv", ("case_id", "customer_id", "opened_on", "kind"), ("closed_on",), partner=("partner_id",)
    ),
    FeedFile(
        "satisfaction.csv",
        ("response_id", "customer_id", "responded_on", "score"),
        ("comment",),
        partner=("partner_id",),
    ),
)


def table_header(text: str) -> list[str]:
    """The header of the CSV file that begins with `text`, as it is written; nothing where there is none."""
    if text.lstrip().startswith(_JSON):
        return []
    try:
        return [name.strip() for name in CsvRows(io.BytesIO(text.encode(errors="replace"))).header]
    except FileNotTakenError:
        return []


def feed_file_with(header: Sequence[str]) -> FeedFile | None:
    """The file of a feed that has this header: the one with the most columns of those whose columns are all there."""
    names = {name.strip().casefold() for name in header}
    fitting = [file for file in FEED_FILES if names.issuperset(file.needed)]
    return max(fitting, key=lambda file: len(file.needed), default=None)


def _is_feed_file(sample: Sample) -> bool:
    return feed_file_with(table_header(sample.text)) is not None


def _pass_through(stream: BinaryIO, _about: About, sink: Sink) -> None:
    rows = CsvRows(stream)
    file = feed_file_with(rows.header)
    if file is None:
        raise FileNotTakenError(_("The header line is that of no file of a feed."))
    places = _places(file, rows.header)
    lines = Lines(sink)
    found = lines.of(file.name, *places)
    for line, row in rows.whole(sink):
        found.append((line, tuple([row[place].strip() for place in places.values()])))
        if len(found) >= AT_ONCE:
            lines.hand_over()
    lines.hand_over()


def _places(file: FeedFile, header: Sequence[str]) -> dict[str, int]:
    """Where the columns stand that a feed knows. Raises FileNotTakenError: one of them twice (feed.md, "Loading")."""
    names = [name.strip().casefold() for name in header]
    places = {name: names.index(name) for name in (*file.columns, _RETRACT) if name in names}
    repeated = [name for name in places if names.count(name) > 1]
    if repeated:
        raise FileNotTakenError(
            _("The header line names a column twice: %(columns)s; expected each once.")
            % {"columns": ", ".join(repeated)}
        )
    return places


FEED_FORMAT = Format("feed", gettext_lazy("A file of a feed"), _is_feed_file, _pass_through)
