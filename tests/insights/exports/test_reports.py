"""Regular reports: defined, approved, sent once each time with today's rights, ended by whoever gets them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from customers.models import Contact
from insights.models import Report, ReportRecipient, SentReport
from insights.services.exports.reports import token_of
from insights.services.exports.sending import send_due_reports
from partners.models import AuditEntry, Staff
from partners.permissions import Role
from tests.insights.exports.reading import csv_rows
from tests.insights.pages.conftest import Portfolio
from tests.people import make_staff, signed_in
from tests.statements import statements

WHEN = {"name": "Monday", "rhythm": "weekly", "day": 1, "hour": 7, "time_zone": "Europe/Rome"}


def defined(owner: Staff, of: str = "/portfolio.csv?country=SE&date=2026-03-31", **more: object) -> Report:
    """A report that was set up on its page; it goes to its owner unless somebody else is named."""
    answer = signed_in(owner).post(f"/reports/new/?of={of.replace('&', '%26')}", WHEN | {"staff": [owner.pk]} | more)
    assert answer.status_code == 302, answer.content
    return Report.objects.latest("pk")


def sent_when_due(report: Report) -> list[mail.EmailMessage]:
    """The mails of the next time."""
    mail.outbox.clear()
    Report.objects.filter(pk=report.pk).update(next_at=timezone.now() - timedelta(minutes=1))
    send_due_reports()
    report.refresh_from_db()
    return list(mail.outbox)


def test_report_is_sent_with_figures_and_file(three: Portfolio, admin: Staff) -> None:
    report = defined(admin)
    assert report.address == "/portfolio.csv?country=SE"
    (sent,) = sent_when_due(report)
    assert sent.to == ["ann@us.example"]
    assert sent.subject.startswith("Monday, ")
    name, content, kind = sent.attachments[0]
    assert (name.startswith("portfolio-"), kind) == (True, "text/csv")
    rows = csv_rows(content if isinstance(content, bytes) else content.encode())
    assert [row["customer"] for row in rows] == ["'=Alfa", "Gamma"]
    assert "Customer: =Alfa" in sent.body
    page, kind = sent.alternatives[0]
    assert (kind, "=Alfa" in page, "Beta" in page) == ("text/html", True, False)
    kept = SentReport.objects.get()
    assert (kept.email, kept.outcome, kept.manifest["rows"]) == ("ann@us.example", "sent", 2)
    assert report.next_at > timezone.now()


def test_report_that_is_not_due_is_not_sent(three: Portfolio, admin: Staff) -> None:
    defined(admin)
    assert (send_due_reports(), SentReport.objects.count()) == (0, 0)


def test_mail_that_may_have_been_sent_is_not_sent_again(three: Portfolio, admin: Staff) -> None:
    report = defined(admin)
    due = timezone.now() - timedelta(minutes=1)
    Report.objects.filter(pk=report.pk).update(next_at=due)
    SentReport.objects.create(report=report, recipient=report.recipients.get(), email="ann@us.example", due_at=due)
    mail.outbox.clear()
    assert (send_due_reports(), mail.outbox) == (0, [])


def test_colleague_gets_what_he_or_she_may_see(three: Portfolio, admin: Staff, agent: Staff) -> None:
    report = defined(admin, "/customers.csv", staff=[admin.pk, agent.pk])
    assert [one.to for one in sent_when_due(report)] == [["ann@us.example"]]
    refused = SentReport.objects.get(email="bob@us.example")
    assert (refused.outcome, refused.why) == ("not_sent", "The recipient's role doesn't include it.")


def test_deactivated_owner_stops_it(three: Portfolio, admin: Staff, agent: Staff) -> None:
    report = defined(agent, staff=[admin.pk])
    Staff.objects.filter(pk=agent.pk).update(is_active=False)
    assert sent_when_due(report) == []
    assert report.ended_because == "Its owner was deactivated."


def test_owner_without_the_right_stops_it(three: Portfolio, admin: Staff) -> None:
    owner = make_staff(three.us, Role.ADMIN_AGENT)
    report = defined(owner, "/customers.csv", staff=[admin.pk])
    Staff.objects.filter(pk=owner.pk).update(roles=[Role.SALES_AGENT])
    assert sent_when_due(report) == []
    assert report.ended_because == "Its owner may not see what it shows any more."


def about(contact: Contact) -> str:
    return f"/customers/{contact.account.customer.tenant_id}/insights.csv"


def test_contact_gets_it_once_it_is_approved(contact: Contact, world: Portfolio, admin: Staff, agent: Staff) -> None:
    report = defined(agent, about(contact), staff=[], contacts=[contact.pk])
    assert sent_when_due(report) == []
    recipient = report.recipients.get()
    for who, answered in ((agent, 403), (admin, 302)):
        client = signed_in(who)
        assert client.get(f"/reports/{report.pk}/").status_code == 200
        answer = client.post(f"/reports/{report.pk}/", {"act": "approve", "recipient": recipient.pk})
        assert answer.status_code == answered
    (sent,) = sent_when_due(report)
    assert sent.to == ["carla@fabrikam.example"]
    assert AuditEntry.objects.filter(action="report.approve", actor=admin).count() == 1


def test_contact_of_another_customer_is_not_offered(contact: Contact, world: Portfolio, admin: Staff) -> None:
    other = world.serve("Other")
    world.licences(other, sold=1, assigned=1, used=1)
    path = f"/reports/new/?of=/customers/{other.tenant_id}/insights.csv"
    answer = signed_in(admin).post(path, WHEN | {"contacts": [contact.pk], "staff": [admin.pk]})
    assert (answer.status_code, Report.objects.count()) == (400, 0)


def test_tables_of_several_customers_go_to_no_contact(contact: Contact, admin: Staff) -> None:
    page = signed_in(admin).get("/reports/new/?of=/portfolio.csv").content.decode()
    assert "carla@fabrikam.example" not in page
    assert "Contacts of the customer" not in page


def test_recipient_ends_it_without_signing_in(three: Portfolio, admin: Staff, client: Client) -> None:
    report = defined(admin)
    (sent,) = sent_when_due(report)
    path = sent.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert path in sent.body
    assert client.get(path).status_code == 200
    assert len(sent_when_due(report)) == 1
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert strict.post(path).status_code == 200
    assert sent_when_due(report) == []


def test_link_that_nobody_was_sent_is_404(three: Portfolio, admin: Staff, client: Client) -> None:
    recipient = defined(admin).recipients.get()
    assert client.post(f"/reports/end/{token_of(recipient)}x/").status_code == 404
    ReportRecipient.objects.all().delete()
    assert client.post(f"/reports/end/{token_of(recipient)}/").status_code == 404


def test_report_can_be_ended_once(three: Portfolio, admin: Staff) -> None:
    report, client = defined(admin), signed_in(admin)
    answers = [client.post(f"/reports/{report.pk}/", {"act": "end"}).status_code for _ in range(2)]
    assert answers == [302, 409]
    assert sent_when_due(report) == []


def test_reports_of_others_are_seen_by_who_approves(three: Portfolio, admin: Staff, agent: Staff) -> None:
    report = defined(agent)
    colleague = make_staff(three.us, Role.SALES_AGENT)
    stranger = make_staff(three.them, Role.GLOBAL_ADMIN)
    seen = [signed_in(one).get(f"/reports/{report.pk}/").status_code for one in (agent, admin, colleague, stranger)]
    assert seen == [200, 200, 404, 404]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"staff": []}, "A report needs somebody to be sent to."),
        ({"day": 8}, "A week has seven days"),
        ({"day": 29, "rhythm": "monthly"}, "less than or equal to 28"),
        ({"time_zone": "Rome"}, "“Rome” is no time zone"),
        ({"hour": 24}, "less than or equal to 23"),
    ],
)
def test_wrong_plan_is_told(three: Portfolio, admin: Staff, wrong: dict[str, object], said: str) -> None:
    answer = signed_in(admin).post("/reports/new/?of=/portfolio.csv", WHEN | {"staff": [admin.pk]} | wrong)
    assert (answer.status_code, Report.objects.count()) == (400, 0)
    assert said in answer.content.decode()


def test_mail_that_fails_keeps_nobody_from_the_next(
    three: Portfolio, admin: Staff, agent: Staff, settings: object
) -> None:
    report = defined(admin, staff=[admin.pk, agent.pk])
    settings.EMAIL_BACKEND = "tests.insights.exports.broken_mail.BrokenForAnn"
    assert [one.to for one in sent_when_due(report)] == [["bob@us.example"]]
    assert SentReport.objects.get(email="ann@us.example").why == "The mail couldn't be sent."


@pytest.mark.parametrize("reports", [1, 3])
def test_list_number_of_queries(three: Portfolio, admin: Staff, reports: int) -> None:
    for number in range(reports):
        defined(admin, name=f"Report {number}")
    client = signed_in(admin)
    with statements() as sent:
        assert client.get("/reports/").status_code == 200
    assert len(sent) == 4
