"""Support cases and satisfaction: they belong to the partner that delivered them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer
from customers.models.load import Stated
from customers.models.visibility import OwnOfServedQuerySet
from partners.models import Partner


class SupportCase(Stated):
    """One call for help of a customer to a partner."""

    class Kind(models.TextChoices):
        HOW_TO = "how_to", _("how to do things")
        INCIDENT = "incident", _("incident")
        BILLING = "billing", _("billing")
        OTHER = "other", _("other")

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+", db_index=False)
    case_id = models.CharField(_("case id"), max_length=256, help_text=_("As first written."))
    key = models.CharField(max_length=768, help_text=_("The case id, case folded."))
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="support_cases")
    opened_on = models.DateField(_("opened on"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects: ClassVar = OwnOfServedQuerySet.as_manager()

    class Meta:
        verbose_name = _("support case")
        verbose_name_plural = _("support cases")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partner", "key"],
                name="support_case_unique",
                violation_error_message=_("This partner has a support case with that id already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["how_to", "incident", "billing", "other"]),
                name="support_case_kind_known",
                violation_error_message=_("A kind is how_to, incident, billing or other."),
            ),
        ]

    def __str__(self) -> str:
        return self.case_id


class SatisfactionResponse(Stated):
    """One answer of a customer to a partner on how content it is, from 1 to 5."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+", db_index=False)
    response_id = models.CharField(_("response id"), max_length=256, help_text=_("As first written."))
    key = models.CharField(max_length=768, help_text=_("The response id, case folded."))
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="satisfaction")
    responded_on = models.DateField(_("responded on"))
    score = models.SmallIntegerField(_("score"))
    comment = models.TextField(_("comment"), blank=True)

    objects: ClassVar = OwnOfServedQuerySet.as_manager()

    class Meta:
        verbose_name = _("satisfaction response")
        verbose_name_plural = _("satisfaction responses")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partner", "key"],
                name="satisfaction_unique",
                violation_error_message=_("This partner has a response with that id already."),
            ),
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5),
                name="satisfaction_score_1_to_5",
                violation_error_message=_("A score is a whole number from 1 to 5."),
            ),
        ]

    def __str__(self) -> str:
        return self.response_id
