"""What Microsoft Graph's lists of licences and users have in common: objects one after another, SKUs, refusals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.imports.formats.graph_products import listed
from customers.imports.formats.graph_values import guid_in
from customers.imports.json_items import JsonItems
from customers.imports.reading import About, Sink

_SHOWN = 80
_NOTED = 1000
Item = Mapping[str, Any]


class RefusedItemError(Exception):
    """A record isn't taken: the column, its value, and what was expected."""

    def __init__(self, column: str, value: Any, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.value = "" if value is None else str(value)[:_SHOWN]


def take_each(items: JsonItems, sink: Sink, take: Callable[[int, Item], None]) -> int:
    """Hand every object to `take`, and refuse the others. How many were refused."""
    refused = 0
    for number, item in items:
        try:
            take(number, _object(item))
        except RefusedItemError as error:
            refused += 1
            sink.refuse(number, column=error.column, value=error.value, reason=str(error))
    return refused


def _object(item: Any) -> Item:
    if not isinstance(item, dict):
        raise RefusedItemError("", item, _("Expected an object."))
    if isinstance(item.get("error"), dict):
        raise RefusedItemError(
            "error", said_in(item["error"]), _("The service couldn't say it. Expected an object without an error.")
        )
    return item


def said_in(error: Any) -> str:
    """What an error object of Graph says, with its code."""
    if not isinstance(error, dict):
        return str(error)
    return ": ".join(str(error[name]) for name in ("code", "message") if error.get(name))


def sku_in(item: Item) -> UUID:
    """The SKU that an object is about. Raises RefusedItemError."""
    found = guid_in(item.get("skuId"))
    if found is None:
        raise RefusedItemError("skuId", item.get("skuId"), _("Expected the GUID of a product."))
    return found


class KnownSkus:
    """Tells products that the catalogue has from those that it hasn't, which are left out and named once."""

    def __init__(self, about: About) -> None:
        self._catalogue = about.catalogue
        self._known: dict[UUID, bool] = {}
        self._names: set[str] = set()

    def has(self, sku: UUID, name: str = "") -> bool:
        """Whether the catalogue has it."""
        if sku not in self._known:
            if len(self._known) >= _NOTED:
                self._known.clear()
            self._known[sku] = self._catalogue.knows(sku)
        if not self._known[sku] and len(self._names) < _NOTED:
            self._names.add(f"{name} ({sku})" if name else str(sku))
        return self._known[sku]

    def remark(self, sink: Sink) -> None:
        """Say what was left out."""
        if not self._names:
            return
        sentence = ngettext(
            "%(count)d product isn't in the catalogue and is left out: %(names)s.",
            "%(count)d products aren't in the catalogue and are left out: %(names)s.",
            len(self._names),
        )
        sink.remark(sentence % {"count": len(self._names), "names": listed(self._names)})
