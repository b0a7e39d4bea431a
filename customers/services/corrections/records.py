"""The records of a feed that can be corrected one by one: versions, periods, support cases, satisfaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext as _

from customers.feed.files.entitlements import ENTITLEMENTS
from customers.feed.files.service import SATISFACTION, SUPPORT_CASES
from customers.feed.files.subscriptions import SUBSCRIPTIONS
from customers.feed.values import fold
from customers.models import EntitlementPeriod, SatisfactionResponse, Subscription, SubscriptionVersion, SupportCase
from customers.selectors.people import numbers_of, spelt
from customers.services.corrections.loading import LoadedFact
from partners.models import Partner
from partners.services.corrections import STATED_BY, Cells, CorrectionError, register
from partners.tenancy import operating

EXTERNAL = "external"


def cell(value: Any) -> str:
    """A value as a feed writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        whole, _point, decimals = f"{value:.4f}".partition(".")
        decimals = decimals.rstrip("0")
        return f"{whole}.{decimals}" if decimals else whole
    return str(value)


def source_cell(partner: Partner | None) -> str | None:
    """Who stated a fact, as its cell says it."""
    return None if partner is None else str(partner.partner_id)


def stated(cells: Cells) -> Q:
    """Stated by the source that `cells` names."""
    guid = cells[STATED_BY]
    return Q(stated_by__isnull=True) if guid is None else Q(stated_by__partner_id=guid)


class VersionFact(LoadedFact):
    """A version of a subscription."""

    name = "subscription_version"
    key = ("subscription_id", "effective_on", "customer_id", STATED_BY)
    file = SUBSCRIPTIONS
    _PLAIN: ClassVar = (
        "effective_on", "status", "quantity", "is_trial", "term_end", "auto_renew", "cancel_until", "unit_price",
        "currency",
    )  # fmt: skip

    def find(self, cells: Cells) -> SubscriptionVersion | None:
        return (
            SubscriptionVersion.objects.filter(
                stated(cells),
                subscription__key=fold(cells["subscription_id"]),
                subscription__customer__tenant_id=cells["customer_id"],
                effective_on=cells["effective_on"],
            )
            .select_related("subscription__customer", "seller", "sku", "stated_by")
            .first()
        )

    def cells_of(self, stored: SubscriptionVersion) -> dict[str, Any]:
        return {
            "subscription_id": stored.subscription.subscription_id,
            "customer_id": str(stored.subscription.customer.tenant_id),
            "seller": str(stored.seller.partner_id) if stored.seller else EXTERNAL,
            "sku_id": str(stored.sku.sku_id),
            STATED_BY: source_cell(stored.stated_by),
        } | {name: cell(getattr(stored, name)) for name in self._PLAIN}

    def check(self, *, before: Cells | None, after: Cells | None) -> None:
        """The last version takes all periods with it, whoever stated them: that would be more than undoing can put back."""
        stored = self.find(before) if before is not None and after is None else None
        if stored is None or stored.subscription.versions.count() > 1:
            return
        if EntitlementPeriod.objects.filter(subscription=stored.subscription, allotted=False).exists():
            raise CorrectionError(
                _(
                    "This is the subscription's only version, and licences hang on it: remove its entitlement periods first."
                )
            )


class PeriodFact(LoadedFact):
    """An entitlement period."""

    name = "entitlement_period"
    key = ("subscription_id", "user_id", "from", STATED_BY)
    file = ENTITLEMENTS

    def find(self, cells: Cells) -> EntitlementPeriod | None:
        return self._stored(cells, Q(person__key=fold(cells["user_id"]))) or self._of_same_person(cells)

    def _stored(self, cells: Cells, person: Q) -> EntitlementPeriod | None:
        return (
            EntitlementPeriod.objects.filter(
                stated(cells),
                person,
                allotted=False,
                subscription__key=fold(cells["subscription_id"]),
                valid_from=cells["from"],
            )
            .select_related("subscription", "person", "stated_by")
            .order_by("subscription__aside", "pk")
            .first()
        )

    def _of_same_person(self, cells: Cells) -> EntitlementPeriod | None:
        """What was stated by another identifier of the person (docs/decisions/0015)."""
        same = Q()
        for subscription in Subscription.objects.filter(key=fold(cells["subscription_id"])):
            numbers = numbers_of(customer=subscription.customer_id, user_id=cells["user_id"])[1:]
            if numbers:
                same |= Q(customer=subscription.customer_id, person_number__in=numbers)
        return self._stored(cells, same) if same else None

    def cells_of(self, stored: EntitlementPeriod) -> dict[str, Any]:
        return {
            "subscription_id": stored.subscription.subscription_id,
            "user_id": spelt(stored.person.user_id, stored.person.writer, partner=stored.stated_by_id),
            "from": cell(stored.valid_from),
            "state": stored.state,
            "to": cell(stored.valid_to),
            STATED_BY: source_cell(stored.stated_by),
        }

    def customers(self, told: Sequence[Cells]) -> list[str]:
        """A period's cells name the subscription only, and perhaps another seller's."""
        keys = {cells["subscription_id"]: fold(cells["subscription_id"]) for cells in told}
        with operating():
            known = Subscription.objects.filter(key__in=set(keys.values())).order_by("-aside", "-pk")
            found = {key: str(customer) for key, customer in known.values_list("key", "customer__tenant_id")}
        return [found.get(keys[cells["subscription_id"]], "") for cells in told]


class ServiceFact(LoadedFact):
    """A record that belongs to the partner that delivered it."""

    model: ClassVar[type[SupportCase] | type[SatisfactionResponse]]
    plain: ClassVar[tuple[str, ...]]

    def find(self, cells: Cells) -> Any | None:
        return (
            self.model.objects.filter(
                stated(cells), partner__partner_id=cells["partner_id"], key=fold(cells[self.plain[0]])
            )
            .select_related("partner", "customer", "stated_by")
            .first()
        )

    def cells_of(self, stored: Any) -> dict[str, Any]:
        return {
            "partner_id": str(stored.partner.partner_id),
            "customer_id": str(stored.customer.tenant_id),
            STATED_BY: source_cell(stored.stated_by),
        } | {name: cell(getattr(stored, name)) for name in self.plain}

    def partner(self, cells: Cells) -> Partner | None:
        return Partner.objects.get(partner_id=cells["partner_id"])


class SupportCaseFact(ServiceFact):
    """A support case."""

    name = "support_case"
    key = ("partner_id", "case_id", STATED_BY)
    file = SUPPORT_CASES
    model = SupportCase
    plain = ("case_id", "opened_on", "kind", "closed_on")


class SatisfactionFact(ServiceFact):
    """An answer on satisfaction."""

    name = "satisfaction_response"
    key = ("partner_id", "response_id", STATED_BY)
    file = SATISFACTION
    model = SatisfactionResponse
    plain = ("response_id", "responded_on", "score", "comment")


VERSION = register(VersionFact())
PERIOD = register(PeriodFact())
SUPPORT_CASE = register(SupportCaseFact())
SATISFACTION_RESPONSE = register(SatisfactionFact())
