"""What the address of an analysis asks: the question of the portfolio, the day to compare with, and the trend's range."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.translation import gettext as _

from customers.clock import today
from customers.models import Family, Sku
from customers.selectors.customers import VisibleCustomer, relationships_between
from insights.points import DAYS_BY_DAY, MOST_MONTHS, Span, months_before, span_before
from insights.selectors.analysis.freshness import Freshness, first_stored, freshness
from insights.selectors.analysis.skus import held
from insights.selectors.insight_rows import Question, Words
from insights.selectors.portfolio import NOBODY, Catalogue, read_catalogue
from insights.views.questions import FILTERS, question_of
from partners.days import BadDayError, read_day
from partners.tenancy import counting

WINDOW_BACK = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Scene:
    """What every analysis knows of its address, and whom it is about."""

    question: Question
    before: date
    """The day that the as-of date is compared with: `with`, else 28 days earlier."""
    span: Span
    """The trend's range."""
    words: Words
    """SKUs: what the offered customers hold, by name."""
    relationships: list[VisibleCustomer]
    """Those that the filters leave, once for each relationship in the span, on the as-of date or on the day before."""
    offered: list[VisibleCustomer]
    """All customers that the partner may see as of the day, whatever the filters."""

    fresh: Freshness
    """What is stored of all of them on all days of the page; of own subscriptions nothing is."""

    @property
    def day(self) -> date:
        """The as-of date."""
        return self.question.day

    @property
    def customers(self) -> list[VisibleCustomer]:
        """Those that the filters leave, as of the day."""
        return self.seen_on(self.day)

    def seen_on(self, day: date) -> list[VisibleCustomer]:
        """Those of them that the partner may see as of that day."""
        return [customer for customer in self.relationships if customer.covers(day)]


def scene_of(request: HttpRequest, *, days_back: int = 0, only_own: bool = False) -> Scene:
    """The scene of an address; its relationships reach so many days back from the as-of date, and up to today.

    `only_own`: of own subscriptions, without workloads, and without the SKUs that customers hold from anybody. Raises
    BadRequest with a sentence that names the parameter.
    """
    catalogue = Catalogue(Family.objects.in_bulk(), {}) if only_own else read_catalogue()
    known = [name for name in FILTERS if not (only_own and name == "workload")]
    question = question_of(request, catalogue, names=known)
    before, span = _before(request, question.day), _span(request, question, only_own=only_own)
    first = min(before, span.first, question.day - timedelta(days=days_back))
    last = max(question.day, span.last, before, today())
    every = relationships_between(partner=question.partner, first=first, last=last)
    offered = [customer for customer in every if customer.covers(question.day)]
    with counting():
        asked = [] if only_own else [one.id for one in every]
        fresh = freshness(customers=asked, days=[question.day, before, *span.days])
    skus = {} if only_own else _skus(question, offered, fresh)
    return Scene(
        question=question,
        before=before,
        span=span,
        words=Words(catalogue.families, catalogue.workloads, skus),
        relationships=question.filters.among(every),
        offered=offered,
        fresh=fresh,
    )


def _skus(question: Question, customers: Iterable[VisibleCustomer], fresh: Freshness) -> dict[int, Sku]:
    keys = [customer.id for customer in customers]
    found = held(partner=question.partner.pk, customers=keys, day=question.day, fresh=fresh)
    return {sku.pk: sku for sku in found}


def _before(request: HttpRequest, day: date) -> date:
    return _day(request, "with") or day - WINDOW_BACK


def _span(request: HttpRequest, question: Question, *, only_own: bool) -> Span:
    last = _day(request, "to") or question.day
    first = _day(request, "from") or _first(question, last, only_own=only_own)
    oldest = months_before(last, MOST_MONTHS)
    if first > last:
        raise BadRequest(_("from: expected a day up to %(last)s, the trend's last day.") % {"last": last.isoformat()})
    if first < oldest:
        message = _("from: a trend goes back %(months)d months at most; expected a day from %(oldest)s.")
        raise BadRequest(message % {"months": MOST_MONTHS, "oldest": oldest.isoformat()})
    return Span(first, last)


def _first(question: Question, last: date, *, only_own: bool) -> date:
    """Where a trend begins if nobody says it: two years back; day by day while the oldest stored figures are weeks old.

    Own subscriptions tell their past themselves.
    """
    longest = span_before(last).first
    if only_own:
        return longest
    with counting():
        stored = first_stored(partner=question.partner.pk)
    day_by_day = last - timedelta(days=DAYS_BY_DAY)
    return min(stored, last - WINDOW_BACK) if stored and stored >= day_by_day else longest


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.GET.get(name, "").strip()
    try:
        return read_day(text) if text else None
    except BadDayError as error:
        raise BadRequest(f"{name}: {error}") from None


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter: what it offers as pairs (value, label), what is chosen, and what is shown where nothing is."""

    name: str
    label: str
    chosen: str
    every: str
    options: list[tuple[str, str]]


def choices(request: HttpRequest, scene: Scene, *, without: Iterable[str] = ()) -> list[Choice]:
    """The filters of an analysis, as the portfolio has them; those `without` aren't offered."""
    words, offered, left = scene.words, scene.offered, set(without)
    families = {family.code: family.name for family in words.families.values() if family.in_insights}
    owners = {str(customer.owner_id): customer.owner for customer in offered if customer.owner_id}
    offers = {
        "family": (_("Family"), _by_label(families)),
        "sku": (_("SKU"), [(str(sku.sku_id), sku.name) for sku in words.skus.values()]),
        "workload": (_("Workload"), _by_label({one.code: one.name for one in words.workloads.values()})),
        "country": (_("Country"), _texts({customer.country for customer in offered})),
        "segment": (_("Segment"), _texts({customer.segment for customer in offered})),
        "owner": (_("Owner"), [*_by_label(owners), (NOBODY, _("Nobody"))]),
        "tag": (_("Tag"), _texts({tag for customer in offered for tag in customer.tags})),
        "seller": (_("Sold by"), [("us", _("us"))]),
    }
    every = {"workload": _("Any"), "seller": _("Anybody")}
    return [
        Choice(name, label, request.GET.get(name, "").strip(), every.get(name, _("All")), options)
        for name, (label, options) in offers.items()
        if name not in left
    ]


def _texts(found: set[str]) -> list[tuple[str, str]]:
    return [(text, text) for text in sorted(found - {""}, key=str.casefold)]


def _by_label(names: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(names.items(), key=lambda pair: pair[1].casefold())
