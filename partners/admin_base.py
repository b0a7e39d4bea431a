"""What every class of the admin site is made of: closed unless it says for whom it opens, and to what of theirs."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn
from uuid import UUID

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Field, ForeignKey, Model, Q, QuerySet
from django.forms import Field as FormField
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from partners.models import AuditEntry, operates
from partners.permissions import Action

MOST_LISTED = 10_000
ADD, CHANGE, REMOVE = "add", "change", "remove"


class BoundedPaginator(Paginator):
    """Counts no further than is leafed through: a list of millions opens as fast as one of hundreds."""

    @cached_property
    def count(self) -> int:
        """How many there are, at most MOST_LISTED."""
        return self.object_list.order_by()[:MOST_LISTED].count()


class TenantAdmin(ModelAdmin):
    """A class of the admin site. One that names neither `action` nor `operator_only` can't be made.

    The operator sees all. Others enter if they may do `action`, and find what `own` yields: everything else isn't there,
    by whatever door it is asked for. Rows are never written here: see `partners.admin_corrections`.
    """

    action: ClassVar[Action]
    operator_only: ClassVar[bool] = False
    abstract: ClassVar[bool] = True
    corrections: ClassVar[frozenset[str]] = frozenset()
    """What can be done here: ADD, CHANGE, REMOVE."""
    staff_corrections: ClassVar[frozenset[str] | None] = None
    """What others than the operator can do here; None: the same."""
    search_keys: ClassVar[tuple[str, ...]] = ()
    """Fields that are found by the whole of an id, case folded."""
    search_guids: ClassVar[tuple[str, ...]] = ()
    search_prefixes: ClassVar[tuple[str, ...]] = ()
    """Fields that are found by how they begin; of small tables only."""

    has_history: ClassVar[bool] = False
    """Whether the audit log tells of single objects here."""

    actions = None
    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 50
    sortable_by = ()
    ordering = ("-pk",)
    list_select_related = False
    save_on_top = False
    view_on_site = False
    compressed_fields = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("abstract", False):
            return
        if not cls.operator_only and not isinstance(getattr(cls, "action", None), Action):
            raise ImproperlyConfigured(
                f"{cls.__module__}.{cls.__qualname__} names no action: a door of the admin site opens by one."
            )

    # Who

    def enters(self, request: HttpRequest) -> bool:
        """Whether this person may come in here at all."""
        user = request.user
        if operates(user):
            return True
        return not self.operator_only and user.is_authenticated and user.may(self.action)

    def _may(self, request: HttpRequest, correction: str) -> bool:
        mine = self.corrections
        if self.staff_corrections is not None and not operates(request.user):
            mine = self.staff_corrections
        return correction in mine and self.enters(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.enters(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.enters(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, ADD)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, CHANGE)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, REMOVE)

    # Whose

    def own(self, queryset: QuerySet[Any], user: Any) -> QuerySet[Any]:
        """What of all rows this member of a partner's staff may see."""
        return queryset.none()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """All for the operator, the own for others, nothing for whoever may not enter."""
        queryset = super().get_queryset(request)
        if operates(request.user):
            return queryset
        return self.own(queryset, request.user) if self.enters(request) else queryset.none()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """The list; where it is longer than can be leafed through, it says so."""
        response = super().changelist_view(request, extra_context)
        listed = getattr(response, "context_data", None) or {}
        if "cl" in listed and listed["cl"].result_count == MOST_LISTED:
            sentence = _("Only the first %(most)s are listed: search for the one you mean.")
            messages.info(request, sentence % {"most": number_format(MOST_LISTED, force_grouping=True)})
        return response

    def found(self, request: HttpRequest, object_id: str) -> Any:
        """The object of an address; Http404 where there is none, or none of theirs."""
        stored = self.get_object(request, unquote(object_id))
        if stored is None:
            self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return stored

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> NoReturn:
        raise Http404(_("There is nothing here."))

    # What can be asked

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the page's own filters ask: any other lookup could feel its way to what is foreign."""
        field, _separator, how = lookup.partition("__")
        named = [name[0] if isinstance(name, tuple) else name for name in self.get_list_filter(request)]
        own_filters = {name for name in named if isinstance(name, str)}
        own_parameters = {
            name.parameter_name for name in self.get_list_filter(request) if hasattr(name, "parameter_name")
        }
        return lookup in own_parameters or (field in own_filters and how in {"", "exact", "isnull"})

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        """Objects are referred to by their key only."""
        return to_field in {self.opts.pk.name, self.opts.pk.attname}

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return (*self.search_keys, *self.search_guids, *self.search_prefixes)

    def folded(self, term: str) -> str:
        """What an id compares as."""
        return term.casefold()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By whole ids, and by how names begin: what an index answers."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if "\0" in term:
            return queryset.none(), False
        wanted = Q(pk__in=[])
        for name in self.search_keys:
            wanted |= Q(**{name: self.folded(term)})
        for name in self.search_prefixes:
            wanted |= Q(**{f"{name}__istartswith": term})
        guid = _guid(term)
        for name in self.search_guids if guid else ():
            wanted |= Q(**{name: guid})
        return queryset.filter(wanted), False

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> FormField | None:
        """Only what the person finds in the other class can be chosen."""
        kwargs["queryset"] = self.admin_site.get_model_admin(db_field.remote_field.model).get_queryset(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> FormField | None:
        """No links to pop-up windows beside a choice."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    # The record is the audit log, not the admin site's own, which keeps names of objects for ever.

    def log_addition(self, *_args: Any) -> None:
        """Nothing."""

    def log_change(self, *_args: Any) -> None:
        """Nothing."""

    def log_deletions(self, *_args: Any) -> None:
        """Nothing."""

    def entries_on(self, stored: Any) -> QuerySet[AuditEntry]:
        """What the audit log holds on an object."""
        return AuditEntry.objects.none()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        """The page of one object."""
        context = {"show_history": self.has_history, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """What the audit log holds on this object, as far as the person may read it."""
        if not self.enters(request):
            raise PermissionDenied
        stored = self.found(request, object_id)
        entries = self.entries_on(stored).select_related("actor").order_by("-at")
        if not operates(request.user):
            entries = entries.filter(pk__in=AuditEntry.objects.visible_to(request.user))
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "subtitle": str(stored),
            "opts": self.opts,
            "entries": list(entries[: self.list_per_page]),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/history.html", context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Nothing is deleted unless a class says how."""
        raise PermissionDenied

    def label(self, stored: Model) -> str:
        """What an object is called where it can be chosen."""
        return str(stored)

    def back_to(self, stored: Model) -> str:
        """The address of an object's page."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[stored.pk])

    @property
    def list_address(self) -> str:
        """The address of the list."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def say(self, request: HttpRequest, sentence: str) -> None:
        """A message on the next page."""
        messages.success(request, sentence)


def _guid(term: str) -> UUID | None:
    try:
        return UUID(term)
    except ValueError:
        return None
