"""Files made in the background: asked for, made, told by mail, fetched by whoever may, and gone after a day."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from insights.models import ExportJob
from insights.models.exports import KEPT
from insights.services.exports import storage
from insights.services.exports.jobs import MOST_WAITING, expire_exports
from insights.services.exports.making import MOST_ATTEMPTS, make_files
from partners.export import doors
from partners.models import AuditEntry, Staff
from partners.permissions import Role
from partners.services.staff import change_roles
from tests.insights.exports.reading import csv_rows, fetched
from tests.insights.pages.conftest import Portfolio
from tests.insights.world import DAY
from tests.people import make_staff, signed_in
from tests.statements import statements

ADDRESS = f"/portfolio.csv?date={DAY.isoformat()}"


def asked(client: Client, of: str = ADDRESS, form: str = "csv") -> ExportJob:
    """A file that was asked for on the page."""
    before = set(ExportJob.objects.values_list("pk", flat=True))
    answer = client.post("/exports/", {"of": of, "form": form})
    assert (answer.status_code, answer["Location"]) == (302, "/exports/")
    (job,) = ExportJob.objects.exclude(pk__in=before)
    return job


def made(client: Client, of: str = ADDRESS, form: str = "csv") -> ExportJob:
    job = asked(client, of, form)
    assert make_files() == 1
    job.refresh_from_db()
    return job


def fetch(client: Client, job: ExportJob) -> int:
    answer = client.get(f"/exports/{job.pk}/")
    if answer.streaming:
        assert len(b"".join(answer.streaming_content)) == int(answer["Content-Length"])
    return answer.status_code


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_file_is_that_of_the_download(three: Portfolio, admin: Staff, form: str) -> None:
    client = signed_in(admin)
    job = made(client, form=form)
    content = b"".join(client.get(f"/exports/{job.pk}/").streaming_content)
    assert (job.state, job.rows, job.rows_done, job.size) == ("done", 3, 3, len(content))
    assert job.name == f"portfolio-{DAY.isoformat()}.{form}"
    if form == "csv":
        assert content == fetched(client, ADDRESS)
        assert [row["customer"] for row in csv_rows(content)] == ["Beta", "'=Alfa", "Gamma"]
    if form == "json":
        assert json.loads(content)["manifest"]["sha256"] == job.manifest["sha256"]


def test_mail_says_that_it_is_ready(three: Portfolio, admin: Staff) -> None:
    mail.outbox.clear()
    made(signed_in(admin))
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["ann@us.example"], "Your file is ready: Portfolio")
    assert "http://testserver/exports/" in sent.body


def test_same_wish_is_one_wish(three: Portfolio, admin: Staff) -> None:
    client = signed_in(admin)
    asked(client)
    client.post("/exports/", {"of": ADDRESS, "form": "csv"})
    assert ExportJob.objects.count() == 1


def test_too_many_wishes_are_refused(three: Portfolio, admin: Staff) -> None:
    client = signed_in(admin)
    for number in range(MOST_WAITING):
        asked(client, f"/portfolio.csv?segment={number}")
    assert client.post("/exports/", {"of": ADDRESS}).status_code == 409
    assert ExportJob.objects.count() == MOST_WAITING


@pytest.mark.parametrize(
    "of", ["", "/", "/portfolio.pdf", "https://x.example/portfolio.csv?\0", "x" * 5_000, "/staff/"]
)
def test_address_of_no_table_is_400(admin: Staff, of: str) -> None:
    client = signed_in(admin)
    assert client.post("/exports/", {"of": of}).status_code == 400
    assert ExportJob.objects.count() == 0


def test_unknown_form_is_400(three: Portfolio, admin: Staff) -> None:
    assert signed_in(admin).post("/exports/", {"of": ADDRESS, "form": "pdf"}).status_code == 400


def test_table_that_is_not_for_the_role_is_404(three: Portfolio, agent: Staff) -> None:
    assert signed_in(agent).post("/exports/", {"of": "/customers.csv"}).status_code == 404


def test_customer_of_somebody_else_is_404(world: Portfolio, admin: Staff) -> None:
    theirs = world.a_customer("Theirs")
    world.relationship(world.them, theirs)
    answer = signed_in(admin).post("/exports/", {"of": f"/customers/{theirs.tenant_id}/insights.csv"})
    assert answer.status_code == 404


def test_nobody_else_fetches_it(three: Portfolio, admin: Staff) -> None:
    job = made(signed_in(admin))
    colleague = make_staff(three.us, Role.GLOBAL_ADMIN)
    stranger = make_staff(three.them, Role.GLOBAL_ADMIN)
    assert [fetch(signed_in(one), job) for one in (admin, colleague, stranger)] == [200, 404, 404]
    assert signed_in(colleague).post(f"/exports/{job.pk}/").status_code == 404
    assert ExportJob.objects.filter(pk=job.pk).exists()


def test_right_is_judged_again_when_it_is_fetched(three: Portfolio, admin: Staff) -> None:
    agent = make_staff(three.us, Role.ADMIN_AGENT)
    client = signed_in(agent)
    job = made(client, "/customers.csv")
    assert fetch(client, job) == 200
    change_roles(actor=admin, staff=agent, roles=[Role.SALES_AGENT])
    assert fetch(signed_in(agent), job) == 404


def test_right_lost_before_it_is_made_makes_nothing(three: Portfolio, admin: Staff) -> None:
    agent = make_staff(three.us, Role.ADMIN_AGENT)
    job = asked(signed_in(agent), "/customers.csv")
    change_roles(actor=admin, staff=agent, roles=[Role.SALES_AGENT])
    assert make_files() == 1
    job.refresh_from_db()
    assert (job.state, job.failure) == ("failed", "Your role doesn't include this page.")


def test_file_is_gone_after_a_day(three: Portfolio, admin: Staff) -> None:
    client = signed_in(admin)
    job, other = made(client), made(client, "/customers.csv")
    assert expire_exports() == 0
    ExportJob.objects.filter(pk=job.pk).update(done_at=timezone.now() - KEPT)
    assert fetch(client, job) == 404
    assert expire_exports() == 1
    assert [storage.file_of(one.pk).exists() for one in (job, other)] == [False, True]
    job.refresh_from_db()
    assert job.state == "expired"


def test_file_can_be_removed(three: Portfolio, admin: Staff) -> None:
    client = signed_in(admin)
    job = made(client)
    assert client.post(f"/exports/{job.pk}/").status_code == 302
    assert (ExportJob.objects.count(), storage.file_of(job.pk).exists()) == (0, False)


def test_lost_workers_job_is_taken_again(three: Portfolio, admin: Staff) -> None:
    job = asked(signed_in(admin))
    ExportJob.objects.filter(pk=job.pk).update(state="running", attempts=1, claimed_until=timezone.now() + timedelta(1))
    assert make_files() == 0
    ExportJob.objects.filter(pk=job.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert make_files() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)


def test_job_that_ends_workers_is_given_up(three: Portfolio, admin: Staff) -> None:
    job = asked(signed_in(admin))
    long_ago = timezone.now() - timedelta(days=1)
    ExportJob.objects.filter(pk=job.pk).update(state="running", attempts=MOST_ATTEMPTS, claimed_until=long_ago)
    assert make_files() == 1
    job.refresh_from_db()
    assert job.state == "failed"


def test_filter_that_can_not_be_read_is_told(three: Portfolio, admin: Staff) -> None:
    client = signed_in(admin)
    job = made(client, "/portfolio.csv?sort=nothing")
    assert job.state == "failed"
    assert "nothing" in job.failure
    assert "nothing" in client.get("/exports/").content.decode()


def test_names_in_a_file_are_written_down(three: Portfolio, admin: Staff) -> None:
    customer = three.customer
    three.relationship(three.us, customer)
    three.licences(customer, sold=3, assigned=2, used=1)
    job = made(
        signed_in(admin), f"/customers/{customer.tenant_id}/insights/list.csv?count=active&date={DAY.isoformat()}"
    )
    assert job.state == "done"
    assert AuditEntry.objects.filter(action="people.view", actor=admin).count() == 1


def test_too_many_rows_lead_to_the_background(three: Portfolio, admin: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "AT_ONCE", 2)
    client = signed_in(admin)
    answer = client.get(ADDRESS)
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "This table has 3 rows" in page
    assert "/portfolio.csv?date=2026-03-31" in page


@pytest.mark.parametrize("files", [1, 3])
def test_page_number_of_queries(three: Portfolio, admin: Staff, files: int) -> None:
    client = signed_in(admin)
    for number in range(files):
        made(client, f"/portfolio.csv?segment={number}")
    with statements() as sent:
        assert client.get("/exports/").status_code == 200
    assert len(sent) == 4


def test_page_without_files_says_what_to_do(world: Portfolio, admin: Staff) -> None:
    assert "No files yet" in signed_in(admin).get("/exports/").content.decode()
