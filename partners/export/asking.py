"""An export is an address: whoever may enter there can be given the file later, or again and again, with today's rights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from partners.export.doors import ExportDoor, order_of
from partners.export.formats import Form, Writing
from partners.models import Staff


class UnknownExportError(LookupError):
    """The address leads to no export; the message says so."""


@dataclass(frozen=True, slots=True)
class Export:
    """An export's address: its door, what the ids in it name, and the format."""

    address: str
    door: type[ExportDoor]
    ids: dict[str, Any]
    form: Form

    @classmethod
    def at(cls, address: str) -> Export:
        """The export of an address such as `/portfolio.xlsx?country=SE`. Raises UnknownExportError."""
        try:
            match = resolve(urlsplit(address).path)
        except (Resolver404, ValueError):
            raise UnknownExportError(_unknown(address)) from None
        door = getattr(match.func, "view_class", None)
        if not (isinstance(door, type) and issubclass(door, ExportDoor)):
            raise UnknownExportError(_unknown(address))
        return cls(address, door, match.kwargs, match.func.view_initkwargs.get("form", Form.CSV))

    def in_form(self, form: Form) -> Export:
        """The same table in another format."""
        path, mark, query = self.address.partition("?")
        return Export.at(f"{path.removesuffix(self.form)}{form}{mark}{query}")

    def opens_to(self, staff: Staff) -> bool:
        """Whether this person's roles include it."""
        return any(staff.may(action) for action in self.door.opened_by())

    def still_reachable(self, staff: Staff) -> bool:
        """Whether this person may have it now: by rights, and because what it names is still the partner's."""
        if not self.opens_to(staff):
            return False
        try:
            self._entered(staff).reachable(**self.ids)
        except Http404:
            return False
        return True

    def asked_by(self, staff: Staff) -> Writing:
        """The table as this person sees it now, to be written. Raises PermissionDenied, and what its door raises."""
        if not self.opens_to(staff):
            raise PermissionDenied(_("Your role doesn't include this page."))
        door = self._entered(staff)
        return Writing(door.table(**self.ids), self.form, order_of(door.request))

    def _entered(self, staff: Staff) -> ExportDoor:
        request = HttpRequest()
        request.method, request.user = "GET", staff
        request.path = request.path_info = urlsplit(self.address).path
        request.GET = QueryDict(urlsplit(self.address).query)
        door = self.door(form=self.form)
        door.setup(request, **self.ids)
        return door


def _unknown(address: str) -> str:
    return _("“%(address)s” is no address of a table's file.") % {"address": address}
