"""Next steps: what was suggested, what became of it, and what helps with it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from customers.models.visibility import OwnOfServedQuerySet, OwnQuerySet
from insights.steps.rules import Lack, Rule
from partners.models import Partner, Staff

RULES = [rule.value for rule in Rule]


class Suggestion(models.Model):
    """Advice that a rule gave on one customer, with the evidence as of a day, and what became of it.

    The pair (owner, partner) is a foreign key of the database, so that nobody else's staff can own it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        PLANNED = "planned", _("planned")
        PUT_OFF = "put_off", _("put off")
        DONE = "done", _("done")
        DISMISSED = "dismissed", _("dismissed")
        GONE = "gone", _("closed by itself")

    LIVE: ClassVar[tuple[str, ...]] = (State.OPEN, State.PLANNED, State.PUT_OFF)
    """The states in which something is still to be decided or done."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    rule = models.CharField(_("rule"), max_length=32, choices=[(rule, rule) for rule in RULES])
    subject = models.CharField(
        max_length=768, blank=True, help_text=_("The subscription's id, case folded. Empty: the customer as a whole.")
    )
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.OPEN)
    raised_on = models.DateField(_("raised on"), help_text=_("The as-of date on which the rule first spoke."))
    evidence_on = models.DateField(_("evidence of"), help_text=_("The as-of date of the evidence."))
    gone_on = models.DateField(
        null=True, help_text=_("The as-of date on which the reason was found gone. Empty: it holds, or isn't known.")
    )
    evidence = models.JSONField(default=list, help_text=_("What the rule found (insights.steps.rules.Fact)."))
    weight = models.IntegerField(_("weight"), help_text=_("How many licences, people or cases it is about."))
    due_on = models.DateField(_("until"), null=True, help_text=_("Of one's own subscription."))
    owner = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    planned_for = models.DateField(_("planned for"), null=True)
    planned_on = models.DateField(null=True, help_text=_("The day (UTC) on which it was planned first."))
    put_off_until = models.DateField(_("put off until"), null=True)
    closed_on = models.DateField(null=True, help_text=_("The day (UTC) on which it was done, dismissed or gone."))

    kept_when: ClassVar[Q] = Q(events__actor__isnull=False)
    """Which of them people made or decided: an undo that would take the customer away is refused for these."""

    objects: ClassVar = OwnOfServedQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partner", "customer", "rule", "subject"],
                condition=Q(state__in=["open", "planned", "put_off"]),
                name="suggestion_once",
                violation_error_message=_("This is suggested already."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "planned", "put_off", "done", "dismissed", "gone"]),
                name="suggestion_state_known",
                violation_error_message=_("A state is open, planned, put_off, done, dismissed or gone."),
            ),
            models.CheckConstraint(
                condition=Q(rule__in=RULES),
                name="suggestion_rule_known",
                violation_error_message=_(
                    "A rule is low_adoption, many_questions, renew, convert_trial, sell_more, right_size or explain_inflation."
                ),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) ^ Q(state__in=["done", "dismissed", "gone"]),
                name="suggestion_closed_on_a_day",
                violation_error_message=_(
                    "A suggestion has a day on which it was closed if it is done, dismissed or gone, and only then."
                ),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["partner", "state"], name="suggestion_by_state")]

    def __str__(self) -> str:
        return f"{self.rule} for customer {self.customer_id}"

    @property
    def is_live(self) -> bool:
        """Whether something is still to be decided or done."""
        return self.state in self.LIVE


class SuggestionEvent(models.Model):
    """One turn of a suggestion: raised, planned, done and so on; by whom, and why. Never changed."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="+", db_index=False)
    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", help_text=_("Nobody: the rules."))
    state = models.CharField(max_length=16, choices=Suggestion.State)
    day = models.DateField(null=True, help_text=_("The day planned for or put off until; of the rules the as-of date."))
    owner = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    objects: ClassVar = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("turn of a suggestion")
        verbose_name_plural = _("turns of suggestions")

    def __str__(self) -> str:
        return f"suggestion {self.suggestion_id}: {self.state}"


class Silence(models.Model):
    """A rule that couldn't speak of a customer as of the partner's last run, and what it lacked."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    rule = models.CharField(max_length=32, choices=[(rule, rule) for rule in RULES])
    lack = models.CharField(max_length=32, choices=[(lack.value, lack.value) for lack in Lack])
    as_of = models.DateField()

    objects: ClassVar = OwnOfServedQuerySet.as_manager()

    class Meta:
        verbose_name = _("silent rule")
        verbose_name_plural = _("silent rules")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partner", "customer", "rule", "lack"],
                name="silence_once",
                violation_error_message=_("What this rule lacks is known already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} on customer {self.customer_id}: {self.lack}"


class StepSettings(models.Model):
    """What a partner has decided for its next steps: thresholds that differ from the defaults, and its public page."""

    partner = models.OneToOneField(Partner, models.CASCADE, primary_key=True, related_name="+")
    thresholds = models.JSONField(default=dict, help_text=_("By name (insights.steps.thresholds), where changed."))
    link_generation = models.IntegerField(default=1, help_text=_("Counting it up ends earlier addresses."))
    last_run = models.DateField(null=True, help_text=_("The as-of date of the rules' last run."))

    objects: ClassVar = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("settings of next steps")
        verbose_name_plural = _("settings of next steps")

    def __str__(self) -> str:
        return f"partner {self.partner_id}"
