"""What staff does with files that are made in the background: ask for one, and forget it again."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from insights.models import ExportJob
from insights.models.exports import KEPT
from insights.services.exports import storage
from partners.export.asking import Export
from partners.failures import WrongStateError
from partners.models import Staff

REMEMBERED = timedelta(days=90)
"""So long the page shows what was asked for."""
MOST_WAITING = 10
"""So many files may wait for one person."""


def ask_for_file(*, actor: Staff, export: Export, site: str) -> ExportJob:
    """Have the file made; the same wish that is still waiting is one wish. `site`: where the mail's link is to lead.

    Raises PermissionDenied where the person's roles don't include it, WrongStateError for too many wishes at once.
    """
    if not export.opens_to(actor):
        raise PermissionDenied(_("Your role doesn't include this page."))
    with transaction.atomic():
        Staff.objects.select_for_update().get(pk=actor.pk)
        waiting = ExportJob.objects.visible_to(actor).filter(state__in=ExportJob.TO_DO)
        same = waiting.filter(address=export.address).first()
        if same is not None:
            return same
        if waiting.count() >= MOST_WAITING:
            message = _("%(most)d of your files are waiting already. Wait until one is ready.")
            raise WrongStateError(message % {"most": MOST_WAITING})
        return ExportJob.objects.create(
            partner=actor.partner,
            staff=actor,
            address=export.address,
            site=site,
            language=actor.language or get_language() or "",
        )


def forget(*, actor: Staff, job: ExportJob) -> None:
    """Remove a file and what is known of it; one that is being made isn't made any further."""
    ExportJob.objects.visible_to(actor).filter(pk=job.pk).delete()
    storage.remove_file(job.pk)


def expire_exports() -> int:
    """Remove the files that nobody may fetch any more, old entries of the page, and what killed workers left; how many files."""
    old = ExportJob.objects.filter(state=ExportJob.State.DONE, done_at__lte=timezone.now() - KEPT)
    expired = list(old.values_list("pk", flat=True))
    ExportJob.objects.filter(pk__in=expired).update(state=ExportJob.State.EXPIRED)
    for job in expired:
        storage.remove_file(job)
    ExportJob.objects.exclude(state__in=ExportJob.TO_DO).filter(asked_at__lt=timezone.now() - REMEMBERED).delete()
    storage.remove_abandoned()
    return len(expired)
