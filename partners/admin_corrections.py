"""The admin site's way to correct: a form with a reason, written by `partners.services.corrections`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.signing import Signer
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _

from partners.admin_base import TenantAdmin
from partners.admin_reason import Question, ask, reason_field
from partners.failures import WrongStateError
from partners.models import AuditEntry, Staff
from partners.services.corrections import Cells, CorrectionError, Fact, correct, fingerprint, moved_on
from partners.tenancy import operating


class CorrectionForm(forms.ModelForm):
    """A correction: the service judges and writes it as the last step of validation, and what it refuses stands beside the field."""

    reason = reason_field()
    seen = forms.CharField(widget=forms.HiddenInput, required=False, label="")
    present: ClassVar[str] = ""
    """The fingerprint of what stands there."""
    shown: ClassVar[str] = ""
    """Our word that this person was shown the object of this page."""
    correct: ClassVar[Callable[[CorrectionForm], Model]]
    asked_by: ClassVar[HttpRequest]
    stored: Model

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.present
        for field in self.fields.values():
            if hasattr(field, "open_for"):
                field.open_for(self.asked_by)

    def _post_clean(self) -> None:
        if self.errors:
            return
        try:
            self.stored = self.correct()
        except CorrectionError as error:
            self._refuse(error)

    def _refuse(self, error: CorrectionError) -> None:
        name = self.field_of.get(error.cell or "", error.cell)
        self.add_error(name if name in self.fields else None, str(error))

    field_of: ClassVar[dict[str, str]] = {}
    """Which field tells of which cell, where the names differ."""

    def save_m2m(self) -> None:
        """Nothing: it has been written."""


class CorrectionAdmin(TenantAdmin):
    """A class of the admin site whose objects are facts that can be corrected."""

    abstract = True
    has_history = True
    form = CorrectionForm
    change_form_after_template = "admin/seen.html"
    add_form: ClassVar[type[CorrectionForm]] = CorrectionForm
    fact: ClassVar[Fact]
    shown: ClassVar[tuple[str, ...]] = ()
    """What stands on the page of an object and can't be corrected."""
    changed: ClassVar[tuple[str, ...]] = ()
    """What can be."""
    added: ClassVar[tuple[str, ...]] = ()
    """What is asked of a new one."""

    def after(self, cleaned: dict[str, Any], before: Cells | None, actor: Staff) -> dict[str, Any]:
        """What the form says, in cells."""
        raise NotImplementedError

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        if obj is None:
            return [*self.added, "reason"]
        reason = ["reason"] if self.has_change_permission(request, obj) else []
        return [*self.shown, *self.changed, *reason]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return () if obj is None else self.shown

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """The form, which knows whom it writes for."""
        kwargs["form"] = self.form if change else self.add_form
        form = super().get_form(request, obj, change=change, **kwargs)

        def written(bound: CorrectionForm) -> Model:
            return self._correct(request, obj if change else None, bound)

        told = {"correct": written, "asked_by": request}
        if change and obj is not None:
            told |= {"present": fingerprint(self.fact.cells_of(obj)), "shown": self._word(request).sign(str(obj.pk))}
        return type(form.__name__, (form,), told)

    def _word(self, request: HttpRequest) -> Signer:
        """Signs which objects this person was shown here."""
        return Signer(salt=f"{self.opts.label}/{request.user.pk}")

    def _must_stand(self, request: HttpRequest, object_id: str) -> None:
        """WrongStateError where a form comes back whose object is gone; of what was never shown nothing is said."""
        key = unquote(object_id)
        shown = request.POST.get("shown", "")
        if shown and self.get_object(request, key) is None and shown == self._word(request).sign(key):
            raise WrongStateError(
                _(
                    "Somebody else has corrected or removed this meanwhile, so nothing was written."
                    " Look for what stands there now, and correct that."
                )
            )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        """The form; where it comes back for what somebody else has replaced, it says so."""
        if object_id is not None and self.enters(request):
            self._must_stand(request, object_id)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _correct(self, request: HttpRequest, obj: Model | None, form: CorrectionForm) -> Model:
        before = None if obj is None else self.fact.cells_of(obj)
        _still(form.cleaned_data.get("seen"), before)
        after = self.after(form.cleaned_data, before, request.user)
        entry = correct(
            actor=request.user, fact=self.fact, before=before, after=after, reason=form.cleaned_data["reason"]
        )
        with operating():  # a licence of somebody else's subscription may be stated, and isn't shown afterwards
            return self.fact.find(entry.after)

    def save_form(self, request: HttpRequest, form: CorrectionForm, change: bool) -> Model:
        return form.stored

    def save_model(self, request: HttpRequest, obj: Model, form: CorrectionForm, change: bool) -> None:
        """Nothing: it has been written."""

    def save_related(self, request: HttpRequest, form: CorrectionForm, formsets: Any, change: bool) -> None:
        """Nothing: it has been written."""

    def response_change(self, request: HttpRequest, obj: Model) -> HttpResponseBase:
        """A corrected version may be another row than before: one goes on with that."""
        response = super().response_change(request, obj)
        return HttpResponseRedirect(self.back_to(obj)) if "_continue" in request.POST else response

    def construct_change_message(self, *_args: Any, **_kwargs: Any) -> list[Any]:
        """Nothing: the audit log tells it."""
        return []

    def delete_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        """Asks why, and removes it."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        self._must_stand(request, object_id)
        stored = self.found(request, object_id)
        before = self.fact.cells_of(stored)

        def act(reason: str) -> AuditEntry:
            _still(request.POST.get("seen"), before)
            return correct(actor=request.user, fact=self.fact, before=before, after=None, reason=reason)

        question = Question(
            title=_("Remove this %(kind)s") % {"kind": self.opts.verbose_name},
            subtitle=self.fact.title(before),
            sentence=_("It will be as if it had never been stated. This can be undone in the audit log."),
            button=_("Remove"),
            act=act,
            done=_("The %(kind)s was removed.") % {"kind": self.opts.verbose_name},
            back=self.list_address,
            facts=before.items(),
            hidden=[("seen", fingerprint(before)), ("shown", self._word(request).sign(str(stored.pk)))],
        )
        return ask(request, self.admin_site, self.opts, question)

    def entries_on(self, stored: Any) -> QuerySet[AuditEntry]:
        title = self.fact.title(self.fact.cells_of(stored))
        return AuditEntry.objects.filter(object_type=self.fact.name, object_id=title)


def _still(seen: str | None, present: Cells | None) -> None:
    """CorrectionError where what stands there isn't what the page has shown, as far as it says what that was."""
    if seen and present is not None and seen != fingerprint(present):
        raise moved_on()
