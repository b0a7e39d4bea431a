"""Fetches one file of a pull: a list page by page, or a report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any

from django.utils.translation import gettext as _

from customers.connections.client import Link, VendorClient
from customers.connections.failures import Problem, PullError
from customers.connections.storage import Round, kept, link_of


@dataclass(frozen=True)
class Wanted:
    """A file to fetch. `name` is what it is called on the way to its import; `path` where the vendor has it.

    `items` is the name under which a list's answer holds its items; empty: it is a report. `is_one`: the answer is itself the
    one item. `into` names the one file in which lists of many customers are handed over together.
    """

    name: str
    path: str
    items: str = ""
    is_one: bool = False
    into: str = ""
    link: str = ""
    """What an item's link to itself looks like, with its id to be put in: it names the customer, where the item has none."""
    beside: str = ""
    """The name of the file, with the item's id to be put in, whose one item is handed over as `provisioningStatus` of this one."""
    is_beside: bool = False
    """It is such a file, and not handed over by itself."""
    without: frozenset[str] = frozenset()
    """Ids of items that another file of the same name says more of."""
    may_lack: bool = False
    """The others go on where the vendor doesn't know this one."""

    def linked(self, item: Any) -> Any:
        """An item of the list with a link of its own."""
        if not self.link or not isinstance(item, dict):
            return item
        links = item.get("links")
        links = links if isinstance(links, dict) else {}
        own = {"uri": self.link.format(id=item.get("id", "")), "method": "GET", "headers": []}
        return item | {"links": {"self": own} | links}


@dataclass(frozen=True)
class Service:
    """One of the vendor's services: how its lists go on, and what counts against its limits before each request."""

    client: VendorClient
    following: Callable[[dict[str, Any]], Link | None]
    count: Callable[[Wanted], None]


def fetch(service: Service, part: Round, wanted: Wanted) -> None:
    """Fetch what is missing of a file. Raises PullError and LaterError; what is here already stays."""
    if part.has(wanted.name):
        return
    if wanted.items:
        fetch_list(service, part, wanted)
    else:
        _fetch_report(service, part, wanted)


def fetch_list(service: Service, part: Round, wanted: Wanted) -> None:
    """Fetch the pages of a list that are missing."""
    links = [Link(wanted.path), *(link_of(text) for text in part.links_of(wanted.name))]
    seen = {kept(_whole(service, link)) for link in links}
    link: Link | None = links[-1]
    while link is not None:
        service.count(wanted)
        page = service.client.json(link)
        if wanted.is_one:
            page = {wanted.items: [page]}
        if not isinstance(page.get(wanted.items), list):
            raise PullError(Problem.UNEXPECTED, _("%(file)s isn't built as documented.") % {"file": wanted.name})
        link = service.following(page)
        if link is not None and (address := kept(_whole(service, link))) in seen:
            raise PullError(
                Problem.UNEXPECTED, _("The pages of %(file)s go round in a circle.") % {"file": wanted.name}
            )
        if link is not None:
            seen.add(address)
        part.keep_page(wanted.name, page, link)


def _whole(service: Service, link: Link) -> Link:
    """A link with its whole address. Raises PullError where it leads to another host: before anything of the page is kept."""
    return Link(service.client.own(link.url), link.headers)


def _fetch_report(service: Service, part: Round, wanted: Wanted) -> None:
    service.count(wanted)
    with TemporaryFile() as stream:
        service.client.csv(wanted.path, stream)
        part.keep_report(wanted.name, stream)
