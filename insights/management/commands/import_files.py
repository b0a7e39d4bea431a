"""`manage.py import_files`: brings in vendors' files with the rights of the operator, or of a partner."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pycountry
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from customers.clock import today
from customers.feed.values import canonical_guid
from customers.imports.report import ImportReport
from customers.services.imports import Delivery, Given, apply, preview
from customers.services.imports.working import mappings_of
from insights.selectors.headline import headline
from partners.models import Partner
from partners.selectors.partners import UnknownPartnerError, partner_by_slug
from partners.tenancy import operating

WRONG_ARGUMENTS = 2
CLEAR_LINE = "\r\033[K"


class Command(BaseCommand):
    """Exit status: 0 imported (or, with --dry-run, it would be), 1 something was refused, 2 wrong arguments."""

    help = (
        "Imports usage reports, lists and exports of the vendor, tables and feeds: CSV, JSON, XLSX, or a zip of them."
    )
    requires_system_checks = ()  # they import every page, which takes longer than a small file

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, zips, or folders of files")
        parser.add_argument("--customer", metavar="ID", help="the customer (tenant id) of files that don't say")
        parser.add_argument("--day", metavar="D", help="the day (YYYY-MM-DD) of lists without one; default today")
        parser.add_argument("--country", metavar="CC", default="", help="of new customers whose list says none")
        parser.add_argument("--partner", metavar="SLUG", help="import with the rights of this partner's staff")
        parser.add_argument("--dry-run", action="store_true", help="say what would come of it, and change nothing")
        parser.add_argument("--skip-bad", action="store_true", help="take the good records though others are refused")
        parser.add_argument("--rejected", type=Path, metavar="FILE", help="write all refused records to this file")

    def handle(self, **options: Any) -> None:
        partner = _partner(options["partner"])
        delivery = Delivery(
            stated_by=partner,
            files=_files(options["paths"]),
            customer=_customer(options["customer"]),
            day=_day(options["day"]),
            country=_country(options["country"]),
            skip_bad=options["skip_bad"],
            mappings=_mappings(partner),
            rejected=_rejected(options["rejected"]),
            progress=_show if sys.stderr.isatty() else lambda _name, _lines: None,
        )
        try:
            if options["dry_run"]:
                report = preview(delivery=delivery, measure=headline)
            else:
                report = apply(actor=None, delivery=delivery)
        finally:
            if sys.stderr.isatty():
                sys.stderr.write(CLEAR_LINE)
        self._tell(report)

    def _tell(self, report: ImportReport) -> None:
        for line in report.lines():
            self.stdout.write(line)
        if not report.faultless:
            raise CommandError(_("Not everything was taken; the report says what was refused."))


def _files(paths: list[Path]) -> list[Given]:
    """The files at these paths; of a folder those that lie in it."""
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise CommandError(
                _("%(path)s does not exist; expected a file, a zip or a folder.") % {"path": path},
                returncode=WRONG_ARGUMENTS,
            )
        found += sorted(each for each in path.iterdir() if each.is_file()) if path.is_dir() else [path]
    return [Given(path, path.name) for path in found]


def _partner(slug: str | None) -> Partner | None:
    if slug is None:
        return None
    try:
        return partner_by_slug(slug)
    except UnknownPartnerError as error:
        raise CommandError(str(error), returncode=WRONG_ARGUMENTS) from None


def _mappings(partner: Partner | None) -> Mapping[str, Any]:
    """What the partner's staff has said on the upload page of tables' columns."""
    if partner is None:
        return {}
    with operating():
        return mappings_of(partner)


def _customer(text: str | None) -> UUID | None:
    if text is None:
        return None
    found = canonical_guid(text)
    if found is None:
        raise CommandError(
            _("--customer: “%(text)s” is no customer id; expected 32 hexadecimal digits, bare or as 8-4-4-4-12.")
            % {"text": text},
            returncode=WRONG_ARGUMENTS,
        )
    return UUID(found)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CommandError(
            _("--day: “%(text)s” is not a day; expected YYYY-MM-DD.") % {"text": text}, returncode=WRONG_ARGUMENTS
        ) from None
    if day > today():
        raise CommandError(
            _("--day: %(day)s is still to come; expected today (UTC) or a day before.") % {"day": day},
            returncode=WRONG_ARGUMENTS,
        )
    return day


def _country(text: str) -> str:
    code = text.strip().upper()
    if code and pycountry.countries.get(alpha_2=code) is None:
        raise CommandError(
            _("--country: “%(text)s” is not a country; expected a two-letter code of ISO 3166-1.") % {"text": text},
            returncode=WRONG_ARGUMENTS,
        )
    return code


def _rejected(path: Path | None) -> Path | None:
    if path is not None and not path.parent.is_dir():
        raise CommandError(
            _("%(path)s is no folder; expected one for the refused records.") % {"path": path.parent},
            returncode=WRONG_ARGUMENTS,
        )
    return path


def _show(name: str, lines: int) -> None:
    sys.stderr.write(f"{CLEAR_LINE}{name}: {lines:,}")
    sys.stderr.flush()
