"""The column Assigned Products of Graph's reports: names of products, joined by plus signs, to SKUs."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.imports.reading import About, Sink

CACHED = 4096
# How many names a remark lists.
SHOWN = 5


class Products:
    """Finds the SKUs of names. Unknown names are left out; of SKUs with one name, one is taken.

    Which: the one that the customer is known to have a subscription of; if that doesn't decide, the first by GUID, so that
    the same file always says the same.
    """

    def __init__(self, about: About) -> None:
        self._catalogue = about.catalogue
        self._owned = frozenset(about.catalogue.skus_of(about.customer)) if about.customer else frozenset()
        self._cells: dict[str, tuple[str, ...]] = {}
        self._names: dict[str, str] = {}
        self._unknown: set[str] = set()
        self._shared: set[str] = set()

    def skus_in(self, cell: str) -> tuple[str, ...]:
        """The SKUs that a cell names, each once."""
        found = self._cells.get(cell)
        if found is None:
            if len(self._cells) >= CACHED:
                self._cells.clear()
            found = self._cells[cell] = self._read(cell)
        return found

    def _read(self, cell: str) -> tuple[str, ...]:
        """Names may hold plus signs themselves: as many pieces as make a known name are one."""
        pieces = cell.split("+")
        found: dict[str, None] = {}
        begin = 0
        while begin < len(pieces):
            for end in range(len(pieces), begin, -1):
                sku = self._sku_named("+".join(pieces[begin:end]).strip())
                if sku:
                    found[sku] = None
                    break
            else:
                end = begin + 1
                self._note(self._unknown, pieces[begin].strip())
            begin = end
        return tuple(found)

    def _sku_named(self, name: str) -> str:
        if name not in self._names:
            if len(self._names) >= CACHED:
                self._names.clear()
            self._names[name] = self._look_up(name) if name else ""
        return self._names[name]

    def _look_up(self, name: str) -> str:
        found = sorted(self._catalogue.skus_named(name))
        owned = [sku for sku in found if sku in self._owned]
        if len(found) > 1 and len(owned) != 1:
            self._note(self._shared, name)
        return str((owned or found)[0]) if found else ""

    @staticmethod
    def _note(names: set[str], name: str) -> None:
        if name and len(names) < CACHED:
            names.add(name)

    def remark(self, sink: Sink) -> None:
        """Say what was left out, and where a choice was made."""
        if self._unknown:
            sentence = ngettext(
                "%(count)d name of a product isn't in the catalogue and is left out: %(names)s.",
                "%(count)d names of products aren't in the catalogue and are left out: %(names)s.",
                len(self._unknown),
            )
            sink.remark(sentence % {"count": len(self._unknown), "names": listed(self._unknown)})
        if self._shared:
            sentence = _("Several products have the name %(names)s; of each, the first by its GUID is taken.")
            sink.remark(sentence % {"names": listed(self._shared)})


def listed(names: set[str]) -> str:
    """The first few names of a set, in order."""
    return ", ".join(sorted(names)[:SHOWN]) + (", …" if len(names) > SHOWN else "")
