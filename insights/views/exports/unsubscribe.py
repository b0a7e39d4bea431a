"""The page behind the link by which a recipient wants no more of a report: without signing in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic.base import View

from insights.models import ReportRecipient
from insights.services.exports.reports import recipient_by, want_no_more


@method_decorator([login_not_required, csrf_exempt], name="dispatch")
class Unsubscribe(View):
    """Opened by the signed link. A mail program ends the report by POST at once (RFC 8058); people press one button.

    GET changes nothing: programs that look through mails follow every link.
    """

    http_method_names = ("get", "post", "head", "options")

    def get(self, _request: HttpRequest, token: str) -> HttpResponse:
        """Asks."""
        return self._page(self._recipient(token), done=False)

    def post(self, _request: HttpRequest, token: str) -> HttpResponse:
        """Ends it, for this recipient."""
        recipient = self._recipient(token)
        want_no_more(recipient=recipient)
        return self._page(recipient, done=True)

    def _recipient(self, token: str) -> ReportRecipient:
        found = recipient_by(token)
        if found is None:
            raise Http404
        return found

    def _page(self, recipient: ReportRecipient, *, done: bool) -> HttpResponse:
        context = {"report": recipient.report, "done": done or recipient.ended_at is not None}
        return render(self.request, "insights/exports/unsubscribe.html", context)
