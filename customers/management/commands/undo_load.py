"""`manage.py undo_load LOAD`: undoes a feed or an import, whoever delivered it, as the operator."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from customers.models import Load
from customers.services.undo import UndoRefusedError, undo
from partners.tenancy import operating

WRONG_ARGUMENTS = 2


class Command(BaseCommand):
    """Exit status: 0 undone, 1 refused (nothing has changed), 2 wrong arguments."""

    help = "Undoes a load, within 90 days: the facts are as if it had never been (docs/imports.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("load", type=int, metavar="LOAD", help="its number, as in its address in the admin site")
        parser.add_argument("--reason", default="", metavar="TEXT", help="why, for the audit log")

    def handle(self, **options: Any) -> None:
        with operating():
            load = Load.objects.filter(pk=options["load"]).first()
        if load is None:
            raise CommandError(
                _("There is no load %(number)d; expected the number of one, as in its address in the admin site.")
                % {"number": options["load"]},
                returncode=WRONG_ARGUMENTS,
            )
        try:
            report = undo(actor=None, load=load, reason=options["reason"])
        except UndoRefusedError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            _(
                "Undone. Customers looked at: %(customers)d, unknown again: %(vanished)d. Later loads gone through again: %(replayed)d."
            )
            % vars(report)
        )
