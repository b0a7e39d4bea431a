"""The admin site's classes for tenants, their staff, API tokens and the audit log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.html import SafeString, format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action as button
from unfold.decorators import display

from partners.admin_base import ADD, CHANGE, TenantAdmin
from partners.admin_corrections import CorrectionAdmin
from partners.admin_reason import Question, ask
from partners.audit_names import sees_names, without_names
from partners.audit_words import told_cell
from partners.cell_names import cell_name
from partners.failures import WrongStateError
from partners.models import ApiToken, AuditEntry, Partner, Staff
from partners.permissions import Action
from partners.selectors.audit import NAMING
from partners.services.corrections import Cells, CorrectionError, may_undo, undo
from partners.services.names import people_named, record_people_seen
from partners.services.partner_corrections import PARTNER
from partners.services.staff import deactivate, reactivate
from partners.services.tokens import revoke_token


@admin.register(Partner)
class PartnerAdmin(CorrectionAdmin):
    """Tenants: the operator's."""

    operator_only = True
    corrections = frozenset({ADD, CHANGE})
    fact = PARTNER
    shown = ("partner_id", "created_at")
    changed = ("name", "slug", "second_factor_required")
    added = ("partner_id", *changed)
    list_display = ("name", "slug", "second_factor_required", "created_at")
    search_guids = ("partner_id",)
    search_prefixes = ("name", "slug")

    def after(self, cleaned: dict[str, Any], before: Cells | None, actor: Staff) -> dict[str, Any]:
        key = before or {"partner_id": str(cleaned["partner_id"])}
        return {**key, **{name: cleaned[name] for name in self.changed}}


@admin.register(Staff)
class StaffAdmin(TenantAdmin):
    """People who sign in: the operator's. Their partners manage them in the pages."""

    operator_only = True
    list_display = ("email", "partner", "shown_roles", "is_active", "last_login")
    list_filter = ("is_active",)
    list_select_related = ("partner",)
    search_prefixes = ("email", "partner__slug")
    fields = (
        *("email", "first_name", "last_name", "language", "partner", "shown_roles", "is_active"),
        *("last_login", "date_joined"),
    )
    actions_detail = ("deactivate", "reactivate")

    @display(description=_("roles"))
    def shown_roles(self, staff: Staff) -> str:
        """All roles in a line."""
        return gettext("operator") if staff.is_superuser else ", ".join(staff.roles)

    def has_deactivate_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether this person could be shut out now."""
        return self._is(request, object_id, active=True)

    def has_reactivate_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether this person could be let in again now."""
        return self._is(request, object_id, active=False)

    def _is(self, request: HttpRequest, object_id: str | None, *, active: bool) -> bool:
        if not self.enters(request) or object_id is None:
            return False
        staff = self.get_object(request, str(object_id))
        return staff is not None and staff.partner_id is not None and staff.is_active == active

    @button(description=_("Deactivate"), url_path="deactivate", permissions=["deactivate"], icon="person_off")
    def deactivate(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Sessions, API tokens and invitations of the person end at once."""
        staff = self.found(request, object_id)
        question = Question(
            title=gettext("Deactivate a member of staff"),
            subtitle=staff.email,
            sentence=gettext("Sessions and API tokens of this person end at once, and tokens don't come back."),
            button=gettext("Deactivate"),
            act=lambda reason: _allowed(deactivate, actor=request.user, staff=staff, reason=reason),
            done=gettext("%(email)s can't sign in any more.") % {"email": staff.email},
            back=self.back_to(staff),
        )
        return ask(request, self.admin_site, self.opts, question)

    @button(description=_("Reactivate"), url_path="reactivate", permissions=["reactivate"], icon="person_check")
    def reactivate(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The person can sign in again."""
        staff = self.found(request, object_id)
        question = Question(
            title=gettext("Reactivate a member of staff"),
            subtitle=staff.email,
            sentence=gettext("This person can sign in again with the same password and roles."),
            button=gettext("Reactivate"),
            act=lambda reason: _allowed(reactivate, actor=request.user, staff=staff, reason=reason),
            done=gettext("%(email)s can sign in again.") % {"email": staff.email},
            back=self.back_to(staff),
        )
        return ask(request, self.admin_site, self.opts, question)


@admin.register(ApiToken)
class ApiTokenAdmin(TenantAdmin):
    """API tokens: the operator sees that they are there, and can end them. What opens a door is nowhere shown."""

    operator_only = True
    list_display = ("name", "staff", "prefix", "created_at", "expires_at", "last_used_on", "revoked_at")
    list_select_related = ("staff",)
    search_keys = ("prefix",)
    search_prefixes = ("staff__email",)
    fields = ("name", "staff", "prefix", "created_at", "expires_at", "last_used_on", "revoked_at")
    actions_detail = ("revoke",)

    def has_revoke_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether the token still opens a door."""
        if not self.enters(request) or object_id is None:
            return False
        token = self.get_object(request, str(object_id))
        return token is not None and token.revoked_at is None

    @button(description=_("Revoke"), url_path="revoke", permissions=["revoke"], icon="key_off")
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Ends the token for good."""
        token = self.found(request, object_id)
        question = Question(
            title=gettext("Revoke an API token"),
            subtitle=token.name,
            sentence=gettext("Whatever uses this token is turned away from now on. This can't be undone."),
            button=gettext("Revoke"),
            act=lambda reason: revoke_token(actor=request.user, token=token, reason=reason),
            done=gettext("The token was revoked."),
            back=self.back_to(token),
        )
        return ask(request, self.admin_site, self.opts, question)


@admin.register(AuditEntry)
class AuditEntryAdmin(TenantAdmin):
    """The audit log, from which corrections are undone. Nothing in it is ever changed.

    People's names in it show only to whoever may see names, and each look at them is written down.
    """

    action = Action.CORRECT_FACTS
    list_display = ("at", "actor", "partner", "action", "object_id", "reason", "is_undone")
    list_filter = ("kind",)
    list_select_related = ("actor", "partner", "undone_by")
    search_keys = ("object_id",)
    fields = ("at", "actor", "partner", "action", "object_id", "reason", "difference", "undone", "undoing")
    actions_detail = ("undo",)

    def folded(self, term: str) -> str:
        """Objects are called in the log as they are written."""
        return term

    def label(self, stored: AuditEntry) -> str:
        """When and what, without about whom."""
        return f"{stored.at:%Y-%m-%d %H:%M} {stored.action}"

    def own(self, queryset: QuerySet[Any], user: Any) -> QuerySet[Any]:
        return queryset.visible_to(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("actor", "partner", "undone_by", "undoes")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Nothing is found by a name that isn't shown."""
        found, doubled = super().get_search_results(request, queryset, search_term)
        hidden = search_term.strip() and not sees_names(request.user)
        return (found.exclude(NAMING) if hidden else found), doubled

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> AuditEntry | None:
        """The entry as this person may read it."""
        entry = super().get_object(request, object_id, from_field)
        return entry if entry is None or sees_names(request.user) else without_names(entry)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """The list, once it is written down whose names it shows."""
        listed = super().get_changelist_instance(request)
        if not sees_names(request.user):
            listed.result_list = [without_names(entry) for entry in listed.result_list]
        self._tell(request, listed.result_list)
        return listed

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponseBase:
        entry = None if object_id is None or not self.enters(request) else self.get_object(request, unquote(object_id))
        if entry is not None:
            self._tell(request, [entry])
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _tell(self, request: HttpRequest, entries: Iterable[AuditEntry]) -> None:
        if sees_names(request.user):
            people = {customer: len(names) for customer, names in people_named(entries).items()}
            record_people_seen(actor=request.user, people=people, where="admin, audit log")

    @display(description=_("undone"))
    def is_undone(self, entry: AuditEntry) -> str:
        """Said only where what it tells of has been undone."""
        return gettext("undone") if hasattr(entry, "undone_by") else ""

    @display(description=_("undone by"))
    def undoing(self, entry: AuditEntry) -> str:
        """When it was undone."""
        return f"{entry.undone_by.at:%Y-%m-%d %H:%M}" if hasattr(entry, "undone_by") else ""

    @display(description=_("undoes"))
    def undone(self, entry: AuditEntry) -> str:
        """When that was done which it undoes."""
        return f"{entry.undoes.at:%Y-%m-%d %H:%M}" if entry.undoes else ""

    @display(description=_("before and after"))
    def difference(self, entry: AuditEntry) -> SafeString:
        """What stood there before and after, side by side; what differs is marked."""
        rows = [
            (cell_name(name), _told(entry, entry.before, name), _told(entry, entry.after, name), _mark(entry, name))
            for name in sorted({*(entry.before or {}), *(entry.after or {})})
        ]
        body = format_html_join(
            "",
            '<tr class="{3}"><th scope="row" class="text-left font-normal pr-4 py-1">{0}</th>'
            '<td class="pr-4 py-1 break-all">{1}</td><td class="py-1 break-all">{2}</td></tr>',
            rows,
        )
        head = format_html(
            '<tr><td></td><th scope="col" class="text-left pr-4">{}</th><th scope="col" class="text-left">{}</th></tr>',
            gettext("before"),
            gettext("after"),
        )
        return format_html('<table class="w-full text-sm">{}{}</table>', head, body)

    def has_undo_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether the entry tells of a correction that this person may undo now."""
        if not self.enters(request) or object_id is None:
            return False
        entry = self.get_object(request, str(object_id))
        return entry is not None and not hasattr(entry, "undone_by") and may_undo(actor=request.user, entry=entry)

    @button(description=_("Undo"), url_path="undo", icon="undo")
    def undo(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Puts back what stood there before."""
        if not self.enters(request):
            raise PermissionDenied
        read = self.found(request, object_id)
        if not may_undo(actor=request.user, entry=read):
            raise PermissionDenied(gettext("Only corrections of what the own partner stated can be undone."))
        self._tell(request, [read])
        entry = AuditEntry.objects.get(pk=read.pk)
        question = Question(
            title=gettext("Undo a correction"),
            subtitle=str(read),
            sentence=gettext("What stood there before will stand there again, unless it has been changed since."),
            button=gettext("Undo"),
            act=lambda reason: undo(actor=request.user, entry=entry, reason=reason),
            done=gettext("The correction was undone."),
            back=self.list_address,
            facts=[(name, _told(read, read.before, name)) for name in read.before or {}],
        )
        return ask(request, self.admin_site, self.opts, question)

    # Hides the button only: the decorator would answer 403 where another partner's entry is 404.
    undo.allowed_permissions = ("undo",)


def _allowed(act: Callable[..., None], **arguments: Any) -> None:
    """Do it; a wrong state is told beside the reason."""
    try:
        act(**arguments)
    except WrongStateError as error:
        raise CorrectionError(str(error)) from error


def _told(entry: AuditEntry, cells: Cells | None, name: str) -> str:
    return told_cell(name, cells or {}, entry.partner) or ""


def _mark(entry: AuditEntry, name: str) -> str:
    same = _told(entry, entry.before, name) == _told(entry, entry.after, name)
    return "" if same else "font-semibold text-font-important-light dark:text-font-important-dark"
