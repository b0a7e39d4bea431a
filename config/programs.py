"""The programs of an installation, by name: what `manage.py run` keeps running, and what containers run."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

Command = Sequence[str]


def web(*, host: str, port: int, mark: str) -> Command:
    """The web server, listening on `host` and `port`; `mark` as for the worker."""
    return python("gunicorn", "--config=python:config.gunicorn", f"--bind={host}:{port}", f"--name=seatwise-{mark}")


def worker(*, processes: int, mark: str) -> Command:
    """A worker of Celery; `mark` tells it from those of other installations."""
    return celery("worker", f"--concurrency={processes}", "--loglevel=WARNING", f"--hostname=seatwise-{mark}@%h")


def beat(*, folder: Path) -> Command:
    """Celery's clock, of which there is one only; it keeps its schedule in `folder`."""
    return celery("beat", f"--schedule={folder / 'schedule'}", "--pidfile=", "--loglevel=WARNING")


def celery(*arguments: str) -> Command:
    """A command line of Celery for our app."""
    return python("celery", "--quiet", "--app=config", *arguments)


def python(module: str, *arguments: str) -> Command:
    """A module run by this Python."""
    return [sys.executable, "-m", module, *arguments]


def mark_of(var: Path) -> str:
    """A short name for a data folder, so that another installation's programs are never taken for ours."""
    return hashlib.sha256(os.fsencode(var)).hexdigest()[:8]
