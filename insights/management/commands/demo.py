"""`manage.py demo`: loads the demo portfolio, computes its figures and prints them, and whom to sign in as."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unicodedata import east_asian_width

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from customers.services.demo import demo_partners, is_loaded, keep_demo_accounts, load_demo
from insights.arguments import a_day
from insights.selectors.insight_rows import By, InsightRow, Question, insight_rows, portfolio_rows
from insights.services.rollup import rollup
from insights.services.steps.demo import forget_demo_steps, keep_demo_steps
from insights.window import WINDOW_DAYS
from partners.models import Partner
from partners.services.demo_logins import kept_password, make_demo_logins

_FIGURES = ("sold", "assigned", "deployment_pct", "measured_entitlements", "active", "usage_pct", "adjusted_usage_pct")
_HEADINGS = ("sold", "assigned", "deployment", "measured", "active", "usage", "adjusted")
_WORST = 5
_TITLE = 46
_KEPT_IN = "demo-logins"


class Command(BaseCommand):
    """The demo, from nothing to its figures."""

    help = "Loads the demo portfolio (docs/demo.md), computes its figures, and prints them and a login per role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--today", type=a_day, default=None, metavar="D", help="the demo ends the day before; default today"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        today: date = options["today"] or datetime.now(UTC).date()
        yesterday = today - timedelta(days=1)
        if is_loaded(today=today):
            self.stdout.write(f"The demo portfolio of {today} is loaded already.")
        else:
            self.stdout.write("Loading the demo portfolio ...")
            report = load_demo(today=today)
            if report.refused:
                raise CommandError(str(report))
            forget_demo_steps(partners=demo_partners())
        rollup(first=yesterday - timedelta(days=WINDOW_DAYS - 1), last=yesterday)
        partners = demo_partners()
        for partner in partners:
            self._print_partner(partner, yesterday)
        self._print_logins(partners)
        keep_demo_accounts(today=today)
        keep_demo_steps(partners=partners, day=yesterday)

    def _print_partner(self, partner: Partner, day: date) -> None:
        self.stdout.write(f"\n{partner} ({partner.slug}), as of {day}, all sellers")
        self.stdout.write(_line("", "customers", *_HEADINGS))
        for row in portfolio_rows(Question(partner, day, By.ALL)):
            self.stdout.write(_line(f"workload {row['workload']}", row["customers"], *_figures(row)))
        for row in portfolio_rows(Question(partner, day, By.SKU)):
            if row["workload"] == "any":
                self.stdout.write(_line(row["sku"], row["customers"], *_figures(row)))
        customers = [row for row in insight_rows(Question(partner, day, By.ALL)) if row["workload"] == "any"]
        self._print_customers("Most idle licences", sorted(customers, key=lambda row: -row["idle"]))
        self._print_customers("Highest usage", sorted(customers, key=lambda row: -(row["usage_pct"] or 0)))

    def _print_logins(self, partners: list[Partner]) -> None:
        password = kept_password(settings.SEATWISE_VAR / _KEPT_IN)
        self.stdout.write("\n" + _cells("Sign in as", "e-mail address", "password"))
        for login in make_demo_logins(actor=None, partners=partners, password=password):
            who = f"{login.partner}: {login.role.name.replace('_', ' ').lower()}" if login.role else "operator: /admin/"
            self.stdout.write(_cells(who, login.email, password))

    def _print_customers(self, title: str, rows: list[InsightRow]) -> None:
        self.stdout.write(_line(title, "idle", *_HEADINGS))
        for row in rows[:_WORST]:
            self.stdout.write(_line(f"  {row['customer']}", row["idle"], *_figures(row)))


def _figures(row: InsightRow) -> list[str]:
    return [_shown(name, row[name]) for name in _FIGURES]


def _shown(name: str, value: float | None) -> str:
    """A figure as text; a dash where there is none."""
    if value is None:
        return "-"
    return f"{value:.1f} %" if name.endswith("_pct") else str(value)


def _line(title: str, *cells: object) -> str:
    return _padded(title) + "".join(f"{cell!s:>11}" for cell in cells)


def _cells(who: str, email: str, password: str) -> str:
    return f"{_padded(who)}  {email:<34}{password}"


def _padded(title: str) -> str:
    """The title in `_TITLE` columns of a terminal, where a Chinese character takes two."""
    if _width(title) > _TITLE:
        while _width(title) >= _TITLE:
            title = title[:-1]
        title += "…"
    return title + " " * (_TITLE - _width(title))


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
