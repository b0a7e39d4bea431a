"""`manage.py servers`: looks after the embedded servers."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.embedded import client
from config.embedded.failures import EmbeddedError
from config.start import environment


class Command(BaseCommand):
    """Says whether the embedded servers run, stops them, or starts them."""

    help = "The embedded PostgreSQL and Valkey: status (default), stop, start."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One word."""
        parser.add_argument("action", nargs="?", choices=["status", "stop", "start"], default="status")

    def handle(self, *_arguments: object, action: str, **_options: object) -> None:
        """Does it, and says what is so afterwards."""
        if not environment().embedded:
            self.stdout.write("The environment names its own servers; there are no embedded ones.")
            return
        try:
            getattr(self, action)()
        except EmbeddedError as error:
            raise CommandError(str(error)) from error

    def status(self) -> None:
        """Tells the phase."""
        state = client.status(settings.SEATWISE_VAR)
        process = f", supervisor is process {state.pid}" if state.pid else ""
        self.stdout.write(f"Embedded servers in {settings.SEATWISE_VAR}: {state.phase}{process}")

    def stop(self) -> None:
        """Stops them."""
        stopped = client.stop(settings.SEATWISE_VAR)
        self.stdout.write("Embedded servers stopped." if stopped else "No embedded servers were running.")

    def start(self) -> None:
        """Starts them; they stay as long as somebody uses them, and ten minutes more."""
        client.ensure_running(settings.SEATWISE_VAR)
        self.status()
