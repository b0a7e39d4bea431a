"""What staff does with uploads: send files, have them checked again, apply, discard, undo. The work itself: `working`."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from customers.imports.formats.tables import Mapping, fingerprint
from customers.imports.report import ImportReport
from customers.models import TableColumns, Upload, UploadedFile
from customers.models.upload import KEPT
from customers.services.imports import storage
from customers.services.undo import may_undo
from partners.failures import WrongStateError
from partners.models import Staff
from partners.tenancy import operating

LONGEST_NAME = 256


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that has arrived: where it lies now, what it is called, how many bytes it has."""

    path: Path
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What files may not say themselves: the customer (tenant id), the day of lists, the country of new customers."""

    customer: UUID | None = None
    day: date | None = None
    country: str = ""


def receive(*, actor: Staff, files: Sequence[Sent], about: Unsaid) -> Upload:
    """Keep the files that `actor` sent for the own partner; they are to be checked next."""
    with transaction.atomic():
        upload = Upload.objects.create(
            partner=actor.partner,
            sent_by=actor,
            customer_id=about.customer,
            day=about.day,
            country=about.country,
            language=actor.language or get_language() or "",
            size=sum(file.size for file in files),
        )
        UploadedFile.objects.bulk_create(
            UploadedFile(upload=upload, place=place, name=_text(file.name), size=file.size)
            for place, file in enumerate(files)
        )
        for place, file in enumerate(files):
            shutil.move(file.path, storage.file_of(upload.pk, place))
    return upload


def _text(name: str) -> str:
    """A file's name as it can be stored and shown."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in name)
    return printable.encode(errors="replace").decode()[:LONGEST_NAME] or "?"


def check_again(*, actor: Staff, upload: Upload, about: Unsaid) -> Upload:
    """Have the files checked again, with something else about them. Raises WrongStateError: they aren't there any more."""
    with transaction.atomic():
        found = _mine(actor, upload, Upload.WAITING)
        found.customer_id, found.day, found.country = about.customer, about.day, about.country
        return _begin(found, Upload.State.CHECKING)


def explain_table(*, actor: Staff, upload: Upload, headers: Sequence[str], mapping: Mapping) -> Upload:
    """Remember what the columns of tables with these headers mean, and have the upload checked again. Raises WrongStateError."""
    with transaction.atomic():
        found = _mine(actor, upload, Upload.WAITING)
        TableColumns.objects.update_or_create(
            partner=actor.partner,
            fingerprint=fingerprint(headers),
            defaults={"mapping": mapping.as_json(), "said_by": actor},
        )
        return _begin(found, Upload.State.CHECKING)


def ask_to_apply(*, actor: Staff, upload: Upload, skip_bad: bool) -> Upload:
    """Have the upload applied: all of it, or with `skip_bad` its good records. Raises WrongStateError."""
    with transaction.atomic():
        found = _mine(actor, upload, {Upload.State.CHECKED, Upload.State.REFUSED})
        report = ImportReport.of_kept(found.report or {})
        if not (report.faultless or (skip_bad and report.has_records)):
            raise WrongStateError(_("Something in it was refused. Take the good records only, or send it corrected."))
        found.skip_bad, found.applied_by = skip_bad, actor
        return _begin(found, Upload.State.APPLYING)


def ask_to_undo(*, actor: Staff, upload: Upload, reason: str) -> Upload:
    """Have an applied upload undone. Raises WrongStateError."""
    with transaction.atomic():
        found = _mine(actor, upload, {Upload.State.APPLIED})
        found.undone_by, found.reason = actor, reason
        return _begin(found, Upload.State.UNDOING)


def may_be_undone(*, actor: Staff, upload: Upload) -> bool:
    """Whether this person could undo what was applied: by rights, and because what that needs is still kept."""
    if upload.state != Upload.State.APPLIED or upload.load is None:
        return False
    with operating():
        return may_undo(actor=actor, load=upload.load)


def discard(*, actor: Staff, upload: Upload) -> None:
    """Remove an upload's files, of which nothing has come. Raises WrongStateError."""
    with transaction.atomic():
        found = _mine(actor, upload, Upload.WAITING)
        _end(found, Upload.State.DISCARDED)


def expire_uploads() -> int:
    """Remove the files of uploads that nobody applied in time, and what killed processes left; how many uploads."""
    with transaction.atomic():
        old = Upload.objects.filter(state__in=Upload.WAITING, sent_at__lt=timezone.now() - KEPT)
        found = list(old.select_for_update(skip_locked=True))
        for upload in found:
            _end(upload, Upload.State.EXPIRED)
    storage.remove_abandoned()
    return len(found)


def _mine(actor: Staff, upload: Upload, states: frozenset[str] | set[str]) -> Upload:
    """The upload as it is now, kept from changing, if it is in one of these states. Raises WrongStateError."""
    found = Upload.objects.visible_to(actor).select_for_update().get(pk=upload.pk)
    if found.state not in states:
        raise WrongStateError(_("This upload is %(state)s by now.") % {"state": found.get_state_display()})
    return found


def _begin(upload: Upload, state: str) -> Upload:
    upload.state, upload.attempts, upload.failure = state, 0, ""
    upload.save()
    return upload


def _end(upload: Upload, state: str) -> None:
    upload.state = state
    upload.save()
    transaction.on_commit(lambda: storage.remove_folder(upload.pk))
