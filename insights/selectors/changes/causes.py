"""What made a customer's figures change: one's own subscriptions, loads and corrections; of others only that they changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.lifecycle import Stage
from customers.models import Load, Subscription, SubscriptionVersion
from customers.selectors.customers import Reach
from customers.selectors.loads import called_loads
from customers.selectors.statements import Statement, own_statements
from customers.selectors.subscriptions import Held, OwnSubscription, own_subscriptions
from customers.words import STATUS_NAMES
from insights.selectors.changes.figures import Compared
from insights.terms import term_of
from insights.window import first_day
from partners.audit_names import without_names
from partners.audit_words import Change, line_of, told
from partners.models import AuditEntry
from partners.permissions import Action
from partners.selectors.audit import audit_entries
from partners.templatetags.seatwise import day as day_in_words
from partners.tenancy import counting

MOST_ENTRIES = 500
CORRECTED = (
    *("subscription_version", "entitlement_period", "activity", "coverage", "relationship", "left_out_mailbox"),
)
"""What corrections are about that change figures, as the audit log calls it."""


class Kind(StrEnum):
    """What sort of cause."""

    SUBSCRIPTION = "subscription"
    DELIVERY = "delivery"
    CORRECTION = "correction"
    ANOTHER_SOURCE = "another_source"


KIND_NAMES: Mapping[Kind, Promise] = {
    Kind.SUBSCRIPTION: gettext_lazy("Your subscription"),
    Kind.DELIVERY: gettext_lazy("Delivery"),
    Kind.CORRECTION: gettext_lazy("Correction"),
    Kind.ANOTHER_SOURCE: gettext_lazy("Another source"),
}


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that changed figures: from when, what, who stated it when, and why."""

    kind: Kind
    first: date
    """The first day on which it takes effect; of a correction the day on which it was made."""
    what: str | Promise
    last: date | None = None
    parts: tuple[str, ...] = ()
    """What it consists of."""
    changes: tuple[Change, ...] = ()
    """Values before and after."""
    who: str | Promise = ""
    at: datetime | None = None
    why: str | Promise = ""


def causes_between(user: Any, reach: Reach, found: Compared, *, before: date, day: date) -> list[Cause]:
    """What changed the figures of a customer that is served today between the two days, latest first.

    Four queries, and one more where an earlier correction is to be called by who made it.
    """
    of = {"partner": user.partner, "customer": reach.customer.id}
    statements = own_statements(**of, after=before, last=day, seen=first_day(before))
    reads_entries = user.may(Action.SEE_CUSTOMER_EVENTS)
    stated = [one for one in statements if not (reads_entries and _is_told(one.load, before))]
    called = called_loads([one.load for one in statements], user=user)
    loads = {one.load.pk: one.load for one in statements}
    own = own_subscriptions(user=user, day=day, customer=reach.customer.id, with_holders=False)
    causes = [
        *(event for one in own for event in _events(one, before, day, _Staters(user, loads, called))),
        *(_delivery(one, called[one.load.pk]) for one in stated),
        *(_correction(entry) for entry in (_entries(user, reach, before) if reads_entries else ())),
    ]
    causes.sort(key=lambda cause: (cause.first, cause.at or _start_of(cause.first)), reverse=True)
    return [*_others(found, is_explained=bool(causes), day=day), *causes]


def _is_told(load: Load, before: date) -> bool:
    """Whether a correction's own entry in the audit log says more: those since the first day are read there."""
    return load.kind == Load.Kind.CORRECTION and load.started_at >= _start_of(before)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


@dataclass(frozen=True, slots=True)
class _Staters:
    """Who stated a version, as far as the partner may know."""

    user: Any
    loads: Mapping[int, Load]
    called: Mapping[int, str]

    def of(self, version: SubscriptionVersion) -> tuple[str, datetime | None]:
        """What the source is called, and when it stated this."""
        load = self.loads.get(version.load_id or 0)
        if load is not None:
            return self.called[load.pk], load.started_at
        if version.stated_by_id is None:
            return _("the operator"), None
        return _("you") if version.stated_by_id == self.user.partner_id else _("another source"), None


def _events(one: OwnSubscription, before: date, day: date, staters: _Staters) -> Iterator[Cause]:
    """What happened to one's own subscription after the first day and up to the last."""
    earlier: tuple[Held, Stage] | None = None
    for held in one.history:
        for stage in held.stages:
            if before < stage.first <= day and (event := _event(one, earlier, (held, stage), staters)):
                yield event
            earlier = (held, stage)


def _event(
    one: OwnSubscription, earlier: tuple[Held, Stage] | None, now: tuple[Held, Stage], staters: _Staters
) -> Cause | None:
    """A version that begins, or one that ages; None for a version that says the same as the one before."""
    held, stage = now
    version = held.version
    what = _("%(sku)s, subscription %(id)s") % {"sku": version.sku.name, "id": one.subscription_id}
    changes = _differences(None if earlier is None else _told(*earlier), _told(*now))
    if earlier is not None and earlier[0] is held:
        why = _("The term ended on %(day)s and wasn't renewed: the state follows from that.") % {
            "day": day_in_words(version.term_end)
        }
        return Cause(Kind.SUBSCRIPTION, stage.first, what, changes=changes, who=_("nobody: it ages"), why=why)
    if not changes:
        return None
    who, at = staters.of(version)
    return Cause(Kind.SUBSCRIPTION, stage.first, what, changes=changes, who=who, at=at)


def _told(held: Held, stage: Stage) -> dict[str, Any]:
    version = held.version
    return {
        "status": str(STATUS_NAMES[stage.status]),
        "sku": version.sku.name,
        "quantity": version.quantity,
        "is_trial": version.is_trial,
        "term_end": version.term_end,
        "auto_renew": version.auto_renew,
    }


def _differences(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Of a subscription that begins what it begins with."""
    names = [name for name in after if (before or {}).get(name) != after[name]]
    return tuple(Change(name, None if before is None else told(before[name]), told(after[name])) for name in names)


def _delivery(one: Statement, called: str) -> Cause:
    return Cause(
        Kind.DELIVERY,
        one.first,
        _("Facts were delivered"),
        last=one.last if one.last > one.first else None,
        parts=tuple(_part(name, one.numbers[name]) for name in _PARTS if name in one.numbers),
        who=called,
        at=one.load.started_at,
    )


_PARTS = ("versions", "begun", "ended", "activity", "covered")


def _part(name: str, number: int) -> str:
    said = {
        "versions": ngettext("%(number)d version of a subscription", "%(number)d versions of subscriptions", number),
        "begun": ngettext("%(number)d licence handed out", "%(number)d licences handed out", number),
        "ended": ngettext("%(number)d licence taken away", "%(number)d licences taken away", number),
        "activity": ngettext("activity on %(number)d day", "activity on %(number)d days", number),
        "covered": ngettext("%(number)d covered day", "%(number)d covered days", number),
    }
    return said[name] % {"number": number}


def _entries(user: Any, reach: Reach, since: date) -> Iterable[AuditEntry]:
    """The corrections of the customer's facts since the first day, and all undone loads, latest first.

    Which customers an undone load was about isn't kept.
    """
    customer_id = str(reach.customer.customer_id)
    with counting():
        known = Subscription.objects.filter(customer=reach.customer.id).values("subscription_id")
        of_customer = Q(after__customer_id=customer_id) | Q(before__customer_id=customer_id)
        found = (
            audit_entries(user)
            .annotate(
                subscription=Coalesce(
                    KeyTextTransform("subscription_id", "after"), KeyTextTransform("subscription_id", "before")
                )
            )
            .filter(
                Q(object_type__in=CORRECTED) & of_customer
                | Q(object_type="entitlement_period", subscription__in=known)
                | Q(action="load.undo"),
                kind=AuditEntry.Kind.CUSTOMER,
                at__gte=_start_of(since),
            )
        )
        return list(found[:MOST_ENTRIES])


def _correction(entry: AuditEntry) -> Cause:
    """Nobody's name: these stand in the audit log, where who looks is written down."""
    line = line_of(without_names(entry))
    hidden = {"customer_id", "stated_by"}
    return Cause(
        Kind.CORRECTION,
        entry.at.astimezone(UTC).date(),
        line.action,
        changes=tuple(change for change in line.changes if change.name not in hidden),
        who=line.who,
        at=entry.at,
        why=entry.reason,
    )


def _others(found: Compared, *, is_explained: bool, day: date) -> list[Cause]:
    """That facts of another source changed, with the net change, and nothing else (metrics.md)."""
    net = found.others or ([] if is_explained else found.net)
    if not net:
        return []
    parts = tuple(
        _("%(figure)s: %(change)s") % {"figure": term_of(name).title, "change": f"{number:+d}".replace("-", "−")}
        for name, number in net
    )
    return [Cause(Kind.ANOTHER_SOURCE, day, _("Facts of another source changed"), parts=parts)]
