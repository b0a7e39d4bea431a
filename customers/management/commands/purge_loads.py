"""`manage.py purge_loads`: lets go of what undoing needs of loads that can't be undone any more."""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from customers.services.undo import KEPT_DAYS, purge
from partners.tenancy import operating


class Command(BaseCommand):
    """Purges, and says how much. A worker does the same every night."""

    help = f"Removes what undoing needs of loads older than {KEPT_DAYS} days; the facts stay."

    def handle(self, *_arguments: object, **_options: object) -> None:
        """Purge, and report."""
        with operating():
            rows = purge()
        self.stdout.write(_("%(rows)d rows removed.") % {"rows": rows})
