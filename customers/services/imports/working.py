"""The work on uploads: what their state says is to be done, by whoever comes first; a lost worker's is taken up again.

What is done and the state that says so are one transaction, under a lock of the database that ends with its holder.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from psycopg.errors import LockNotAvailable

from customers.imports.report import ImportReport
from customers.models import TableColumns, Upload
from customers.services.imports import storage
from customers.services.imports.delivery import Delivery, Given
from customers.services.imports.progress import Told, forget_progress
from customers.services.imports.running import Measure, apply, preview
from customers.services.undo import UndoRefusedError, undo
from partners.models import Partner
from partners.permissions import Action
from partners.tenancy import operating

MOST_ATTEMPTS = 3
PATIENCE = "5s"
"""So long a request waits for a load that is running, before it leaves the work to a worker."""

_log = logging.getLogger(__name__)


def uploads_at_work() -> list[UUID]:
    """The uploads with something to be done, the oldest first."""
    with operating():
        return list(Upload.objects.filter(state__in=Upload.AT_WORK).order_by("changed_at").values_list("pk", flat=True))


def work_on(*, upload: UUID, measure: Measure, patient: bool = True) -> None:
    """Do what is to be done with an upload, unless somebody else is at it, or nothing is.

    Nothing is raised: what goes wrong is said by the upload's state. `patient`: wait for a load that is running;
    else the work is left to be done later.
    """
    with operating(), override(_language_of(upload)):
        if not _attempted(upload):
            return
        try:
            with transaction.atomic():
                _be_patient(patient=patient)
                if (found := _taken(upload)) is not None:
                    _STEPS[found.state](found, measure)
                    found.save()
        except (OperationalError, psycopg.OperationalError) as error:
            # The database went away (amid a COPY psycopg itself says so), or a load is running: the state says that the
            # work is still to be done.
            _log.warning("Upload %s is left for later: %s", upload, type(error.__cause__ or error).__name__)
            if not patient and isinstance(error.__cause__, LockNotAvailable):
                Upload.objects.filter(pk=upload).update(attempts=0)
        except Exception:  # noqa: BLE001  whatever is wrong, whoever sent the files is told
            _log.exception("Upload %s failed", upload)
            _fail(
                upload, _("Something went wrong on our side. Nothing was imported; the operator finds more in the log.")
            )
        finally:
            forget_progress(upload)


def _language_of(upload: UUID) -> str:
    """That of whoever sent it, who reads what came of it."""
    told = Upload.objects.filter(pk=upload).values_list("language", flat=True).first()
    return told or settings.LANGUAGE_CODE


def _attempted(upload: UUID) -> bool:
    """Whether there is something to be done and nobody is at it; this attempt is counted."""
    with transaction.atomic():
        found = _taken(upload)
        if found is None:
            return False
        found.attempts += 1
        if found.attempts > MOST_ATTEMPTS:
            _set_failed(found, _("The work on it ended unexpectedly, several times. Nothing was imported."))
        found.save()
        return found.is_at_work


def _taken(upload: UUID) -> Upload | None:
    """The upload, if there is something to be done and nobody else is at it, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"upload {upload}"])
        if not cursor.fetchone()[0]:
            return None
    found = Upload.objects.select_related("partner", "applied_by", "undone_by", "load").filter(pk=upload).first()
    return found if found is not None and found.is_at_work else None


def _be_patient(*, patient: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", ["0" if patient else PATIENCE])


def _fail(upload: UUID, said: str) -> None:
    with transaction.atomic():
        found = Upload.objects.select_for_update().get(pk=upload)
        _set_failed(found, said)
        found.save()


def _set_failed(upload: Upload, said: str) -> None:
    """It goes back to where something else can be done with it: what couldn't be undone is still applied."""
    undoing = upload.state == Upload.State.UNDOING
    upload.state = Upload.State.APPLIED if undoing else Upload.State.FAILED
    upload.failure = said


def _check(upload: Upload, measure: Measure) -> None:
    report = preview(delivery=delivery_of(upload), measure=measure)
    upload.report = report.as_kept()
    upload.state = Upload.State.CHECKED if report.faultless else Upload.State.REFUSED


def _apply(upload: Upload, _measure: Measure) -> None:
    actor = upload.applied_by
    if actor is None or not actor.may(Action.CORRECT_FACTS):
        _set_failed(upload, _("Whoever asked for it may not import any more. Nothing was imported."))
        return
    shown = ImportReport.of_kept(upload.report or {})
    report = apply(actor=actor, delivery=delivery_of(upload))
    report.figures, report.day = shown.figures, shown.day
    upload.report = report.as_kept()
    if not report.applied:
        upload.state = Upload.State.REFUSED
        upload.failure = _(
            "Meanwhile something has changed, so that a part of it would be refused now. Nothing was imported."
        )
        return
    upload.state, upload.load_id = Upload.State.APPLIED, report.load
    transaction.on_commit(lambda: storage.remove_files(upload.pk))


def _undo(upload: Upload, _measure: Measure) -> None:
    told = Told(upload.pk)
    try:
        # How many loads there are, others' among them, is nobody's business here.
        undo(
            actor=upload.undone_by, load=upload.load, reason=upload.reason, progress=lambda name, _count: told(name, 0)
        )
    except (UndoRefusedError, PermissionDenied) as error:
        upload.state, upload.failure = Upload.State.APPLIED, str(error)
    else:
        upload.state, upload.undone_at = Upload.State.UNDONE, upload.load.undone_at


def delivery_of(upload: Upload) -> Delivery:
    """What an upload is asked to bring in."""
    files = [Given(storage.file_of(upload.pk, file.place), file.name) for file in upload.files.all()]
    return Delivery(
        stated_by=upload.partner,
        files=files,
        customer=upload.customer_id,
        day=upload.day or upload.sent_at.date(),
        country=upload.country,
        skip_bad=upload.skip_bad,
        mappings=mappings_of(upload.partner),
        rejected=storage.refused_of(upload.pk),
        progress=Told(upload.pk),
    )


def mappings_of(partner: Partner) -> Mapping[str, Any]:
    """What the partner has said that columns of tables mean, by the fingerprints of their headers."""
    return dict(TableColumns.objects.filter(partner=partner).values_list("fingerprint", "mapping"))


_STEPS: Mapping[str, Callable[[Upload, Measure], None]] = {
    Upload.State.CHECKING: _check,
    Upload.State.APPLYING: _apply,
    Upload.State.UNDOING: _undo,
}
