"""`manage.py rollup`: computes and stores figures."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from customers.models import Customer
from insights.arguments import a_day, a_guid
from insights.services.rollup import rollup


class Command(BaseCommand):
    """Computes and stores the figures of one day or several."""

    help = "Computes and stores the figures of a day or of a range of days. Any number of times: the same result."
    requires_system_checks = ()  # they import every page, which takes a tenth of the time

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", required=True, type=a_day, metavar="D", help="the (last) as-of date, YYYY-MM-DD")
        parser.add_argument("--from", type=a_day, dest="first", metavar="D1", help="the first as-of date; default D")
        parser.add_argument("--customer", type=a_guid, metavar="ID", help="this customer only")

    def handle(self, *_args: Any, **options: Any) -> None:
        last: date = options["date"]
        first: date = options["first"] or last
        if first > last:
            raise CommandError(f"--from {first} is after --date {last}.", returncode=2)
        customers = None
        if options["customer"]:
            customers = list(Customer.objects.filter(tenant_id=options["customer"]).values_list("id", flat=True))
            if not customers:
                raise CommandError(f"No customer has the id {options['customer']}.")
        stored = rollup(first=first, last=last, customers=customers, progress=self._progress)
        self.stdout.write(f"Stored the figures of {stored} customer days.")

    def _progress(self, day: date, customers: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"{day}: {customers} more customers", ending="\r")
