"""Asks for the reason of an act before it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from partners.audit_words import told_as
from partners.cell_names import cell_name
from partners.services.corrections import CorrectionError

LONGEST_REASON = 2_000


def reason_field() -> forms.CharField:
    """Why somebody corrects something."""
    return forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("Why it is corrected. It is kept in the audit log, with what stood here before and after."),
    )


class ReasonForm(forms.Form):
    """A reason, and nothing else."""

    reason = reason_field()


@dataclass(frozen=True)
class Question:
    """An act that is to be given a reason: what it does to what, and how."""

    title: str
    subtitle: str
    sentence: str
    button: str
    act: Callable[[str], Any]
    """Does it, for this reason. What it refuses is a CorrectionError."""
    done: str
    back: str
    facts: Iterable[tuple[str, Any]] = ()
    """What is at stake, as names and values."""
    hidden: Iterable[tuple[str, str]] = field(default=())
    """What the form has to send again."""


def ask(request: HttpRequest, site: AdminSite, opts: Any, question: Question) -> HttpResponseBase:
    """The page that asks; once a reason is given and nothing objects, the act is done and the page left."""
    form = ReasonForm(request.POST if request.method == "POST" and "reason" in request.POST else None)
    if form.is_valid():
        try:
            question.act(form.cleaned_data["reason"])
        except CorrectionError as error:
            form.add_error(None if error.cell not in form.fields else error.cell, str(error))
        else:
            messages.success(request, question.done)
            return HttpResponseRedirect(question.back)
    context = {
        **site.each_context(request),
        "title": question.title,
        "subtitle": question.subtitle,
        "opts": opts,
        "question": question,
        "facts": [(cell_name(name), told_as(name, value)) for name, value in question.facts],
        "form": form,
    }
    return TemplateResponse(request, "admin/reason.html", context)
