"""`manage.py prove_isolation`: shows on the operator's own installation that no partner's staff sees what is another's."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.isolation import prove


class Command(BaseCommand):
    """Asks at every door as one person per partner and role, changes nothing, and prints who was let in where."""

    help = "Asks at every door as one person per partner and role; ends with status 1 where anybody learns what is another's."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Goes round, prints the matrix, and then every leak."""
        with _unheard():
            matrix = prove()
        self.stdout.write(f"{'who':<48}{'doors':<8}{'opened':>8}{'refused':>9}")
        for who, kind, opened, refused in matrix.rows:
            self.stdout.write(f"{who:<48}{kind:<8}{opened:>8}{refused:>9}")
        if matrix.leaks:
            raise CommandError("\n".join([f"{len(matrix.leaks)} leaks:", *matrix.leaks]))
        self.stdout.write("No leaks.")


@contextmanager
def _unheard() -> Iterator[None]:
    """Requests aren't logged: there are thousands, all of them our own."""
    logger = logging.getLogger("seatwise.web")
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = False
