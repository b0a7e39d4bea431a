"""What a partner keeps on a customer for itself: owner, tags, segment, contacts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer
from partners.models import Partner, Staff, belongs


class AccountQuerySet(models.QuerySet["Account"]):
    """Whose accounts."""

    def visible_to(self, user: Any) -> AccountQuerySet:
        """The own partner's; none for whoever is anonymous, inactive or without a partner."""
        return self.filter(partner=user.partner_id) if belongs(user) else self.none()


class Account(models.Model):
    """A partner's own data on one customer. No other partner ever sees it; the vendor's feed never changes it.

    The pair (owner, partner) is a foreign key of the database, so that nobody else's staff can own it.
    """

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="accounts")
    owner = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="accounts", help_text=_("Who looks after it.")
    )
    segment = models.CharField(
        _("segment"), max_length=256, blank=True, help_text=_("Instead of the delivered one; empty: as delivered.")
    )
    tags = ArrayField(models.CharField(max_length=64), default=list, blank=True)

    objects: ClassVar = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partner", "customer"],
                name="account_unique",
                violation_error_message=_("A partner keeps its data on a customer once."),
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["tags"], name="account_by_tag")]

    def __str__(self) -> str:
        return f"{self.partner}: customer {self.customer_id}"


class Contact(models.Model):
    """A person at the customer whom the partner talks to."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=256)
    position = models.CharField(_("position"), max_length=128, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return self.name
