"""Files, mails and reports that nobody waits for are in the language of who gets them, though workers speak English."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.utils import timezone
from django.utils.translation import get_language, gettext, override
from openpyxl import load_workbook

from insights.models import ExportJob, Report, ReportRecipient, SentReport
from insights.services.exports import storage
from insights.services.exports.making import MOST_ATTEMPTS, make_files
from insights.services.exports.sending import send_due_reports
from insights.terms import TERMS
from partners.models import Staff
from tests.insights.pages.conftest import Portfolio
from tests.insights.world import DAY
from tests.people import signed_in

ADDRESS = f"/portfolio.csv?date={DAY.isoformat()}"


def speaks(staff: Staff, language: str) -> Staff:
    staff.language = language
    staff.save()
    return staff


@pytest.mark.parametrize("language", ["en", "it", "zh-hans"])
def test_file_and_its_mail(three: Portfolio, admin: Staff, language: str) -> None:
    mail.outbox.clear()
    signed_in(speaks(admin, language)).post("/exports/", {"of": ADDRESS, "form": "xlsx"})
    assert make_files() == 1
    job = ExportJob.objects.get()
    with override(language):
        title, idle = gettext("Portfolio"), str(TERMS["idle"].title)
        subject = gettext("Your file is ready: %(title)s") % {"title": title}
    assert (job.title, mail.outbox[0].subject) == (title, subject)
    sheet = load_workbook(BytesIO(storage.file_of(job.pk).read_bytes())).worksheets[0]
    assert idle in [cell.value for cell in sheet[1]]
    assert get_language() == "en"


def test_language_of_the_browser_where_the_account_has_none(three: Portfolio, admin: Staff) -> None:
    signed_in(admin).post("/exports/", {"of": ADDRESS, "form": "csv"}, headers={"Accept-Language": "sv"})
    assert ExportJob.objects.get().language == "sv"


def test_csv_has_the_same_exact_names_in_every_language(three: Portfolio, admin: Staff) -> None:
    headers = {
        b"".join(signed_in(speaks(admin, language)).get(ADDRESS).streaming_content).partition(b"\r\n")[0]
        for language in ("en", "it", "zh-hans", "es", "sv", "nl")
    }
    assert len(headers) == 1


def test_why_it_failed(three: Portfolio, admin: Staff) -> None:
    signed_in(speaks(admin, "nl")).post("/exports/", {"of": ADDRESS, "form": "csv"})
    ExportJob.objects.update(attempts=MOST_ATTEMPTS)
    make_files()
    with override("nl"):
        said = gettext("Making it ended unexpectedly, several times. Ask for fewer rows, or for CSV.")
    assert ExportJob.objects.get().failure == said


@pytest.mark.parametrize(("of_recipient", "expected"), [("es", "es"), ("", "it")])
def test_regular_report_is_its_recipient_s_else_its_owner_s(
    three: Portfolio, admin: Staff, agent: Staff, of_recipient: str, expected: str
) -> None:
    mail.outbox.clear()
    now = timezone.now()
    report = Report.objects.create(
        partner=admin.partner,
        owner=speaks(admin, "it"),
        name="Monday",
        address="/portfolio.csv",
        site="https://seatwise.example",
        rhythm="daily",
        next_at=now - timedelta(minutes=1),
    )
    ReportRecipient.objects.create(report=report, staff=speaks(agent, of_recipient))
    assert send_due_reports() == 1
    with override(expected):
        assert gettext("If you don't want it any more:") in mail.outbox[0].body
    assert SentReport.objects.get().outcome == "sent"
