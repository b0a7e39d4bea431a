"""`manage.py suggest`: lets the rules of the next steps look at a partner's customers as of a day."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from customers.clock import today
from insights.arguments import a_day, the_partner
from insights.services.steps.raising import EarlierDayError, raise_suggestions


class Command(BaseCommand):
    """What runs by itself every night, for one partner and day."""

    help = "Raises, renews and closes a partner's next steps as of a day. Any number of times: the same result."
    requires_system_checks = ()  # they import every page, which takes a tenth of the time

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partner", required=True, metavar="SLUG", help="whose customers")
        parser.add_argument("--date", required=True, type=a_day, metavar="D", help="the as-of date, YYYY-MM-DD")

    def handle(self, *_args: Any, **options: Any) -> None:
        day: date = options["date"]
        if day > today():
            raise CommandError(f"--date {day} is still to come.", returncode=2)
        try:
            run = raise_suggestions(partner=the_partner(options["partner"]), day=day)
        except EarlierDayError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"As of {run.day}, {run.customers} customers: {run.raised} raised, {run.renewed} still hold, "
            f"{run.closed} closed by themselves; {run.silent} times a rule lacked its data."
        )
