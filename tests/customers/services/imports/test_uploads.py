"""Uploads: from their arrival to what becomes of them, whoever works on them, and whoever dies at it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone
from django.utils.translation import gettext, override

from customers.imports.report import ImportReport
from customers.models import Activity, Load, Relationship, Subscription, Upload
from customers.services.imports import storage, working
from customers.services.imports.uploads import (
    Sent,
    Unsaid,
    ask_to_apply,
    check_again,
    discard,
    expire_uploads,
    receive,
)
from customers.services.imports.working import uploads_at_work, work_on
from insights.selectors.headline import headline
from partners.failures import WrongStateError
from partners.models import AuditEntry, Partner, Staff
from partners.permissions import Role
from tests.customers.feed.conftest import SUBSCRIPTIONS, Feeds, version
from tests.people import make_staff

State = Upload.State
Send = Callable[..., Upload]
GOOD = SUBSCRIPTIONS + version("S1")
HALF = GOOD + version("S2", quantity=-1)


@pytest.fixture
def agent(world: Feeds) -> Staff:
    return make_staff(Partner.objects.get(slug="alpha"), Role.ADMIN_AGENT)


@pytest.fixture
def send(agent: Staff, tmp_path: Path) -> Send:
    """Has the agent send files with these texts, which are then checked."""

    def send(*texts: str) -> Upload:
        files = []
        for number, text in enumerate(texts):
            path = tmp_path / f"{uuid4()}"
            path.write_text(text)
            files.append(Sent(path, f"file {number}.csv", len(text)))
        upload = receive(actor=agent, files=files, about=Unsaid())
        return worked(upload)

    return send


def worked(upload: Upload) -> Upload:
    work_on(upload=upload.pk, measure=headline)
    upload.refresh_from_db()
    return upload


def report_of(upload: Upload) -> ImportReport:
    return ImportReport.of_kept(upload.report)


def test_good_upload_is_checked_and_changes_nothing(send: Send) -> None:
    upload = send(GOOD)
    assert (upload.state, upload.attempts, report_of(upload).total("new")) == (State.CHECKED, 1, 1)
    assert [change.name for change in report_of(upload).figures] == ["Fabrikam"]
    assert Subscription.objects.count() == 0


def test_applied_upload_is_one_load_of_whoever_applied_it(send: Send, agent: Staff) -> None:
    upload = worked(ask_to_apply(actor=agent, upload=send(GOOD), skip_bad=False))
    load = Load.objects.get(kind=Load.Kind.IMPORT)
    assert (upload.state, upload.load, upload.applied_by) == (State.APPLIED, load, agent)
    assert (load.stated_by, load.source, Subscription.objects.count()) == (agent.partner, "file 0.csv", 1)
    assert AuditEntry.objects.get(action="import.apply").actor == agent
    assert [change.name for change in report_of(upload).figures] == ["Fabrikam"]


def test_files_go_when_they_are_applied(
    send: Send, agent: Staff, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    upload = send(HALF)
    with django_capture_on_commit_callbacks(execute=True):
        worked(ask_to_apply(actor=agent, upload=upload, skip_bad=True))
    assert [path.name for path in storage.folder_of(upload.pk).iterdir()] == ["refused.csv"]


def test_upload_with_something_refused_is_applied_as_a_whole_by_nobody(send: Send, agent: Staff) -> None:
    upload = send(HALF)
    assert (upload.state, report_of(upload).refused) == (State.REFUSED, 1)
    with pytest.raises(WrongStateError, match=r"^Something in it was refused\."):
        ask_to_apply(actor=agent, upload=upload, skip_bad=False)
    applied = worked(ask_to_apply(actor=agent, upload=upload, skip_bad=True))
    assert (applied.state, Subscription.objects.count()) == (State.APPLIED, 1)


def test_upload_without_anything_good_can_only_be_discarded(send: Send, agent: Staff) -> None:
    upload = send("Roses are red\n")
    with pytest.raises(WrongStateError):
        ask_to_apply(actor=agent, upload=upload, skip_bad=True)
    discard(actor=agent, upload=upload)
    upload.refresh_from_db()
    assert upload.state == State.DISCARDED
    with pytest.raises(WrongStateError, match=r"^This upload is discarded by now\."):
        check_again(actor=agent, upload=upload, about=Unsaid())


def test_what_became_bad_since_the_check_keeps_everything_out(send: Send, agent: Staff) -> None:
    upload = send(GOOD)
    Relationship.objects.filter(partner=agent.partner).update(valid_to="2026-02-01")
    upload = worked(ask_to_apply(actor=agent, upload=upload, skip_bad=False))
    assert (upload.state, report_of(upload).refused, Subscription.objects.count()) == (State.REFUSED, 1, 0)
    assert upload.failure.startswith("Meanwhile something has changed")


def test_somebody_who_lost_the_right_meanwhile_applies_nothing(send: Send, agent: Staff) -> None:
    asked = ask_to_apply(actor=agent, upload=send(GOOD), skip_bad=False)
    agent.roles = ["sales_agent"]
    agent.save()
    upload = worked(asked)
    assert (upload.state, upload.failure) == (
        State.FAILED,
        "Whoever asked for it may not import any more. Nothing was imported.",
    )
    assert Subscription.objects.count() == 0


def test_upload_at_which_workers_keep_dying_has_failed(send: Send, agent: Staff) -> None:
    asked = ask_to_apply(actor=agent, upload=send(GOOD), skip_bad=False)
    Upload.objects.update(attempts=working.MOST_ATTEMPTS)
    upload = worked(asked)
    assert (upload.state, upload.failure) == (
        State.FAILED,
        "The work on it ended unexpectedly, several times. Nothing was imported.",
    )
    assert uploads_at_work() == []


def test_unforeseen_error_is_said_and_leaves_nothing(send: Send, agent: Staff) -> None:
    asked = ask_to_apply(actor=agent, upload=send(GOOD), skip_bad=False)
    storage.file_of(asked.pk, 0).unlink()
    upload = worked(asked)
    assert (upload.state, Subscription.objects.count()) == (State.FAILED, 0)
    assert upload.failure.startswith("Something went wrong on our side.")


def test_upload_that_nobody_applied_expires(
    send: Send, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    upload, young = send(GOOD), send(GOOD)
    Upload.objects.filter(pk=upload.pk).update(sent_at=timezone.now() - timedelta(hours=25))
    with django_capture_on_commit_callbacks(execute=True):
        assert expire_uploads() == 1
    upload.refresh_from_db()
    young.refresh_from_db()
    assert (upload.state, young.state) == (State.EXPIRED, State.CHECKED)
    assert sorted(path.name for path in (storage.folder_of(young.pk)).iterdir()) == ["0"]
    assert Activity.objects.count() == 0


def test_other_partners_staff_has_no_such_upload(send: Send) -> None:
    stranger = make_staff(Partner.objects.get(slug="beta"), Role.GLOBAL_ADMIN)
    with pytest.raises(Upload.DoesNotExist):
        ask_to_apply(actor=stranger, upload=send(GOOD), skip_bad=False)


def test_what_came_of_it_is_told_in_the_language_of_whoever_sent_it(agent: Staff, send: Send) -> None:
    told = {}
    for language in ("en", "it"):
        agent.language = language
        agent.save()
        upload = send("no table at all")
        told[language] = [file.refusal for file in report_of(upload).files]
        assert upload.language == language
    with override("it"):
        assert told["it"] == [gettext(sentence) for sentence in told["en"]]
    assert told["it"] != told["en"]
