"""Who holds a licence of which SKU, whatever the subscription; and the lists and totals from which that was learnt."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from customers.held import Source
from customers.lifecycle import PeriodState
from customers.models.catalogue import Sku
from customers.models.customer import Customer, DateRange, Person
from customers.models.load import Stated, StatedByMany
from customers.models.visibility import OwnOfServedQuerySet


class StatedQuerySet(OwnOfServedQuerySet):
    """Whose statements: who made them."""

    owned_by = "stated_by"


class Holding(StatedByMany):
    """A person holds a licence of an SKU, in a state, from a day on and before another; the vendor names no subscription.

    `source` says how it is known: stated with its days (holdings.csv), or read off one series of lists. Those of a series
    are kept as long as the lists say the same, so that with `SeenList` they tell exactly who stood in which list.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    person_number = models.IntegerField()
    person = models.ForeignObject(
        Person,
        models.CASCADE,
        from_fields=["customer", "person_number"],
        to_fields=["customer", "number"],
        related_name="+",
    )
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    source = models.CharField(_("source"), max_length=24, choices=[(s.value, s.value) for s in Source])
    state = models.CharField(_("state"), max_length=24, choices=[(s.value, s.value) for s in PeriodState])
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True, help_text=_("The first day after. Empty: still."))

    objects: ClassVar = StatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("holding")
        verbose_name_plural = _("holdings")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "person_number", "sku", "valid_from", "source", "stated_by"],
                nulls_distinct=False,
                name="holding_unique",
                violation_error_message=_("A holding of this user and SKU begins on that day already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="holding_ends_after_start",
                violation_error_message=_("A holding ends after the day on which it begins."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in PeriodState]),
                name="holding_state_known",
                violation_error_message=_(
                    "A state is entitled, suspended_fraud, suspended_nonpayment, upgraded or cancelled."
                ),
            ),
            models.CheckConstraint(
                condition=Q(source__in=[s.value for s in Source]),
                name="holding_source_known",
                violation_error_message=_("A source is stated, directory, report or report_concealed."),
            ),
            # What is read off lists is apart by the way it is written, and too much to be checked one by one.
            ExclusionConstraint(
                name="holding_no_overlap",
                expressions=[
                    ("customer", RangeOperators.EQUAL),
                    ("person_number", RangeOperators.EQUAL),
                    ("sku", RangeOperators.EQUAL),
                    (Coalesce("stated_by", 0), RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(source=Source.STATED.value),
                deferrable=Deferrable.DEFERRED,
                violation_error_message=_("Holdings of the same user and SKU must not overlap."),
            ),
        ]

    def __str__(self) -> str:
        return f"customer {self.customer_id}, person {self.person_number}: SKU {self.sku_id} from {self.valid_from}"


class SeenList(StatedByMany):
    """On this day a list of who holds what was seen: of everybody of the customer, or of one person alone.

    Who stood in it is told by the `Holding` rows of its series (source and stater) that cover its day.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    day = models.DateField(_("day"))
    source = models.CharField(
        _("source"), max_length=24, choices=[(s.value, s.value) for s in Source if s is not Source.STATED]
    )
    person_number = models.IntegerField(null=True, help_text=_("Empty: complete for the customer."))

    objects: ClassVar = StatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("list seen")
        verbose_name_plural = _("lists seen")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "source", "stated_by", "person_number", "day"],
                nulls_distinct=False,
                name="list_unique",
                violation_error_message=_("This list of that day is known already."),
            ),
            models.CheckConstraint(
                condition=Q(source__in=[s.value for s in Source if s is not Source.STATED]),
                name="list_source_known",
                violation_error_message=_("A list is of the source directory, report or report_concealed."),
            ),
        ]

    def __str__(self) -> str:
        return f"customer {self.customer_id}: {self.source} of {self.day}"


class SkuTotal(Stated):
    """How many licences of an SKU the customer's tenant had on a day, whoever sold them; and how many were in use."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    enabled = models.IntegerField(_("enabled"))
    warning = models.IntegerField(_("warning"), help_text=_("In grace."))
    suspended = models.IntegerField(_("suspended"), help_text=_("Disabled."))
    locked_out = models.IntegerField(_("locked out"), null=True)
    consumed = models.IntegerField(_("consumed"), help_text=_("Evidence only: no figure rests on it."))

    objects: ClassVar = StatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("total of an SKU")
        verbose_name_plural = _("totals of SKUs")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "sku", "day", "stated_by"],
                nulls_distinct=False,
                name="sku_total_unique",
                violation_error_message=_("The same source has stated this SKU's total of that day already."),
            ),
            models.CheckConstraint(
                condition=Q(enabled__gte=0, warning__gte=0, suspended__gte=0, consumed__gte=0)
                & (Q(locked_out__isnull=True) | Q(locked_out__gte=0)),
                name="sku_total_from_0",
                violation_error_message=_("A number of licences is 0 or more."),
            ),
        ]

    def __str__(self) -> str:
        return f"customer {self.customer_id}: SKU {self.sku_id} on {self.day}"


class SeenSubscription(Stated):
    """On this day a subscription was seen as the version says that holds on it; known by its id, so that it outlives it."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=768, help_text=_("The subscription id, case folded."))
    day = models.DateField(_("day"))

    objects: ClassVar = StatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription seen")
        verbose_name_plural = _("subscriptions seen")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "key", "stated_by", "day"],
                nulls_distinct=False,
                name="subscription_seen_unique",
                violation_error_message=_("This subscription was seen on that day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"customer {self.customer_id}: {self.key} on {self.day}"
