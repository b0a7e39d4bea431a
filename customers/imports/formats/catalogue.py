"""The vendor's public catalogue of products: recognised here, and loaded whole by the operator."""

from __future__ import annotations

from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.imports.formats.partner_center_exports import by_header
from customers.imports.reading import About, FileNotTakenError, Format, Sink

_COLUMNS = frozenset({"productdisplayname", "stringid", "guid", "serviceplanname", "serviceplanid"})


def _hand_on(_stream: BinaryIO, _about: About, _sink: Sink) -> None:
    """Whoever imports hands the file to customers.services.catalogue.load_catalogue; who doesn't, may not."""
    raise FileNotTakenError(
        _(
            "This is the vendor's catalogue of products, which holds for everybody: the operator loads it, by itself (load_catalogue)."
        )
    )


CATALOGUE_FORMAT = Format(
    "sku_catalogue",
    gettext_lazy("The vendor's catalogue of products and service plans"),
    by_header(lambda names: names >= _COLUMNS),
    _hand_on,
)
