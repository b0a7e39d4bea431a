"""Customers, the people in them, and their relationships with partners."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.utils.translation import gettext_lazy as _

from customers.models.load import Stated
from customers.models.visibility import OwnQuerySet, ServedCustomerQuerySet
from partners.models import Partner


class DateRange(Func):
    """`daterange(first day, first day after)`; no end means: still."""

    function = "daterange"


class Customer(models.Model):
    """An organisation that buys licences. The shard: every fact carries its customer."""

    id = models.AutoField(primary_key=True)
    tenant_id = models.UUIDField(_("customer id"), unique=True, help_text=_("The customer's tenant id."))
    next_person_number = models.IntegerField(default=0, help_text=_("Numbers of people are never reused."))
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = ServedCustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")

    def __str__(self) -> str:
        return str(self.tenant_id)


class CustomerProfile(Stated):
    """A customer's name and whereabouts as the operator or one partner states them, for its own screens."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="profiles")
    name = models.CharField(_("name"), max_length=256)
    domain = models.CharField(_("domain"), max_length=256)
    country = models.CharField(_("country"), max_length=2)
    segment = models.CharField(_("segment"), max_length=256, blank=True)

    class Meta:
        verbose_name = _("customer's profile")
        verbose_name_plural = _("customers' profiles")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "stated_by"],
                nulls_distinct=False,
                name="profile_once_per_source",
                violation_error_message=_("The same source has stated this customer's profile already."),
            ),
            models.CheckConstraint(
                condition=Q(country__regex="^[A-Z]{2}$"),
                name="profile_country_code",
                violation_error_message=_("A country is written as its two-letter code of ISO 3166-1."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RelationshipQuerySet(OwnQuerySet):
    """Relationships, of whatever status and dates."""

    def confirmed(self, partner: int, day: date) -> RelationshipQuerySet:
        """The partner's (key) confirmed ones that cover `day`."""
        covers = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
        return self.filter(covers, partner=partner, status="confirmed")


class Relationship(Stated):
    """A partner serves a customer from a day on: claimed by the partner, or confirmed by the operator."""

    class Status(models.TextChoices):
        CLAIMED = "claimed", _("claimed")
        CONFIRMED = "confirmed", _("confirmed")

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="relationships")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="relationships")
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True, help_text=_("The first day after. Empty: still."))
    status = models.CharField(_("status"), max_length=16, choices=Status)

    objects: ClassVar = RelationshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("relationship")
        verbose_name_plural = _("relationships")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partner", "customer", "valid_from"],
                name="relationship_unique",
                violation_error_message=_("A relationship of this partner and customer begins on that day already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="relationship_ends_after_start",
                violation_error_message=_("A relationship ends after the day on which it begins."),
            ),
            ExclusionConstraint(
                name="relationship_no_overlap",
                expressions=[
                    ("partner", RangeOperators.EQUAL),
                    ("customer", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status="confirmed"),
                deferrable=Deferrable.DEFERRED,
                violation_error_message=_("Relationships of the same partner and customer must not overlap."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} - {self.customer} {self.valid_from}"


class Person(models.Model):
    """An identifier of a user of one customer, with a dense number in it that says which bit is his or hers.

    Where several identifiers are one person's (`Alias`), `same_as` of all but the lowest is the lowest number. Facts stay
    with the identifier by which they were stated, and are read as the one person's (docs/decisions/0015).
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="people", db_index=False, db_constraint=False)
    number = models.IntegerField(_("number"))
    user_id = models.CharField(_("user id"), max_length=256, help_text=_("As first written."))
    writer = models.IntegerField(
        null=True, help_text=_("The key of the partner that wrote it so; empty: the operator, or somebody long ago.")
    )
    key = models.CharField(max_length=768, help_text=_("The user id, case folded."))
    same_as = models.IntegerField(
        null=True, help_text=_("The lowest number of the same person; empty: it is this one, or the only one.")
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "number"],
                name="person_number_unique",
                violation_error_message=_("The number of a person is given once within a customer."),
            ),
            models.UniqueConstraint(
                fields=["customer", "key"],
                name="person_user_unique",
                violation_error_message=_("This customer has a person with that user id already."),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=0),
                name="person_number_from_0",
                violation_error_message=_("People are numbered from 0."),
            ),
            models.CheckConstraint(
                condition=Q(same_as__isnull=True) | Q(same_as__lt=F("number")),
                name="person_same_as_lower",
                violation_error_message=_("Of a person's numbers the lowest stands for all."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "same_as"], condition=Q(same_as__isnull=False), name="person_by_same_as"),
        ]

    def __str__(self) -> str:
        return _("person %(number)d of customer %(customer)d") % {"number": self.number, "customer": self.customer_id}
