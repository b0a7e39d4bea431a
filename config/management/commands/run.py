"""`manage.py run`: everything that an installation on one machine runs, until Ctrl-C."""

import hashlib
import os
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.embedded.locks import open_lock, take
from config.processtree import Command as CommandLine
from config.processtree import ProcessTree, celery_command

WORKER_PROCESSES = 2


class Command(BaseCommand):
    """Runs worker and beat as children of this process, and starts again what dies."""

    help = "Runs worker and beat (and, once there are pages, the web server) until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        """The web server's port."""
        parser.add_argument("--port", type=int, default=8000, help="where the web server will listen (default 8000)")

    def handle(self, *_arguments: object, port: int, **_options: object) -> None:
        """Runs until Ctrl-C. Two at once on one data folder would compete for beat's file, so the second is refused."""
        var = settings.SEATWISE_VAR
        var.mkdir(parents=True, exist_ok=True)
        if not take(open_lock(var / "run.lock"), wait=False):
            raise CommandError(
                f"another `manage.py run` uses {var} already; end it first, or name another folder in SEATWISE_VAR"
            )
        self.stdout.write(
            f"Worker and beat are starting. There are no pages yet: nothing listens on port {port}. Ctrl-C ends."
        )
        ProcessTree(commands(var), folder=settings.BASE_DIR, say=self.stderr.write).run()
        self.stdout.write("Ended.")


def commands(var: Path) -> dict[str, CommandLine]:
    """The programs. Their names and files hold the data folder, so that another installation's are never taken for ours."""
    beat = var / "beat"
    beat.mkdir(exist_ok=True)
    mark = hashlib.sha256(os.fsencode(var)).hexdigest()[:8]
    return {
        "worker": celery_command(
            "worker", f"--concurrency={WORKER_PROCESSES}", "--loglevel=WARNING", f"--hostname=seatwise-{mark}@%h"
        ),
        "beat": celery_command("beat", f"--schedule={beat / 'schedule'}", "--pidfile=", "--loglevel=WARNING"),
    }
