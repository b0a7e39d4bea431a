"""What people change of themselves: password, name, language, and where they are signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from partners.models import AuditEntry, Staff
from partners.services.audit import record


def set_password(*, actor: Staff, password: str) -> None:
    """Give the person this password, which was judged before; all other sessions end."""
    with transaction.atomic():
        actor.set_password(password)
        actor.save(update_fields=["password"])
        _recorded(actor, "staff.password")


def change_profile(*, actor: Staff, first_name: str, last_name: str, language: str) -> None:
    """Change one's name and language (a code of LANGUAGES; empty: as the browser asks). Raises ValidationError."""
    if language and language not in dict(settings.LANGUAGES):
        raise ValidationError({"language": _("Choose one of the languages offered.")})
    wanted = {"first_name": first_name.strip(), "last_name": last_name.strip(), "language": language}
    with transaction.atomic():
        staff = Staff.objects.select_for_update().get(pk=actor.pk)
        before = {name: getattr(staff, name) for name in wanted}
        if wanted == before:
            return
        for name, value in wanted.items():
            setattr(staff, name, value)
            setattr(actor, name, value)
        staff.full_clean()
        staff.save(update_fields=list(wanted))
        _recorded(actor, "staff.profile", before, wanted)


def change_language(*, actor: Staff, language: str) -> None:
    """Change one's language alone (a code of LANGUAGES). Raises ValidationError."""
    change_profile(actor=actor, first_name=actor.first_name, last_name=actor.last_name, language=language)


def close_guide(*, actor: Staff, closed: bool = True) -> None:
    """Put the guided start away, or show it again. A matter of taste: no entry in the audit log."""
    Staff.objects.filter(pk=actor.pk).update(guide_closed=closed)
    actor.guide_closed = closed


def end_sessions(*, actor: Staff) -> None:
    """End all of the person's sessions; the caller keeps its own by writing the new hash into it."""
    with transaction.atomic():
        Staff.objects.filter(pk=actor.pk).update(session_generation=F("session_generation") + 1)
        actor.refresh_from_db(fields=["session_generation"])
        _recorded(actor, "staff.end_sessions")


def _recorded(
    actor: Staff, action: str, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None
) -> None:
    record(
        actor=actor,
        partner=actor.partner,
        kind=AuditEntry.Kind.STAFF,
        action=action,
        object_type="staff",
        object_id=actor.pk,
        before=before,
        after=after,
    )
