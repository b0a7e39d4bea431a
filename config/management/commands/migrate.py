"""Django's `migrate`, as the owner unless another alias is asked for."""

from django.core.management.base import CommandParser
from django.core.management.commands import migrate

from config.routers import OWNER


class Command(migrate.Command):
    """Migrates as the owner; the rights of the application's role follow by themselves (config/grants.py)."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's arguments with another default."""
        super().add_arguments(parser)
        parser.set_defaults(database=OWNER)
