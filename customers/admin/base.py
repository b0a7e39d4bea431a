"""What the admin classes of facts have in common: whose they are, and what their customers are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin import ChoicesFieldListFilter
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Case, Field, IntegerField, Model, OuterRef, QuerySet, Subquery, Value, When
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from customers.feed.values import canonical_guid, fold
from customers.models import Customer, CustomerProfile
from partners.admin_base import TenantAdmin
from partners.admin_corrections import CorrectionAdmin
from partners.models import belongs
from partners.permissions import Action
from partners.services.names import record_people_seen


def own_statements(queryset: QuerySet[Any], user: Any, *, customer: str = "customer") -> QuerySet[Any]:
    """What the person's own partner stated, of customers that it serves today; `customer` leads to them."""
    if not belongs(user):
        return queryset.none()
    # As a list: with two walls of sub-queries in one statement the planner loses its way in a million rows.
    served = list(Customer.objects.visible_to(user).values_list("pk", flat=True))
    return queryset.filter(**{"stated_by": user.partner_id, f"{customer}__in": served})


def called(user: Any, *, customer: str) -> Subquery:
    """What this person calls the customer that `customer` leads to: the own name, else the operator's, else the first."""
    order = Case(
        When(stated_by=user.partner_id or 0, then=Value(0)),
        When(stated_by__isnull=True, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    profiles = CustomerProfile.objects.filter(customer=OuterRef(customer)).order_by(order, "pk")
    return Subquery(profiles.values("name")[:1])


class CalledMixin:
    """Lists and pages say what a customer is called."""

    customer_path: ClassVar[str] = "customer"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With `called`, what this person calls the customer."""
        queryset = super().get_queryset(request)
        return queryset.annotate(called=called(request.user, customer=self.customer_path))

    @display(description=_("customer"))
    def customer_name(self, stored: Any) -> str:
        """What this person calls the customer."""
        return stored.called or ""


class NamingMixin:
    """Lists and pages name people: whom they name is written down (design.md, "Who may do what")."""

    shows: ClassVar[str]
    """What is listed."""

    def person_of(self, stored: Any) -> tuple[str, int]:
        """Whom a row names: the customer's id, and the person's number in it."""
        raise NotImplementedError

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """The list, once it is written down whose names it shows."""
        listed = super().get_changelist_instance(request)
        self._tell(request, listed.result_list)
        return listed

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponseBase:
        """The page of one, likewise."""
        self._tell_of(request, object_id)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """The question whether it is to be removed, likewise."""
        self._tell_of(request, object_id)
        return super().delete_view(request, object_id, extra_context)

    def _tell_of(self, request: HttpRequest, object_id: str | None) -> None:
        stored = None if object_id is None else self.get_object(request, unquote(object_id))
        if stored is not None:
            self._tell(request, [stored])

    def _tell(self, request: HttpRequest, stored: Iterable[Any]) -> None:
        people = Counter(customer for customer, _number in {self.person_of(one) for one in stored})
        record_people_seen(actor=request.user, people=people, where=f"admin, {self.shows}")


class NamedChoices(ChoicesFieldListFilter):
    """A filter by a field whose choices are codes, which says what they are called."""

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        """As they are offered."""
        words = changelist.model_admin.words[self.field.name]
        names = {code.value: name for code, name in words.items()}
        for choice in super().choices(changelist):
            yield {**choice, "display": names.get(choice["display"], choice["display"])}


class FactAdmin(CalledMixin, CorrectionAdmin):
    """Facts that somebody stated: a partner's staff reaches those of its own."""

    abstract = True
    action = Action.CORRECT_FACTS
    words: ClassVar[Mapping[str, Mapping[Any, Any]]] = {}
    """What the choices of a field are called, by field."""

    def formfield_for_choice_field(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Choices by what they are called."""
        if db_field.name in self.words:
            kwargs["choices"] = [(code.value, name) for code, name in self.words[db_field.name].items()]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """The filters; where a field has words, by these."""
        return [(name, NamedChoices) if name in self.words else name for name in super().get_list_filter(request)]

    def folded(self, term: str) -> str:
        return fold(term)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """What is a customer's id means the customer: an index finds its facts, which it can't among alternatives."""
        guid = canonical_guid(search_term.strip())
        customer = Customer.objects.filter(tenant_id=guid).values_list("pk", flat=True).first() if guid else None
        if customer is None:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(**{self.customer_path: customer}), False

    def own(self, queryset: QuerySet[Any], user: Any) -> QuerySet[Any]:
        return own_statements(queryset, user, customer=self.customer_path)

    @display(description=_("stated by"))
    def stater(self, stored: Any) -> str:
        """Who stated it."""
        return str(stored.stated_by) if stored.stated_by else str(_("the operator"))


class ChosenField(ModelChoiceField):
    """One of another class's objects, found by typing; only what the person finds there can be chosen."""

    def __init__(self, field: Any, **kwargs: Any) -> None:
        self.source = field
        super().__init__(queryset=field.remote_field.model._default_manager.none(), **kwargs)

    def label_from_instance(self, obj: Model) -> str:
        return admin.site.get_model_admin(type(obj)).label(obj)

    def open_for(self, request: HttpRequest) -> None:
        """Now that it is known who chooses."""
        related: TenantAdmin = admin.site.get_model_admin(self.source.remote_field.model)
        self.queryset = related.get_queryset(request)
        self.widget = AutocompleteSelect(self.source, admin.site)
        self.widget.is_required = self.required
        self.widget.choices = self.choices
