"""Style sheets, scripts and images: collected and compressed before the web server starts, where they have changed."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect() -> bool:
    """Collect the static files into STATIC_ROOT unless that has been done with just these; True where it was needed."""
    stamp, found = settings.STATIC_ROOT.with_suffix(".stamp"), fingerprint()
    if settings.STATIC_ROOT.is_dir() and stamp.exists() and stamp.read_text(encoding="ascii") == found:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(found, encoding="ascii")
    return True


def fingerprint() -> str:
    """One value for names, sizes and times of all files that are to be collected."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(f"{path}:{storage.size(path)}:{storage.get_modified_time(path)}\n".encode())
    return digest.hexdigest()
