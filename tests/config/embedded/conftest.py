"""Data folders of the tests' own, whose servers end with the test."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from config.embedded import client
from config.embedded.account import CAPABILITIES
from config.embedded.places import Places
from config.embedded.processes import end_all, processes_in

ROOT = Path(__file__).parents[3]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user of the machine may enter, unlike pytest's."""
    folder = Path(tempfile.mkdtemp(prefix="seatwise-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    end_at_once(folder / "var")
    shutil.rmtree(folder)


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """A data folder below pytest's, which nobody but ourselves may enter."""
    folder = tmp_path / "var"
    folder.mkdir()
    yield folder
    end_at_once(folder)


def end_at_once(var: Path) -> None:
    """Ends the servers of a data folder that nobody needs any more, without the checkpoint of a proper end."""
    number = client.status(var).pid
    if number:
        psutil.Process(number).kill()
    places = Places(var)
    end_all(processes_in(places.postgres, "postgres") + processes_in(places.valkey, "valkey-server"))
    shutil.rmtree(places.short_folder, ignore_errors=True)


@pytest.fixture
def run_as_ordinary_user() -> Run:
    """Runs a command line as an ordinary user: ourselves, or `nobody` where we are root."""

    def run(command: Sequence[str | Path], **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*ordinary_prefix(), *command],
            cwd=ROOT,
            env=os.environ
            | {"PYTHONDONTWRITEBYTECODE": "1", "DATABASE_URL": "", "CELERY_BROKER_URL": ""}
            | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def ordinary_prefix() -> list[str]:
    """Changes to `nobody` where we are root; with leave to pass folders, as this Python may be in a home of root's."""
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam("nobody")
    return ["setpriv", "--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups", *CAPABILITIES]


@pytest.fixture
def ordinary_uid() -> int:
    """The number of that user."""
    return os.geteuid() or pwd.getpwnam("nobody").pw_uid


@pytest.fixture
def python() -> str:
    """This Python."""
    return sys.executable
