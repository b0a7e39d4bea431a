"""`manage.py rotate_secrets`: seals the secrets of connections anew with the first of SEATWISE_KEYS."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from customers.connections.failures import PullError
from customers.services.connections import rotate_secrets


class Command(BaseCommand):
    """After it the older keys open nothing any more, and can be left out."""

    help = "Seals the secrets of connections anew with the first of SEATWISE_KEYS."

    def handle(self, *_arguments: object, **_options: object) -> None:
        """Exit status 1 where a secret can't be opened with any key."""
        try:
            sealed, unreadable = rotate_secrets()
        except PullError:
            raise CommandError("SEATWISE_KEYS: is not set; expected the new key, a comma, and the old one") from None
        self.stdout.write(f"Secrets sealed with the first key: {sealed}.")
        if unreadable:
            raise CommandError(
                f"{unreadable} secrets can't be opened with any of SEATWISE_KEYS; add the key that they were sealed with,"
                " or let the partners enter them anew"
            )
