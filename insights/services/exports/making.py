"""Makes the files that are waiting: whoever comes first claims one in PostgreSQL, and a lost worker's is taken up again."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError, transaction
from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from insights.models import ExportJob
from insights.services.exports import storage
from partners.export.asking import Export, UnknownExportError
from partners.export.formats import Writing
from partners.export.table import Row
from partners.mail import MailError, send
from partners.models import Staff
from partners.tenancy import operating, scope_of, within

CLAIM = timedelta(minutes=2)
MOST_ATTEMPTS = 3
TOLD_SECONDS = 2.0
"""So often it is said how far a file is."""

_log = logging.getLogger(__name__)


class _LostError(Exception):
    """Somebody else has taken the job, or whoever asked has forgotten it."""


def make_files() -> int:
    """Make what is waiting, one after another; how many were taken up."""
    taken = 0
    with operating():
        while (job := _claimed()) is not None:
            taken += 1
            _make(job)
    return taken


def _claimed() -> ExportJob | None:
    """The job that has waited longest and that nobody is at, now claimed."""
    free = Q(state=ExportJob.State.WAITING) | Q(state=ExportJob.State.RUNNING, claimed_until__lt=timezone.now())
    with transaction.atomic():
        job = ExportJob.objects.select_for_update(skip_locked=True).filter(free).order_by("asked_at").first()
        if job is None:
            return None
        job.state, job.rows_done = ExportJob.State.RUNNING, 0
        job.attempts, job.claimed_until = job.attempts + 1, timezone.now() + CLAIM
        job.save()
    return ExportJob.objects.select_related("staff__partner").get(pk=job.pk)


def _make(job: ExportJob) -> None:
    """Nothing is raised: what goes wrong is said by the job, in the language of whoever asked."""
    with override(job.language or settings.LANGUAGE_CODE):
        _make_or_tell(job)


def _make_or_tell(job: ExportJob) -> None:
    if job.attempts > MOST_ATTEMPTS:
        _fail(job, _("Making it ended unexpectedly, several times. Ask for fewer rows, or for CSV."))
        return
    try:
        _write(job)
        _tell(job)
    except _LostError:
        storage.part_of(job.pk, job.attempts).unlink(missing_ok=True)
    except (BadRequest, PermissionDenied, UnknownExportError) as error:
        _fail(job, str(error))
    except Http404:
        _fail(job, _("What it was to show isn't there any more."))
    except (OperationalError, psycopg.OperationalError):
        _log.warning("Export %s is left for later: the database went away", job.pk)
    except Exception:  # noqa: BLE001  whatever is wrong, whoever asked is told
        _log.exception("Export %s failed", job.pk)
        _fail(job, _("Something went wrong on our side. The operator finds more in the log."))


def _write(job: ExportJob) -> None:
    staff = job.staff
    with _as(staff):
        writing = Export.at(job.address).asked_by(staff)
        job.title, job.rows, job.name = str(writing.table.title), writing.table.size, writing.name
        _hold(job, title=job.title, rows=job.rows, name=job.name)
        part = storage.part_of(job.pk, job.attempts)
        with part.open("wb") as file:
            for chunk in writing.chunks(_watched(job, writing.table.rows)):
                file.write(chunk)
    size = part.stat().st_size
    part.replace(storage.file_of(job.pk))
    _finish(job, staff, writing, size)


@contextmanager
def _as(staff: Staff) -> Iterator[None]:
    with within(scope_of(staff)):
        yield


def _watched(job: ExportJob, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, and now and then a word about how many there have been: which also keeps the claim."""
    told = time.monotonic()
    for number, row in enumerate(rows, start=1):
        yield row
        if number % 500 == 0 and time.monotonic() - told > TOLD_SECONDS:
            _hold(job, rows_done=number)
            told = time.monotonic()


def _hold(job: ExportJob, **found: object) -> None:
    """Keep the claim, and say what is known. Raises _LostError if it isn't ours any more."""
    mine = ExportJob.objects.filter(pk=job.pk, state=ExportJob.State.RUNNING, attempts=job.attempts)
    if not mine.update(claimed_until=timezone.now() + CLAIM, **found):
        raise _LostError


def _finish(job: ExportJob, staff: Staff, writing: Writing, size: int) -> None:
    _hold(
        job,
        state=ExportJob.State.DONE,
        done_at=timezone.now(),
        rows=writing.seal.rows,
        rows_done=writing.seal.rows,
        size=size,
        manifest=writing.manifest(),
        rights=sorted(action.value for action in staff.actions),
    )


def _fail(job: ExportJob, said: str) -> None:
    ExportJob.objects.filter(pk=job.pk, attempts=job.attempts).update(state=ExportJob.State.FAILED, failure=said)


def _tell(job: ExportJob) -> None:
    """The mail with the link. Without it the file stands on the page all the same."""
    context = {"job": job, "title": job.title, "link": job.site + reverse("insights:exports")}
    try:
        send("export_ready", to=job.staff.email, context=context, language=job.language)
    except MailError:
        _log.warning("The mail about export %s couldn't be sent", job.pk)
