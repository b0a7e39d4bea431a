"""`manage.py create_token`: an API token for a member of staff."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from partners.selectors.tokens import UnknownStaffError, staff_by_email
from partners.services.tokens import create_token


class Command(BaseCommand):
    """Makes an API token and prints it, this once."""

    help = "Makes an API token that acts for a member of staff, and prints it: this once, for it is not kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True, metavar="E", help="for whom it acts")
        parser.add_argument("--name", required=True, metavar="N", help="what will use it")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            made = create_token(actor=None, staff=staff_by_email(options["email"]), name=options["name"])
        except UnknownStaffError as error:
            raise CommandError(str(error)) from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(made.plain)
