"""Subscriptions, their versions, and who was entitled to a licence of them from when to when."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Q
from django.utils.translation import gettext_lazy as _

from customers.lifecycle import PeriodState, Status
from customers.models.catalogue import Sku
from customers.models.customer import Customer, DateRange, Person
from customers.models.load import Stated, StatedByMany
from customers.models.visibility import OwnOfServedQuerySet
from partners.models import Partner


class SubscriptionQuerySet(OwnOfServedQuerySet):
    """Whose subscriptions: who sold them. What is kept aside counts nowhere, and has no seller."""

    owned_by = "seller"


class Subscription(models.Model):
    """A customer's purchase from one seller. What it was when is in its versions.

    `seller` follows from the versions: the partner that any of them names, else nobody known (`external`). Where a
    partner reports an id that belongs to another customer, its record is kept `aside` and counts nowhere (feed.md).
    """

    subscription_id = models.CharField(_("subscription id"), max_length=256, help_text=_("As first written."))
    key = models.CharField(max_length=768, help_text=_("The subscription id, case folded."))
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="subscriptions")
    seller = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+", help_text=_("Empty: external."))
    aside = models.BooleanField(default=False)

    objects: ClassVar = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(aside=False),
                name="subscription_unique",
                violation_error_message=_("A subscription with this id is known already."),
            ),
            models.UniqueConstraint(
                fields=["key", "customer"],
                name="subscription_once_per_customer",
                violation_error_message=_("This customer has a subscription with that id already."),
            ),
            models.UniqueConstraint(
                fields=["id", "customer"],
                name="subscription_of_customer",
                violation_error_message=_("A subscription keeps its customer for life."),
            ),
            models.CheckConstraint(
                condition=Q(aside=False) | Q(seller__isnull=True),
                name="subscription_aside_is_external",
                violation_error_message=_("Only what others state as external is kept aside."),
            ),
        ]

    def __str__(self) -> str:
        return self.subscription_id


class SubscriptionVersion(Stated):
    """What a subscription is from a day on, until its next version.

    `aside`: stated as `external` by somebody else than its seller, whose own statement holds; it counts nowhere.
    """

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="versions", db_index=False)
    effective_on = models.DateField(_("effective on"))
    seller = models.ForeignKey(
        Partner, models.PROTECT, null=True, db_index=False, related_name="+", help_text=_("Empty: external.")
    )
    aside = models.BooleanField(default=False)
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=16, choices=[(s.value, s.value) for s in Status])
    quantity = models.IntegerField(_("quantity"))
    is_trial = models.BooleanField(_("trial"))
    term_end = models.DateField(_("term end"), null=True, blank=True)
    auto_renew = models.BooleanField(_("renews by itself"), null=True, blank=True)
    cancel_until = models.DateField(_("can be cancelled until"), null=True, blank=True)
    unit_price = models.DecimalField(_("unit price"), max_digits=260, decimal_places=4, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)

    class Meta:
        verbose_name = _("subscription version")
        verbose_name_plural = _("subscription versions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subscription", "effective_on"],
                condition=Q(aside=False),
                name="version_unique",
                violation_error_message=_("A version of this subscription takes effect on that day already."),
            ),
            models.UniqueConstraint(
                fields=["subscription", "effective_on"],
                condition=Q(aside=True),
                name="version_aside_unique",
                violation_error_message=_("Another source has stated a version of that day already."),
            ),
            models.CheckConstraint(
                condition=Q(aside=False) | Q(seller__isnull=True),
                name="version_aside_is_external",
                violation_error_message=_("Only what others state as external is kept aside."),
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=0),
                name="version_quantity_from_0",
                violation_error_message=_("A quantity is 0 or more."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in Status]),
                name="version_status_known",
                violation_error_message=_("A status is active, grace, disabled or deprovisioned."),
            ),
            models.CheckConstraint(
                condition=Q(currency__regex="^([A-Z]{3})?$"),
                name="version_currency_code",
                violation_error_message=_("A currency is written as its three-letter code of ISO 4217."),
            ),
            models.CheckConstraint(
                condition=Q(unit_price__isnull=True) | Q(unit_price__gte=0),
                name="version_price_from_0",
                violation_error_message=_("A unit price is 0 or more."),
            ),
        ]

    def __str__(self) -> str:
        said = {"subscription": self.subscription, "day": self.effective_on}
        return _("%(subscription)s from %(day)s") % said


class EntitlementPeriod(StatedByMany):
    """A licence of a subscription is in a state for a person, from a day on and before another.

    The pairs (customer, person) and (customer, subscription) are foreign keys of the database, so that nobody can hold
    a licence of another customer.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    subscription = models.ForeignKey(
        Subscription, models.CASCADE, related_name="periods", db_index=False, db_constraint=False
    )
    person_number = models.IntegerField()
    person = models.ForeignObject(
        Person,
        models.CASCADE,
        from_fields=["customer", "person_number"],
        to_fields=["customer", "number"],
        related_name="periods",
    )
    state = models.CharField(_("state"), max_length=24, choices=[(s.value, s.value) for s in PeriodState])
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True, help_text=_("The first day after. Empty: still."))
    allotted = models.BooleanField(
        _("allotted"),
        default=False,
        db_default=False,
        help_text=_("Nobody said which subscription: it follows from who holds the SKU (customers.allotment)."),
    )

    class Meta:
        verbose_name = _("entitlement period")
        verbose_name_plural = _("entitlement periods")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "subscription", "person_number", "valid_from"],
                name="period_unique",
                violation_error_message=_("A period of this subscription and user begins on that day already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="period_ends_after_start",
                violation_error_message=_("A period ends after the day on which it begins."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in PeriodState]),
                name="period_state_known",
                violation_error_message=_(
                    "A state is entitled, suspended_fraud, suspended_nonpayment, upgraded or cancelled."
                ),
            ),
            models.CheckConstraint(
                condition=Q(allotted=False) | Q(stated_by__isnull=True, load__isnull=True),
                name="period_allotted_by_nobody",
                violation_error_message=_("What is allotted was stated by nobody."),
            ),
            # What is allotted is apart by the way it is computed, and a million rows at once.
            ExclusionConstraint(
                name="period_no_overlap",
                expressions=[
                    ("subscription", RangeOperators.EQUAL),
                    ("person_number", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(allotted=False),
                deferrable=Deferrable.DEFERRED,
                violation_error_message=_("Periods of the same subscription and user must not overlap."),
            ),
        ]

    def __str__(self) -> str:
        said = {"subscription": self.subscription_id, "person": self.person_number, "day": self.valid_from}
        return _("%(subscription)s, person %(person)s, from %(day)s") % said
