"""Pages whose filters can be kept: which parameters they know, what opens by itself, and the menu of views."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from insights.models import SavedView
from insights.selectors.saved_views import views_of_page
from partners.doors import Door

EVERYTHING = "view=all"
"""The parameter of an address that asks for the bare page, whatever opens by itself."""
DAYS = frozenset({"date", "from", "to", "with"})
"""Parameters that name a day: a view keeps them only where that is asked for, and else shows the latest figures."""

ORDERS = frozenset({"sort", "order"})
"""Parameters that leave nothing out."""


class FilteredDoor(Door):
    """A page whose filters, order and range stand in its address, and can be kept as views."""

    abstract: ClassVar[bool] = True
    remembers: ClassVar[tuple[str, ...]]
    """The parameters of the address that a view keeps."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Leads from the bare address to the view that opens by itself; from a view that fits no more to the bare page."""
        if not self.opens_to(request.user) or request.method not in {"GET", "HEAD"}:
            return super().dispatch(request, *args, **kwargs)
        menu = views_menu(request, type(self).remembers)
        if menu.default and not request.META.get("QUERY_STRING"):
            return redirect(menu.default.address)
        try:
            return super().dispatch(request, *args, **kwargs)
        except (BadRequest, Http404) as error:
            if menu.current is None:
                raise
            return _led_away(request, menu, error)


class UnknownPageError(LookupError):
    """The address leads to no page of which views are kept."""


@dataclass(frozen=True, slots=True)
class ViewsMenu:
    """What a page offers of views, and where it stands among them."""

    page: str
    query: str
    """What the address asks for, as a view would keep it, days included."""
    views: list[SavedView]
    owner: int

    @property
    def mine(self) -> list[SavedView]:
        """One's own."""
        return [view for view in self.views if view.owner_id == self.owner]

    @property
    def team(self) -> list[SavedView]:
        """What colleagues share."""
        return [view for view in self.views if view.owner_id != self.owner]

    @property
    def default(self) -> SavedView | None:
        """The view that opens by itself."""
        return next((view for view in self.mine if view.is_default), None)

    @property
    def current(self) -> SavedView | None:
        """The view that is shown: one's own before a colleague's, one with these days before one without."""
        shown = {self.query: 0, self.undated: 1}
        fitting = [view for view in (*self.mine, *self.team) if view.query in shown]
        return min(fitting, key=lambda view: shown[view.query], default=None)

    @property
    def undated(self) -> str:
        """The same without days."""
        return urlencode([(name, text) for name, text in _pairs(QueryDict(self.query)) if name not in DAYS])

    @property
    def filters(self) -> int:
        """How many parameters cut down what is shown."""
        return sum(name not in ORDERS for name, _text in _pairs(QueryDict(self.undated)))

    @property
    def has_days(self) -> bool:
        """Whether the address names days."""
        return self.undated != self.query

    @property
    def address(self) -> str:
        """The page with what is asked for now."""
        return f"{self.page}?{self.query}" if self.query else self.page

    @property
    def everything(self) -> str:
        """The bare page: past the view that would open by itself, where there is one."""
        return f"{self.page}?{EVERYTHING}" if self.default else self.page


@dataclass(frozen=True, slots=True)
class FilteredPage:
    """A page of which views can be kept, as an address names it, and what the address asks for."""

    path: str
    door: type[FilteredDoor]
    asked: QueryDict

    @classmethod
    def at(cls, address: str) -> Self:
        """The page of an address such as `/customers/?country=SE`. Raises UnknownPageError where views aren't kept."""
        try:
            parts = urlsplit(address)
            door = getattr(resolve(parts.path).func, "view_class", None)
        except (Resolver404, ValueError):
            raise UnknownPageError(address) from None
        if not (isinstance(door, type) and issubclass(door, FilteredDoor)):
            raise UnknownPageError(address)
        return cls(parts.path, door, QueryDict(parts.query))

    def query(self, *, dated: bool) -> str:
        """What a view keeps of it."""
        return kept(self.asked, self.door.remembers, dated=dated)


def opens(view: SavedView, user: Any) -> bool:
    """Whether the view's page is still there, and open to this person."""
    try:
        return FilteredPage.at(view.address).door.opens_to(user)
    except UnknownPageError:
        return False


def kept(asked: QueryDict, remembers: Iterable[str], *, dated: bool = True) -> str:
    """What a view keeps of an address: the parameters that its page knows, in one order, those that say nothing left out."""
    known = set(remembers) - (frozenset() if dated else DAYS)
    named = sorted(_pairs(asked), key=lambda pair: pair[0])
    return urlencode([(name, text) for name, text in named if name in known and text.strip()])


def views_menu(request: HttpRequest, remembers: Iterable[str]) -> ViewsMenu:
    """The views of the page that is asked for; read once in a request."""
    found = getattr(request, "views_menu", None)
    if found is None:
        views = views_of_page(request.user, request.path)
        found = ViewsMenu(request.path, kept(request.GET, remembers), views, request.user.pk)
        request.views_menu = found  # type: ignore[attr-defined]
    return found


def _pairs(query: QueryDict) -> list[tuple[str, str]]:
    return [(name, text) for name, texts in query.lists() for text in texts]


def _led_away(request: HttpRequest, menu: ViewsMenu, error: Exception) -> HttpResponseBase:
    """To the bare page: what a view asks for may be gone, such as an owner who has left."""
    name = menu.current.name if menu.current else ""
    if isinstance(error, BadRequest):
        said = _("The view “%(name)s” can't be shown any more: %(why)s") % {"name": name, "why": error}
    else:
        said = _("The view “%(name)s” can't be shown any more: what it is about is gone.") % {"name": name}
    messages.warning(request, said)
    return redirect(f"{menu.page}?{EVERYTHING}")
