"""What an address asks about figures: the as-of date, the grain, the seller, the filters. Errors name the parameter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from customers.selectors.left_out import skus_left_out
from insights.asof import asof
from insights.grain import By
from insights.selectors.effect import effect
from insights.selectors.insight_rows import Question, Seller
from insights.selectors.left_out import NO_EFFECT, Effect
from insights.selectors.portfolio import Catalogue, FilterError, read_filters

FILTERS = ("family", "sku", "workload", "country", "segment", "owner", "tag")
COUNTED = "counted"
"""In an address, of `left_out`: count also what the partner leaves out."""
_Choice = TypeVar("_Choice", bound=StrEnum)


def question_of(request: HttpRequest, catalogue: Catalogue, *, names: Sequence[str] = FILTERS) -> Question:
    """The portfolio's question: by customer unless a family or SKU is asked for; workload any unless one is.

    `names`: the filters that the page knows. Raises BadRequest with a sentence that names the parameter.
    """
    by, partner = by_of(request), request.user.partner
    params = {"workload": "any"} | {name: text for name in names if (text := request.GET.get(name, "").strip())}
    try:
        filters = read_filters(params, partner=partner, by=by, catalogue=catalogue)
    except FilterError as error:
        raise BadRequest(str(error)) from None
    return Question(partner, asof(request), by, seller_of(request), filters, left_out_of(request).skus)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The SKUs (keys) that a page leaves out, and what a page says of it."""

    known: frozenset[int]
    """What the partner leaves out."""
    counted: bool
    """Whether the address asks to count it all the same."""
    effect: Effect = NO_EFFECT

    @property
    def skus(self) -> frozenset[int]:
        """What is left out here."""
        return frozenset() if self.counted else self.known


def left_out_of(request: HttpRequest) -> LeftOut:
    """What the partner leaves out of its pages, unless the address asks to count it."""
    return LeftOut(skus_left_out(partner=request.user.partner), request.GET.get("left_out", "").strip() == COUNTED)


def left_out_of_figures(request: HttpRequest, question: Question, customers: Sequence[int]) -> LeftOut:
    """The same with what it takes away from the figures of these customers (keys)."""
    counted = request.GET.get("left_out", "").strip() == COUNTED
    known = skus_left_out(partner=question.partner) if counted else question.left_out
    return LeftOut(known, counted, effect(question, customers=customers))


def by_of(request: HttpRequest) -> By:
    """What a row stands for: never coarser than the family or SKU that is asked for. Raises BadRequest."""
    asked = choice_of(request, "by", By, By.ALL)
    if request.GET.get("sku", "").strip():
        return By.SKU
    return By.FAMILY if asked is By.ALL and request.GET.get("family", "").strip() else asked


def seller_of(request: HttpRequest) -> Seller:
    """Whose subscriptions are counted. Raises BadRequest."""
    return choice_of(request, "seller", Seller, Seller.ALL)


def kept_of(query: QueryDict, *names: str, **more: str) -> str:
    """These parameters of an address, where they are said, and some more: for links that keep the question."""
    said = {name: query[name] for name in names if query.get(name)}
    return urlencode(said | more)


def choice_of(request: HttpRequest, name: str, kind: type[_Choice], default: _Choice) -> _Choice:
    """One of the values of `kind`, by the parameter of that name. Raises BadRequest that names it."""
    text = request.GET.get(name, "").strip()
    try:
        return kind(text) if text else default
    except ValueError:
        known = ", ".join(kind)
        message = _("%(name)s: “%(text)s” isn't known; expected one of %(known)s.")
        raise BadRequest(message % {"name": name, "text": text, "known": known}) from None
