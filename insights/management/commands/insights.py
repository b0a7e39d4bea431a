"""`manage.py insights`: prints insight rows as JSON lines."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand

from insights.arguments import a_day, a_guid, the_partner
from insights.selectors.insight_rows import By, Question, Seller, insight_rows, visible_customers


class Command(BaseCommand):
    """Prints figures: stored ones, or computed on the spot where they aren't stored or are stale."""

    help = (
        "Prints the insight rows of a partner's customers as JSON lines: stored figures or computed ones, always right."
    )
    requires_system_checks = ()  # they import every page, which takes longer than the answer

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partner", required=True, metavar="SLUG", help="whose customers")
        parser.add_argument("--date", required=True, type=a_day, metavar="D", help="the as-of date, YYYY-MM-DD")
        parser.add_argument("--by", choices=[by.value for by in By], default="sku", help="what a row stands for")
        parser.add_argument(
            "--seller", choices=[seller.value for seller in Seller], default="all", help="whose subscriptions"
        )
        parser.add_argument("--customer", type=a_guid, metavar="ID", help="this customer only")

    def handle(self, *_args: Any, customer: UUID | None, **options: Any) -> None:
        partner = the_partner(options["partner"])
        question = Question(partner, options["date"], By(options["by"]), Seller(options["seller"]))
        customers = None
        if customer:
            customers = [c for c in visible_customers(question) if c.customer_id == customer]
        for row in insight_rows(question, customers=customers):
            self.stdout.write(json.dumps(row, ensure_ascii=False))
