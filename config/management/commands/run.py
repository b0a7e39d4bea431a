"""`manage.py run`: everything that an installation on one machine runs, until Ctrl-C."""

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import programs, static
from config.embedded.locks import open_lock, take
from config.processtree import ProcessTree
from config.start import environment

HOST = "127.0.0.1"
ANSWER_SECONDS = 2.0


class Command(BaseCommand):
    """Runs web server, worker and beat as children of this process, and starts again what dies."""

    help = "Runs web server, worker and beat until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        """The web server's port."""
        parser.add_argument("--port", type=int, default=8000, help="where the web server listens (default 8000)")

    def handle(self, *_arguments: object, port: int, **_options: object) -> None:
        """Runs until Ctrl-C. Two at once on one data folder would compete for beat's file, so the second is refused."""
        var = settings.SEATWISE_VAR
        var.mkdir(parents=True, exist_ok=True)
        if not take(open_lock(var / "run.lock"), wait=False):
            raise CommandError(
                f"another `manage.py run` uses {var} already; end it first, or name another folder in SEATWISE_VAR"
            )
        tree = ProcessTree(
            commands(var, port), folder=settings.BASE_DIR, say=self.stderr.write, watch=Announcement(port, self.tell)
        )
        # What a killed run has left may hold the port.
        tree.clear()
        refuse_taken(port)
        if not settings.DEBUG:
            static.collect()
        self.tell("Web server, worker and beat are starting. Ctrl-C ends.")
        tree.run()
        self.tell("Ended.")

    def tell(self, text: str) -> None:
        """Says it at once, also where the output is a file."""
        self.stdout.write(text)
        self.stdout.flush()


class Announcement:
    """Tells the address once it answers; called again and again until it has."""

    def __init__(self, port: int, tell: Callable[[str], object]) -> None:
        self.port = port
        self.tell = tell
        self.told = ""

    def __call__(self) -> None:
        """Asks once, unless all has been told."""
        address = f"http://localhost:{self.port}/"
        text = "" if self.told.startswith(address) else readiness(self.port)
        if text and text != self.told:
            self.told = address if text == "ready" else text
            self.tell(f"Seatwise answers at {address}" if text == "ready" else f"Not ready yet: {text}")


def readiness(port: int) -> str:
    """`ready`, or why the web server can't serve yet; empty as long as it doesn't answer."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/readyz", timeout=ANSWER_SECONDS):
            return "ready"
    except urllib.error.HTTPError as error:
        if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
            return f"/readyz answers with status {error.code}"
        checks = json.load(error)["checks"]
        return "; ".join(f"{part}: {answer}" for part, answer in checks.items() if answer != "ok")
    except OSError:
        return ""


def refuse_taken(port: int) -> None:
    """CommandError where somebody else listens there."""
    with socket.socket() as probe:
        # As gunicorn does: a port whose last user has only just left is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or "a port is a number from 1 to 65535"
            raise CommandError(f"port {port}: {reason}; name another one with --port") from None


def commands(var: Path, port: int) -> dict[str, programs.Command]:
    """The programs. Their command lines hold the data folder's mark, so that another installation's are never taken for ours."""
    folder = var / "beat"
    folder.mkdir(exist_ok=True)
    mark = programs.mark_of(var)
    return {
        "web": programs.web(host=HOST, port=port, mark=mark),
        "worker": programs.worker(processes=environment().worker_processes, mark=mark),
        "beat": programs.beat(folder=folder),
    }
