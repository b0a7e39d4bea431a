"""What helps a partner to follow a suggestion: its own playbooks, trainings, and links to pass on."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from customers.models.visibility import OwnOfServedQuerySet, OwnQuerySet
from insights.models.steps import RULES, Suggestion
from partners.models import Partner

LANGUAGES = settings.LANGUAGES


class Playbook(models.Model):
    """A partner's own advice for a rule, beside the shipped one: problem, what to consider, what to try."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="+")
    rule = models.CharField(_("rule"), max_length=32, choices=[(rule, rule) for rule in RULES])
    title = models.CharField(_("title"), max_length=128)
    problem = models.TextField(_("problem"), max_length=2000, blank=True)
    consider = models.TextField(_("what to consider"), max_length=2000, blank=True)
    attempt = models.TextField(_("what to try"), max_length=2000)

    objects: ClassVar = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("playbook")
        verbose_name_plural = _("playbooks")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(rule__in=RULES),
                name="playbook_rule_known",
                violation_error_message=_(
                    "A rule is low_adoption, many_questions, renew, convert_trial, sell_more, right_size or explain_inflation."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(title=""), name="playbook_titled", violation_error_message=_("A playbook has a title.")
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Course(models.Model):
    """A training that a partner offers."""

    class Kind(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        ONLINE = "online", _("online")

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="+")
    title = models.CharField(_("title"), max_length=128)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    language = models.CharField(_("language"), max_length=16, choices=LANGUAGES)
    link = models.URLField(_("link"), max_length=500, blank=True)

    objects: ClassVar = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["in_person", "online"]),
                name="course_kind_known",
                violation_error_message=_("A course is in_person or online."),
            ),
            models.CheckConstraint(
                condition=~Q(title=""), name="course_titled", violation_error_message=_("A course has a title.")
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TrainingSession(models.Model):
    """A course held for one customer: when, how many were invited, how many came."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="+", db_index=False)
    course = models.ForeignKey(Course, models.CASCADE, related_name="sessions")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    suggestion = models.ForeignKey(Suggestion, models.SET_NULL, null=True, related_name="sessions")
    held_on = models.DateField(_("date"))
    invited = models.IntegerField(_("invited"))
    attended = models.IntegerField(_("attended"), null=True, blank=True, help_text=_("Empty: not known yet."))

    kept_when: ClassVar[Q] = Q()
    """Which of them people made or decided: an undo that would take the customer away is refused for these."""

    objects: ClassVar = OwnOfServedQuerySet.as_manager()

    class Meta:
        verbose_name = _("training session")
        verbose_name_plural = _("training sessions")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(invited__gte=0),
                name="session_invited_from_0",
                violation_error_message=_("A number of people invited is 0 or more."),
            ),
            models.CheckConstraint(
                condition=Q(attended__isnull=True) | Q(attended__gte=0),
                name="session_attended_from_0",
                violation_error_message=_("A number of people who came is 0 or more."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} on {self.held_on}"


class SelfServiceLink(models.Model):
    """A page with answers that a partner passes on to customers."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="+")
    title = models.CharField(_("title"), max_length=128)
    language = models.CharField(_("language"), max_length=16, choices=LANGUAGES)
    address = models.URLField(_("address"), max_length=500)
    product = models.CharField(_("product"), max_length=64, blank=True)

    objects: ClassVar = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("self-service link")
        verbose_name_plural = _("self-service links")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(title=""), name="link_titled", violation_error_message=_("A link has a title.")
            ),
            models.CheckConstraint(
                condition=Q(address__iregex="^https?://"),
                name="link_to_the_web",
                violation_error_message=_("An address begins with http:// or https://."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
