"""Who is who within a customer: which identifiers are one person's, and who is a mailbox and no person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer
from customers.models.load import StatedByMany
from customers.models.visibility import OwnOfServedQuerySet
from partners.models import Partner, Staff


class AccountKind(models.TextChoices):
    """What a user account is for, as the vendor says."""

    USER = "user", _("user")
    SHARED = "shared", _("shared mailbox")
    ROOM = "room", _("room mailbox")
    EQUIPMENT = "equipment", _("equipment mailbox")
    SERVICE = "service", _("service account")
    GUEST = "guest", _("guest")


MAILBOXES = (AccountKind.SHARED, AccountKind.ROOM, AccountKind.EQUIPMENT, AccountKind.SERVICE)
"""The kinds behind which nobody sits: suggested to be left out."""


class Alias(StatedByMany):
    """What a source said of a user: this user id and, where there is one, this principal name are one person.

    Both are numbers of `Person`. Rows are kept when the principal name changes: a former name stays the person's. What a
    source says of a user now is in its row with the highest `load`, then id.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    person_number = models.IntegerField(help_text=_("Of the user id."))
    name_number = models.IntegerField(null=True, help_text=_("Of the principal name; empty: none was said."))
    display_name = models.CharField(max_length=256, blank=True)
    mailbox = models.CharField(max_length=16, blank=True, choices=AccountKind)
    is_deleted = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "person_number", "name_number", "stated_by"],
                nulls_distinct=False,
                name="alias_unique",
                violation_error_message=_("The same source has said this already."),
            ),
            models.CheckConstraint(
                condition=Q(name_number__isnull=True) | ~Q(name_number=models.F("person_number")),
                name="alias_of_another",
                violation_error_message=_("An identifier is no alias of itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"customer {self.customer_id}: {self.person_number} is {self.name_number}"


class LeftOutQuerySet(OwnOfServedQuerySet):
    """Who left somebody out."""


class LeftOutPerson(models.Model):
    """A mailbox that isn't counted among a customer's people: neither what it holds nor what it did.

    Known by the user id and not by number, so that it stays left out when what named it first is undone and comes again.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, db_index=False, related_name="+", help_text=_("Empty: the operator.")
    )
    user_id = models.CharField(_("user id"), max_length=256)
    key = models.CharField(max_length=768, help_text=_("The user id, case folded."))
    mailbox = models.CharField(_("kind"), max_length=16, choices=AccountKind)
    reason = models.CharField(_("reason"), max_length=256)
    left_out_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    left_out_at = models.DateTimeField()

    kept_when: ClassVar[Q] = Q()
    """Which of them people made or decided: an undo that would take the customer away is refused for these."""

    objects: ClassVar = LeftOutQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailbox left out")
        verbose_name_plural = _("mailboxes left out")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "key", "partner"],
                nulls_distinct=False,
                name="left_out_person_once",
                violation_error_message=_("This mailbox is left out already."),
            ),
        ]

    def __str__(self) -> str:
        return f"customer {self.customer_id}: {self.pk}"
