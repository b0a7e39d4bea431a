"""A customer's figures on one page, as a PDF."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from insights.selectors.customer_insights import customer_figures
from insights.selectors.stored import snapshot
from insights.sheet.content import Subject, content
from insights.sheet.setting import pdf
from insights.views.customer_insights import FiguresDoor
from partners.permissions import Action


class CustomerSheet(FiguresDoor):
    """The page, with the figures of the customer's insights."""

    action: ClassVar[Action] = Action.EXPORT_INSIGHTS

    def get(self, request: HttpRequest, customer_id: UUID) -> HttpResponse:
        with snapshot():
            question, reach = self.asked(request, customer_id)
            found = customer_figures(question, reach.customer)
        said = content(Subject(reach.customer.name, request.user.partner.name, question), found)
        name = f"report-{customer_id}-{question.day.isoformat()}.pdf"
        response = HttpResponse(pdf(said), content_type="application/pdf")
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
        response["Cache-Control"] = "private, no-store"
        return response
