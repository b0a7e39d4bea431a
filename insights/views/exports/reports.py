"""The pages of regular reports: all that one sees, a new one, and one with its preview, its recipients and what was sent."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from insights.models import Report, ReportRecipient
from insights.selectors.reports import listed_reports, mails_of, recipients_of, report_of
from insights.services.exports.mails import Summary, summary_of
from insights.services.exports.reports import Plan, approve, customer_of, define_report, end_report, may_approve
from insights.views.exports.files import export_of, site_of
from insights.views.exports.forms import ReportForm
from partners.doors import Door
from partners.export.asking import Export, UnknownExportError
from partners.paging import page_of
from partners.permissions import Action


class Reports(Door):
    """One's reports; for whoever approves what goes to customers, all of the partner's."""

    action: ClassVar[Action] = Action.EXPORT_INSIGHTS

    def get(self, request: HttpRequest) -> HttpResponse:
        page = page_of(request, listed_reports(request.user))
        return render(request, "insights/exports/reports.html", {"page": page})


class NewReport(Door):
    """Have a table sent regularly: the one that the address leads here with (`of`)."""

    action: ClassVar[Action] = Action.EXPORT_INSIGHTS

    def get(self, request: HttpRequest) -> HttpResponse:
        export = export_of(request, request.GET.get("of", ""))
        customer = customer_of(export)
        form = ReportForm(user=request.user, customer=customer, initial={"staff": [request.user.pk]})
        return self._page(export, form)

    def post(self, request: HttpRequest) -> HttpResponse:
        export = export_of(request, request.GET.get("of", ""))
        form = ReportForm(request.POST, user=request.user, customer=customer_of(export))
        if not form.is_valid():
            return self._page(export, form, status=400)
        said = form.cleaned_data
        report = define_report(
            actor=request.user,
            export=export,
            name=said["name"],
            plan=Plan(said["rhythm"], said["day"], said["hour"], said["time_zone"]),
            staff=list(said["staff"]),
            contacts=list(said.get("contacts", ())),
            site=site_of(request),
        )
        messages.success(request, _("The report is set up."))
        return redirect("insights:report", report.pk)

    def _page(self, export: Export, form: ReportForm, *, status: int = 200) -> HttpResponse:
        context = {"of": export, "form": form}
        return render(self.request, "insights/exports/new_report.html", context, status=status)


class ReportPage(Door):
    """One report: what its next mail would show, who gets it, what was sent; approve a recipient, end it."""

    action: ClassVar[Action] = Action.EXPORT_INSIGHTS

    def get(self, request: HttpRequest, report_id: int) -> HttpResponse:
        report = self._report(report_id)
        summary, failure = self._preview(report)
        context: dict[str, Any] = {
            "report": report,
            "recipients": recipients_of(report),
            "sent": mails_of(report),
            "may_approve": may_approve(request.user),
            "summary": summary,
            "failure": failure,
        }
        if summary is not None:
            size = summary.writing.table.size or len(summary.first)
            context |= {
                "manifest": {"rows": size, **summary.writing.table.about},
                "more": size - len(summary.first),
            }
        return render(request, "insights/exports/report.html", context)

    def post(self, request: HttpRequest, report_id: int) -> HttpResponse:
        report, act = self._report(report_id), request.POST.get("act", "")
        if act == "end":
            end_report(actor=request.user, report=report)
        elif act == "approve":
            approve(actor=request.user, recipient=self._recipient(report))
        else:
            raise BadRequest(_("act: expected one of %(known)s.") % {"known": "approve, end"})
        return redirect("insights:report", report.pk)

    def _report(self, report_id: int) -> Report:
        found = report_of(self.request.user, report_id)
        if found is None:
            raise Http404
        return found

    def _recipient(self, report: Report) -> ReportRecipient:
        text = self.request.POST.get("recipient", "")
        found = [one for one in recipients_of(report) if str(one.pk) == text and one.waits]
        if not found:
            raise BadRequest(_("recipient: expected one who waits for an approval."))
        return found[0]

    def _preview(self, report: Report) -> tuple[Summary | None, str]:
        """What it would show now to whoever looks, or why it shows nothing."""
        try:
            return summary_of(export=Export.at(report.address), staff=self.request.user), ""
        except (UnknownExportError, BadRequest, PermissionDenied) as error:
            return None, str(error)
        except Http404:
            return None, _("What it was to show isn't there any more.")
