"""`manage.py load_catalogue FILE`: the vendor's public product catalogue."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from customers.catalogue.tables import TableError
from customers.catalogue.vendor import BadLinesError, CatalogueError
from customers.services.catalogue import load_catalogue


class Command(BaseCommand):
    """Loads the file and reports on standard output. Status 1: the file is at fault; 2: there is no such file."""

    help = "Loads the vendor's public product catalogue CSV (one line per SKU and service plan)."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path, metavar="FILE", help="the catalogue as downloaded from the vendor")

    def handle(self, *_arguments: object, file: Path, **_options: object) -> None:
        """Load, and report."""
        if not file.is_file():
            raise CommandError(_("%(file)s is not a file.") % {"file": file}, returncode=2)
        try:
            report = load_catalogue(source=file)
        except BadLinesError as error:
            raise CommandError("\n".join([str(error), *_told(error)])) from error
        except (CatalogueError, TableError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join(report.lines()))


def _told(error: BadLinesError) -> list[str]:
    lines = [f"  {line}" for line in error.lines]
    if error.count > len(lines):
        lines.append("  " + _("... and %(count)d more.") % {"count": error.count - len(lines)})
    return [*lines, _("Nothing was loaded.")]
