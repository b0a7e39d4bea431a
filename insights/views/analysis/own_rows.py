"""What the analyses of own subscriptions share: records made when they are looked at, and parameters with few values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, overload

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.models import Sku
from customers.selectors.customers import VisibleCustomer
from insights.selectors.analysis.own import Own
from insights.selectors.analysis.told import Told
from insights.steps.shown import playbook
from insights.views.analysis.asking import Choice
from insights.views.analysis.listing import Record
from insights.window import WINDOW_DAYS
from partners.export.table import Column, Kind
from partners.templatetags.seatwise import count

NO_FILTERS_OF = ("workload", "seller")
"""Filters that mean nothing to subscriptions: they have no workload, and are one's own."""
CUSTOMER_ID = Column("customer_id", gettext_lazy("Customer id"))
CUSTOMER = Column("customer", gettext_lazy("Customer"))
SUBSCRIPTION_ID = Column("subscription_id", gettext_lazy("Subscription id"))
PART_NUMBER = Column("part_number", gettext_lazy("Part number"))
SKU = Column("sku", gettext_lazy("SKU"))
STATUS = Column("status", gettext_lazy("Status (code)"))
STATUS_NAME = Column("status_name", gettext_lazy("Status"))
LICENCES = Column("licences", gettext_lazy("Licences"), Kind.INTEGER)
IN_USE = Column("in_use", gettext_lazy("In use"), Kind.INTEGER)
COVERED_DAYS = Column("covered_days", gettext_lazy("Covered days"), Kind.INTEGER)
TOGETHER = Column("in_use_of_subscriptions", gettext_lazy("Subscriptions that share “In use”"), Kind.INTEGER)
DAYS_LEFT = Column("days_left", gettext_lazy("Days left"), Kind.INTEGER)
NEXT_STEP = Column("next_step", gettext_lazy("Next step"))

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Records(Sequence[Record], Generic[_Row]):
    """Rows of a table as records, made a part at a time when they are looked at."""

    rows: Sequence[_Row]
    made: Callable[[Sequence[_Row]], list[Record]]

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        if isinstance(index, int):
            return self.made([self.rows[index]])[0]
        return self.made(self.rows[index])


@dataclass(frozen=True, slots=True)
class Skus:
    """The SKUs that rows name, by key."""

    known: Mapping[int, Sku]

    def named(self, key: int) -> dict[str, str]:
        """The part of a record that tells of the SKU."""
        return {"part_number": self.known[key].part_number, "sku": self.known[key].name}

    @property
    def names(self) -> dict[int, str]:
        """By key what they are called."""
        return {key: sku.name for key, sku in self.known.items()}


def skus_sold(own: Own) -> Skus:
    """All SKUs of the own subscriptions, whenever, by name."""
    return Skus(dict(sorted(own.skus.items(), key=lambda pair: (pair[1].name.casefold(), pair[0]))))


def of_customer(customer: VisibleCustomer) -> dict[str, str]:
    """The part of a record that tells of the customer, and leads to its subscriptions."""
    address = reverse("customers:subscriptions", args=[customer.customer_id])
    return {"customer_id": str(customer.customer_id), "customer": customer.name, "href": address}


def of_use(row: Any) -> dict[str, Any]:
    """The part of a record that tells of its use: a lower bound below 28 covered days."""
    bound = ("in_use", "in_use_pct") if 0 < row.covered_days < WINDOW_DAYS else ()
    return {
        "in_use": row.in_use,
        "covered_days": row.covered_days,
        "in_use_of_subscriptions": row.together,
        "lower_bounds": bound,
    }


def of_step(told: Told) -> dict[str, Any]:
    """The part of a record that names its next step and leads there."""
    if told.step is None or told.rule is None:
        return {"next_step": ""}
    address = reverse("insights:step", args=[told.step])
    return {"next_step": str(playbook(told.rule).title), "links": {"next_step": address}}


def one_of(request: HttpRequest, name: str, known: Iterable[str], default: str) -> str:
    """A parameter that has few values. Raises BadRequest with a sentence."""
    values = list(known)
    text = request.GET.get(name, "").strip() or default
    if text not in values:
        message = _("%(name)s: “%(text)s” isn't known; expected one of %(known)s.")
        raise BadRequest(message % {"name": name, "text": text, "known": ", ".join(values)})
    return text


def choice_of(request: HttpRequest, name: str, label: str, words: Mapping[str, str | Promise], default: str) -> Choice:
    """The filter of such a parameter; its default is what is shown where nothing is chosen."""
    options = [(value, str(word)) for value, word in words.items() if value != default]
    return Choice(name, label, request.GET.get(name, "").strip(), str(words[default]), options)


def licences_note(licences: int, in_use: int | None) -> str:
    """How many licences a number of subscriptions stands for, and how many of them are in use, where that is known."""
    said = ngettext("%(shown)s licence", "%(shown)s licences", licences) % {"shown": count(licences)}
    if in_use is None:
        return said
    return _("%(licences)s, %(used)s in use") % {"licences": said, "used": count(in_use)}


def address_with(request: HttpRequest, **asked: str) -> str:
    """This address with other parameters, on the first page; an empty one is left out."""
    kept = request.GET.copy()
    kept.pop("page", None)
    for name, value in asked.items():
        kept.pop(name, None)
        if value:
            kept[name] = value
    return f"?{kept.urlencode()}#list"
