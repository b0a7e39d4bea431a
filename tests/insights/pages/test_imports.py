"""The pages of imports: send, see the dry run, apply or discard, explain a table's columns; nobody else's, nothing too large."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from kombu.simple import SimpleQueue

from config.celery import app
from customers.imports.report import ImportReport
from customers.models import Subscription, TableColumns, Upload
from customers.services.imports import storage
from insights.views.imports import sending, working
from insights.views.imports.working import is_little
from partners.models import AuditEntry
from partners.permissions import Role
from tests.insights.world import World
from tests.people import make_staff, signed_in
from tests.served import CANARY, another_customer, browser, serve, text_of

IMPORTS = reverse("insights:imports")
HEADER = "subscription_id,effective_on,customer_id,seller,sku_id,status,quantity,is_trial\n"


@pytest.fixture
def world(db: None) -> World:
    return serve(World())


@pytest.fixture
def client(world: World) -> Client:
    return browser(world.us, Role.ADMIN_AGENT)


@pytest.fixture
def queue() -> Iterator[SimpleQueue]:
    """A queue of the broker to which no worker listens, and all tasks go."""
    before = app.conf.task_routes
    app.conf.update(task_routes={"*": {"queue": f"test-{uuid4()}"}})
    with app.connection_for_read() as broker, broker.SimpleQueue(app.conf.task_routes["*"]["queue"]) as queue:
        yield queue
        queue.queue.delete()
    app.conf.update(task_routes=before)


def subscriptions(world: World, *keys: str) -> str:
    return HEADER + "".join(
        f"{key},2026-01-01,{world.customer.tenant_id},{world.us.partner_id},{world.e3.sku_id},active,5,false\n"
        for key in keys
    )


def send(client: Client, *texts: str | bytes, **more: Any) -> Any:
    files = []
    for number, text in enumerate(texts):
        file = io.BytesIO(text if isinstance(text, bytes) else text.encode())
        file.name = f"file {number}.csv"
        files.append(file)
    return client.post(IMPORTS, {"files": files, **more})


def sent(client: Client, *texts: str | bytes, **more: Any) -> Upload:
    response = send(client, *texts, **more)
    assert response.status_code == 302, text_of(response)
    upload = Upload.objects.latest("sent_at")
    assert response.url == reverse("insights:import", args=[upload.pk])
    return upload


def act(client: Client, upload: Upload, act: str, **more: str) -> Any:
    return client.post(reverse("insights:import", args=[upload.pk]), {"act": act, **more})


def page_of(client: Client, upload: Upload) -> str:
    response = client.get(reverse("insights:import", args=[upload.pk]))
    assert response.status_code == 200
    return text_of(response)


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.GLOBAL_ADMIN, 302), (Role.ADMIN_AGENT, 302), (Role.SALES_AGENT, 403), (Role.USER_ADMIN, 403)],
)
def test_sending_by_role(world: World, role: Role, status: int) -> None:
    client = browser(world.us, role)
    assert client.get(IMPORTS).status_code == (200 if status == 302 else 403)
    assert send(client, subscriptions(world, "S1")).status_code == status
    assert Upload.objects.count() == (status == 302)


def test_form_without_its_token_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_staff(world.us, Role.ADMIN_AGENT))
    assert send(client, subscriptions(world, "S1")).status_code == 403
    assert Upload.objects.count() == 0
    assert list(storage.incoming().iterdir()) == []


def test_dry_run_then_apply(client: Client, world: World) -> None:
    upload = sent(client, subscriptions(world, "S1", "S2"))
    page = page_of(client, upload)
    assert "Everything was recognised and nothing is refused." in page
    assert "Apply all" in page
    assert Subscription.objects.count() == 0
    assert act(client, upload, "apply").status_code == 302
    assert Subscription.objects.count() == 2
    page = page_of(client, upload)
    assert "Applied by" in page
    assert "Apply all" not in page
    assert 'value="undo"' in page


def test_apply_twice_is_told(client: Client, world: World) -> None:
    upload = sent(client, subscriptions(world, "S1"))
    act(client, upload, "apply")
    response = act(client, upload, "apply")
    assert response.status_code == 409
    assert "This upload is applied by now." in text_of(response)


def test_refused_records_are_shown_and_the_good_ones_taken(client: Client, world: World) -> None:
    upload = sent(client, subscriptions(world, "S1") + "=S2,soon,x,,,,,\n")
    page = page_of(client, upload)
    assert "Take the good records" in page
    assert "Apply all" not in page
    assert "1 refused record" in page
    lines = text_of(client.get(reverse("insights:import_refused_csv", args=[upload.pk]))).splitlines()
    assert lines[0] == "\ufefffile,line,column,value,reason"
    assert lines[1].startswith("file 0.csv,3,effective_on,soon,")
    act(client, upload, "apply_good")
    assert Subscription.objects.get().subscription_id == "S1"


def test_discard_removes_the_files(client: Client, world: World, django_capture_on_commit_callbacks: Any) -> None:
    upload = sent(client, subscriptions(world, "S1"))
    with django_capture_on_commit_callbacks(execute=True):
        assert act(client, upload, "discard").url == IMPORTS
    assert list(storage.folder_of(upload.pk).iterdir()) == []
    assert "Discarded." in page_of(client, upload)


def test_history_has_the_latest_first(client: Client, world: World) -> None:
    assert "Nothing has been sent yet" in text_of(client.get(IMPORTS))
    first, second = sent(client, subscriptions(world, "S1"), subscriptions(world, "S2")), sent(client, "poem\n")
    page = text_of(client.get(IMPORTS))
    assert page.index(str(second.pk)) < page.index(str(first.pk))
    assert "and 1 more" in page


def test_other_partners_uploads_are_not_there(client: Client, world: World) -> None:
    upload = sent(client, subscriptions(world, "S1") + "x\n")
    stranger = browser(world.them, Role.GLOBAL_ADMIN)
    assert str(upload.pk) not in text_of(stranger.get(IMPORTS))
    for name, more in (("import", []), ("import_refused_csv", []), ("import_columns", [0])):
        assert stranger.get(reverse(f"insights:{name}", args=[upload.pk, *more])).status_code == 404
    assert act(stranger, upload, "apply_good").status_code == 404


def test_no_file_is_told(client: Client) -> None:
    response = client.post(IMPORTS, {})
    assert response.status_code == 400
    assert "No file came along." in text_of(response)


def test_too_many_bytes_are_refused_while_they_come_in(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "MOST_BYTES", 3_000_000)
    response = send(client, b"x" * 2_000_000, b"y" * 2_000_000)
    assert response.status_code == 413
    assert "These files have more than 3 megabytes together." in text_of(response)
    assert (Upload.objects.count(), list(storage.incoming().iterdir())) == (0, [])


def test_files_of_other_fields_are_passed_over(client: Client) -> None:
    response = client.post(IMPORTS, {"picture": io.BytesIO(b"x")})
    assert response.status_code == 400
    assert list(storage.incoming().iterdir()) == []


@pytest.mark.parametrize("text", ["Fabrikam", "fabrikam", "FABRIKAM.example"])
def test_customer_is_found_by_name_and_domain(client: Client, world: World, text: str) -> None:
    assert sent(client, "poem\n", customer=text).customer_id == world.customer.tenant_id


def test_customer_is_found_by_its_id_and_as_it_was_offered(client: Client, world: World) -> None:
    offered = f"Fabrikam ({world.customer.tenant_id})"
    assert f'<option value="{offered}">' in text_of(client.get(IMPORTS, {"customer": "fabr"}))
    assert sent(client, "poem\n", customer=offered).customer_id == world.customer.tenant_id
    assert sent(client, "poem\n", customer=str(world.customer.tenant_id)).customer_id == world.customer.tenant_id


def test_customers_of_others_are_like_none(client: Client, world: World) -> None:
    theirs = another_customer(world, f"{CANARY} Theirs", world.them)
    for text in (str(theirs.tenant_id), f"{CANARY} Theirs", "nobody"):
        response = send(client, "poem\n", customer=text)
        assert response.status_code == 400
        assert "You serve no such customer." in text_of(response)
        assert '<datalist id="customers"></datalist>' in text_of(client.get(IMPORTS, {"customer": text}))


def test_several_customers_of_that_name_are_named(client: Client, world: World) -> None:
    another_customer(world, "Fabrikam Nord")
    another_customer(world, "Fabrikam Süd")
    assert sent(client, "poem\n", customer="fabrikam ").customer_id == world.customer.tenant_id
    page = text_of(send(client, "poem\n", customer="brika"))
    assert "Several customers are called so: Fabrikam (" in page


def test_day_still_to_come_is_refused(client: Client) -> None:
    response = send(client, "poem\n", day="2999-01-01")
    assert response.status_code == 400
    assert "This day is still to come" in text_of(response)


def test_table_is_explained_once_and_read_by_itself_from_then_on(client: Client, world: World) -> None:
    table = f"Kunde;Wer;Was;Seit\n{world.customer.tenant_id};ann;{world.e3.sku_id};01.02.2026\n"
    upload = sent(client, table)
    place = reverse("insights:import_columns", args=[upload.pk, 0])
    assert place in page_of(client, upload)
    assert "Kunde" in text_of(client.get(place, {"target": "activity.csv"}))
    said = {
        "target": "activity.csv",
        "from_customer_id": "Kunde",
        "from_user_id": "Wer",
        "always_service": "EXO",
        "from_day": "Seit",
    }
    response = client.post(place, said)
    assert response.status_code == 400
    assert "Say how the days are written" in text_of(response)
    response = client.post(place, said | {"day_format": "%d.%m.%Y"})
    assert response.status_code == 302
    upload.refresh_from_db()
    assert (upload.state, ImportReport.of_kept(upload.report).total("new")) == (Upload.State.CHECKED, 1)
    assert (TableColumns.objects.get().partner, sent(client, table).state) == (world.us, Upload.State.CHECKED)
    assert sent(browser(world.them, Role.ADMIN_AGENT), table).state == Upload.State.REFUSED


def test_columns_of_what_is_no_table_are_not_there(client: Client, world: World) -> None:
    upload = sent(client, "[]", "a,b\n1,2\n")
    for place, status in ((0, 404), (1, 200), (2, 404), (99, 404)):
        assert client.get(reverse("insights:import_columns", args=[upload.pk, place])).status_code == status
    assert client.get(reverse("insights:import_columns", args=[upload.pk, 1]), {"target": "x"}).status_code == 400


def test_large_upload_is_left_to_a_worker_and_the_page_asks_again(
    client: Client, world: World, queue: SimpleQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "LITTLE", 10)
    upload = sent(client, subscriptions(world, "S1"))
    woken = queue.get(timeout=10)
    assert (upload.state, woken.headers["task"]) == (Upload.State.CHECKING, "insights.tasks.work_uploads")
    assert woken.headers["expires"] is not None
    page = page_of(client, upload)
    assert 'hx-trigger="every 1s"' in page
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    working.work_uploads()
    page = page_of(client, upload)
    assert 'hx-trigger="every 1s"' not in page
    assert "Apply all" in page


def test_zip_is_as_large_as_what_it_unpacks_to(client: Client, world: World) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "x" * 6_000_000)
    upload = sent(client, packed.getvalue())
    assert upload.size < working.LITTLE
    assert not is_little(upload)


def test_many_files_are_not_little_however_small(client: Client) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(working.FEW + 1):
            archive.writestr(f"{number}.csv", "x")
    assert not is_little(sent(client, packed.getvalue()))


def test_unknown_act_is_told(client: Client, world: World) -> None:
    response = act(client, sent(client, subscriptions(world, "S1")), "explode")
    assert response.status_code == 400
    assert "act: expected one of apply," in text_of(response)


def test_page_of_imports_asks_a_fixed_number_of_questions(world: World, django_assert_max_num_queries: Any) -> None:
    client = signed_in(make_staff(world.us, Role.ADMIN_AGENT))
    for key in ("S1", "S2", "S3"):
        sent(client, subscriptions(world, key))
    with django_assert_max_num_queries(12):
        client.get(IMPORTS)


def test_applied_upload_is_undone_with_a_reason(client: Client, world: World) -> None:
    upload = sent(client, subscriptions(world, "S1"))
    act(client, upload, "apply")
    response = act(client, upload, "undo")
    assert response.status_code == 400
    assert "This field is required." in text_of(response)
    act(client, upload, "undo", reason="It was the wrong file")
    upload.refresh_from_db()
    assert (upload.state, Subscription.objects.count(), upload.load.undone_by) == (
        Upload.State.UNDONE,
        0,
        upload.undone_by,
    )
    page = page_of(client, upload)
    assert "It was the wrong file. Everything is as if it had never been applied." in page
    assert 'value="undo"' not in page
    assert AuditEntry.objects.get(action="load.undo").reason == "It was the wrong file"


def test_undo_that_is_refused_says_why_and_leaves_it_applied(client: Client, world: World) -> None:
    upload = sent(client, subscriptions(world, "S1"))
    act(client, upload, "apply")
    later = sent(client, "subscription_id,user_id,from,state\nS1,ann,2026-02-01,entitled\n")
    act(client, later, "apply")
    act(client, upload, "undo", reason="Wrong")
    upload.refresh_from_db()
    assert (upload.state, Subscription.objects.count()) == (Upload.State.APPLIED, 1)
    assert "because the load “file 0.csv” of" in page_of(client, upload)
