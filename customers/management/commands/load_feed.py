"""`manage.py load_feed`: loads a feed (feed.md) with the rights of the operator, or of a partner."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from customers.feed.source import FeedError
from customers.services.feed import load_feed
from partners.models import Partner
from partners.selectors.partners import UnknownPartnerError, partner_by_slug

WRONG_ARGUMENTS = 2
CLEAR_LINE = "\r\033[K"


class Command(BaseCommand):
    """Exit status: 0 loaded, 1 something was refused, 2 wrong arguments."""

    help = "Loads a feed: a folder of CSV files, or a zip of one."
    requires_system_checks = ()  # they import every page, which takes longer than a small feed

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH", help="the folder or zip")
        parser.add_argument("--skip-bad", action="store_true", help="load the good lines, write out the bad ones")
        parser.add_argument("--rejected", type=Path, metavar="DIR", help="where to write them (default: here)")
        parser.add_argument("--partner", metavar="SLUG", help="load with the rights of this partner's staff")

    def handle(self, **options: Any) -> None:
        _check(options)
        try:
            report = load_feed(
                source=options["path"],
                stated_by=_partner(options["partner"]),
                skip_bad=options["skip_bad"],
                rejected=options["rejected"],
                progress=_show if sys.stderr.isatty() else None,
            )
        except FeedError as error:
            raise CommandError(str(error)) from error
        finally:
            if sys.stderr.isatty():
                sys.stderr.write(CLEAR_LINE)
        for line in report.lines():
            self.stdout.write(line)
        if not (sys.stdout.isatty() and sys.stderr.isatty()):
            for line in report.faults():
                self.stderr.write(line)
        if report.refused:
            raise CommandError(_("The feed was not loaded completely; the report says what was refused."))


def _check(options: dict[str, Any]) -> None:
    if options["rejected"] is not None and not options["skip_bad"]:
        raise CommandError(_("--rejected goes with --skip-bad only."), returncode=WRONG_ARGUMENTS)
    if options["rejected"] is not None and not options["rejected"].is_dir():
        raise CommandError(
            _("%(path)s is no folder; expected one for the rejected lines.") % {"path": options["rejected"]},
            returncode=WRONG_ARGUMENTS,
        )
    if not options["path"].exists():
        raise CommandError(
            _("%(path)s does not exist; expected a folder or a zip.") % {"path": options["path"]},
            returncode=WRONG_ARGUMENTS,
        )


def _partner(slug: str | None) -> Partner | None:
    if slug is None:
        return None
    try:
        return partner_by_slug(slug)
    except UnknownPartnerError as error:
        raise CommandError(str(error), returncode=WRONG_ARGUMENTS) from None


def _show(name: str, lines: int) -> None:
    sys.stderr.write(f"{CLEAR_LINE}{name}: {lines:,}")
    sys.stderr.flush()
