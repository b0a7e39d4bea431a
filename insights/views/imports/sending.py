"""The page of imports: where files are sent, and the history of what was."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from customers.forms.imports import MOST_OFFERED, AboutForm, label, offered
from customers.imports.unpack import LIMITS
from customers.models import Upload
from customers.services.imports.uploads import Sent, receive
from customers.views.streaming import FIELD, CountingHandler
from insights.selectors.uploads import listed_uploads
from insights.views.imports.working import work_soon
from partners.doors import Door
from partners.paging import page_of
from partners.permissions import Action

MOST_BYTES = LIMITS.total
MEGABYTE = 1_000_000
LONGEST_QUESTION = 400


# The token is judged inside, where how files are taken in has been said; the role before anything is read.
@method_decorator(csrf_exempt, name="dispatch")
class Imports(Door):
    """Sends files; lists what was sent before. `?customer=` offers customers of that name."""

    action: ClassVar[Action] = Action.CORRECT_FACTS

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, AboutForm(partner=request.user.partner))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        request.upload_handlers = [CountingHandler(request, MOST_BYTES)]
        return csrf_protect(self._received)(request)

    def _received(self, request: HttpRequest) -> HttpResponse:
        form = AboutForm(request.POST, partner=request.user.partner)
        files = [Sent(file.path, file.name, file.size) for file in request.FILES.getlist(FIELD)]
        if request.too_large:
            form.add_error(None, self._too_large())
            return self._page(request, form, status=413)
        if not files:
            form.add_error(None, _("No file came along. Choose one or more, or a .zip of them."))
        if not form.is_valid():
            return self._page(request, form, status=400)
        upload = receive(actor=request.user, files=files, about=form.about)
        return led_to(upload)

    def _too_large(self) -> str:
        return _("These files have more than %(most)d megabytes together. Send fewer at a time.") % {
            "most": MOST_BYTES // MEGABYTE
        }

    def _page(self, request: HttpRequest, form: AboutForm, *, status: int = 200) -> HttpResponse:
        page = page_of(request, listed_uploads(request.user))
        context = {
            "form": form,
            "page": page,
            "offered": offered_to(request),
            "most_bytes": MOST_BYTES,
            "too_large": self._too_large(),
        }
        return render(request, "insights/imports/imports.html", context, status=status)


def offered_to(request: HttpRequest) -> list[str]:
    """The customers that fit what is being typed into the form's field."""
    asked = request.GET.get("customer", "").strip()[:LONGEST_QUESTION]
    if not asked:
        return []
    return [label(customer) for customer in offered(request.user.partner, asked)[:MOST_OFFERED]]


def led_to(upload: Upload) -> HttpResponseRedirect:
    """To the upload's page; what is to be done is done at once where it is little, else by a worker."""
    work_soon(upload)
    return redirect("insights:import", upload_id=upload.pk)
