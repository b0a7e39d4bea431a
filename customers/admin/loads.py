"""Loads: what was delivered, by whom, and what came of it. Nothing in it is corrected; the whole can be undone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.formats import date_format
from django.utils.html import SafeString, format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action as button
from unfold.decorators import display

from customers.models import Load, LoadedFile
from customers.selectors.loads import called_loads, changed_customers
from customers.services.lock import LoadingError, waiting_at_most
from customers.services.undo import UndoRefusedError, may_undo, objection, undo
from partners.admin_base import TenantAdmin
from partners.admin_reason import Question, ask
from partners.failures import WrongStateError
from partners.models import Staff, operates
from partners.permissions import Action
from partners.services.corrections import CorrectionError
from partners.tenancy import operating

_COUNTS = {
    "new": _("new"),
    "changed": _("changed"),
    "unchanged": _("unchanged"),
    "retracted": _("retracted"),
    "refused": _("refused"),
    "skipped": _("skipped"),
}
PATIENCE = "5s"
"""So long the page waits for a load that is running."""


@admin.register(Load)
class LoadAdmin(TenantAdmin):
    """Deliveries: to a partner's staff its own."""

    action = Action.CORRECT_FACTS
    list_display = ("what", "kind", "stater", "started_at", "finished_at", "is_undone")
    list_select_related = ("stated_by",)
    list_filter = ("kind",)
    fields = ("what", "kind", "stater", "started_at", "finished_at", "undone_at", "came_of_it")
    actions_detail = ("undo",)

    def own(self, queryset: QuerySet[Any], user: Any) -> QuerySet[Any]:
        return queryset.visible_to(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("stated_by")

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """The list, with what the loads are called."""
        listed = super().get_changelist_instance(request)
        _name(listed.result_list, request)
        return listed

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Load | None:
        """One, with what it is called."""
        load = super().get_object(request, object_id, from_field)
        _name([load] if load else [], request)
        return load

    @display(description=_("what"))
    def what(self, load: Load) -> str:
        """The name of what was loaded, or who corrected something when."""
        return load.called

    @display(description=_("stated by"))
    def stater(self, load: Load) -> str:
        """Who delivered it."""
        return str(load.stated_by) if load.stated_by else str(_("the operator"))

    @display(description=_("undone"))
    def is_undone(self, load: Load) -> str:
        """Said only where it has been."""
        return gettext("undone") if load.undone_at else ""

    def has_undo_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether this person could undo the load now."""
        load = self.get_object(request, str(object_id)) if self.enters(request) and object_id is not None else None
        if load is None:
            return False
        with operating():
            return may_undo(actor=request.user, load=load)

    @button(description=_("Undo"), url_path="undo", icon="undo")
    def undo(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Tells what would be undone, asks why, and undoes it."""
        if not self.enters(request):
            raise PermissionDenied
        load = self.found(request, object_id)
        with operating():
            refusal = objection(load)
        if refusal is not None:
            raise WrongStateError(refusal)
        question = Question(
            title=gettext("Undo a load"),
            subtitle=load.called,
            sentence=gettext(
                "Everything becomes as if this had never been loaded; other loads stay as they are. This may take some minutes, and can't be taken back: load it again instead."
            ),
            button=gettext("Undo"),
            act=lambda reason: _undo(request.user, load, reason),
            done=gettext("The load was undone. Its figures are computed again."),
            back=self.back_to(load),
            facts=_at_stake(load, request.user),
        )
        return ask(request, self.admin_site, self.opts, question)

    # Hides the button only: the decorator would answer 403 where another partner's load is 404.
    undo.allowed_permissions = ("undo",)

    @display(description=_("files"))
    def came_of_it(self, load: Load) -> SafeString:
        """Each file: how many of its records did what."""
        head = format_html_join(
            "",
            '<th scope="col" class="text-right pl-4 font-semibold">{}</th>',
            ((label,) for label in _COUNTS.values()),
        )
        rows = format_html_join("", "<tr>{}</tr>", ((_row(file),) for file in load.files.order_by("pk")))
        return format_html('<table class="text-sm"><tr><td></td><td></td>{}</tr>{}</table>', head, rows)


def _name(loads: Iterable[Load], request: HttpRequest) -> None:
    loads = list(loads)
    names = called_loads(loads, user=request.user)
    for load in loads:
        load.called = names[load.pk]


def _undo(actor: Staff, load: Load, reason: str) -> None:
    """Undo it; what is in the way is told beside the reason."""
    try:
        with waiting_at_most(PATIENCE):
            undo(actor=actor, load=load, reason=reason)
    except UndoRefusedError as error:
        raise CorrectionError(str(error)) from error
    except LoadingError as error:
        raise CorrectionError(
            gettext("A delivery is being loaded at the moment. Please try again in a few minutes.")
        ) from error


def _at_stake(load: Load, user: Staff) -> list[tuple[str, str]]:
    """What undoing takes away: when and by whom it was loaded, and of each file how many records did what.

    How many customers it changed is the operator's to know: some may not be the partner's.
    """
    facts = [
        (gettext("stated by"), str(load.stated_by or gettext("the operator"))),
        (gettext("started at"), date_format(load.started_at, "DATETIME_FORMAT")),
    ]
    if operates(user):
        facts.append((gettext("customers whose facts it changed"), str(changed_customers(load))))
    return facts + [(file.name, _told(file)) for file in load.files.order_by("pk")]


def _told(file: LoadedFile) -> str:
    """What a file's records did, what none did left out."""
    counted = [(getattr(file, name), label) for name, label in _COUNTS.items()]
    said = [gettext("%(label)s: %(count)s") % {"label": label, "count": count} for count, label in counted if count]
    return ", ".join([str(file.get_outcome_display()), *said])


def _row(file: Any) -> SafeString:
    counts = format_html_join(
        "", '<td class="text-right pl-4 py-1">{}</td>', ((getattr(file, name),) for name in _COUNTS)
    )
    return format_html(
        '<th scope="row" class="text-left font-normal pr-4">{}</th><td>{}</td>{}',
        file.name,
        file.get_outcome_display(),
        counts,
    )
