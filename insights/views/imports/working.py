"""Who does the work on an upload: the request where it is little, else a worker, who is woken up."""

from __future__ import annotations

import zipfile
from pathlib import Path

from kombu.exceptions import OperationalError

from customers.models import Upload
from customers.services.imports.storage import file_of
from customers.services.imports.working import work_on
from insights.selectors.headline import headline
from insights.tasks import work_uploads

LITTLE = 5_000_000
"""Bytes, unpacked: so much is worked off while the browser waits."""
FEW = 100
"""Files, unpacked: each takes its time, however small."""


def work_soon(upload: Upload) -> None:
    """Have done what the upload's state says. Nothing is raised: whoever isn't reached now looks for work by itself."""
    if is_little(upload):
        work_on(upload=upload.pk, measure=headline, patient=False)
        upload.refresh_from_db()
    if upload.is_at_work:
        try:
            work_uploads.apply_async(retry=False, expires=60)
        except OperationalError:
            return


def is_little(upload: Upload) -> bool:
    """Whether the upload's files are few and small, whatever they are packed into."""
    if upload.size >= LITTLE:
        return False
    sizes = [size for file in upload.files.all() for size in _sizes(file_of(upload.pk, file.place), file.size)]
    return len(sizes) <= FEW and sum(sizes) < LITTLE


def _sizes(path: Path, size: int) -> list[int]:
    """The bytes of a file; of a zip or workbook, those that each of its files says it unpacks to."""
    try:
        with zipfile.ZipFile(path) as archive:
            return [info.file_size for info in archive.infolist()]
    except (OSError, zipfile.BadZipFile, NotImplementedError, UnicodeError, ValueError):
        return [size]
