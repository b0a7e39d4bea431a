"""`manage.py explain`: prints the list behind a count of an insight row."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from insights.arguments import a_day, a_guid, the_partner
from insights.selectors.explain import LISTED, Row, UnknownRowError, explain
from insights.selectors.insight_rows import Question, Seller


class Command(BaseCommand):
    """Prints what makes up a count, one JSON line for each entitlement or person."""

    help = "Prints the list behind a count of an insight row as JSON lines: as many as the count says."
    requires_system_checks = ()  # they import every page, which takes longer than the answer

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partner", required=True, metavar="SLUG", help="whose customer")
        parser.add_argument("--date", required=True, type=a_day, metavar="D", help="the as-of date, YYYY-MM-DD")
        parser.add_argument("--customer", required=True, type=a_guid, metavar="ID", help="the customer")
        parser.add_argument("--count", required=True, choices=LISTED, help="the count to explain")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--sku", type=a_guid, metavar="ID", help="the row of this SKU")
        which.add_argument("--family", metavar="CODE", help="the row of this family; without both: of all families")
        parser.add_argument("--workload", default="any", metavar="CODE", help="the row of this workload; default any")
        parser.add_argument(
            "--seller", choices=[seller.value for seller in Seller], default="all", help="whose subscriptions"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        question = Question(the_partner(options["partner"]), options["date"], seller=Seller(options["seller"]))
        row = Row(sku=options["sku"], family=options["family"], workload=options["workload"])
        try:
            entries = explain(question, customer_id=options["customer"], row=row, count=options["count"], named=True)
        except UnknownRowError as error:
            raise CommandError(str(error)) from None
        for entry in entries:
            self.stdout.write(json.dumps(entry, ensure_ascii=False))
