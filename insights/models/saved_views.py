"""Filters that somebody keeps under a name."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from partners.models import Partner, Staff, belongs


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Whose views."""

    def visible_to(self, user: Any) -> SavedViewQuerySet:
        """One's own and those that colleagues share; none for whoever is anonymous, inactive or without a partner."""
        if not belongs(user):
            return self.none()
        return self.filter(Q(owner=user.pk) | Q(is_shared=True), partner=user.partner_id)


class SavedView(models.Model):
    """What the address of one page asked for, under a name: its owner's, or shared with all of the partner's staff.

    It gives no right: whoever opens it is judged by the page. The pair (owner, partner) is a foreign key of the database.
    """

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="+", db_index=False)
    owner = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    page = models.CharField(_("page"), max_length=200, help_text=_("Its address, such as /customers/."))
    query = models.CharField(
        max_length=2000, help_text=_("The parameters, as insights.views.filtered.kept writes them.")
    )
    name = models.CharField(_("name"), max_length=64)
    is_shared = models.BooleanField(_("shared with the team"), default=False)
    is_default = models.BooleanField(_("opens by itself"), default=False, help_text=_("For its owner alone."))

    objects: ClassVar = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints: ClassVar = [
            models.UniqueConstraint(
                "owner",
                "page",
                Lower("name"),
                name="view_name_once",
                violation_error_message=_("You have a view of this name on this page already."),
            ),
            models.UniqueConstraint(
                fields=["owner", "page"],
                condition=Q(is_default=True),
                name="view_default_once",
                violation_error_message=_("Another view opens by itself on this page."),
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(page="") & ~Q(query=""),
                name="view_named",
                violation_error_message=_("A view needs a name, a page, and something that it asks for."),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["partner", "page"], name="view_by_page")]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Where it leads."""
        return f"{self.page}?{self.query}"
