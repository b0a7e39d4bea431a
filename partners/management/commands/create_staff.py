"""`manage.py create_staff`: a new member of a partner's staff."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from partners.permissions import Role
from partners.selectors.partners import UnknownPartnerError, partner_by_slug
from partners.services.staff import create_staff


class Command(BaseCommand):
    """Makes a member of staff who can sign in."""

    help = "Makes a member of a partner's staff. Reads the password from standard input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partner", required=True, metavar="SLUG", help="whose staff")
        parser.add_argument("--email", required=True, metavar="E", help="the e-mail address, with which to sign in")
        parser.add_argument(
            "--role",
            required=True,
            action="append",
            choices=[role.value for role in Role],
            dest="roles",
            help="repeatable",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            staff = create_staff(
                actor=None,
                partner=partner_by_slug(options["partner"]),
                email=options["email"],
                roles=[Role(role) for role in options["roles"]],
                password=_password(),
            )
        except UnknownPartnerError as error:
            raise CommandError(str(error)) from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{staff.email} is now staff of {staff.partner}: {', '.join(staff.roles)}.")


def _password() -> str:
    """One line of standard input; asked for, and not shown, where that is a terminal."""
    return getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
