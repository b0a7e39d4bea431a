"""Uploads as their pages show them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from customers.models import Upload
from partners.models import Staff


def listed_uploads(user: Staff) -> QuerySet[Any]:
    """The uploads of the person's partner, the latest first, with their files and whoever sent them."""
    return (
        Upload.objects.visible_to(user)
        .select_related("sent_by", "undone_by", "load")
        .prefetch_related("files")
        .order_by("-sent_at", "pk")
    )


def upload_of(user: Staff, upload: UUID) -> Upload | None:
    """One of them, if it is the person's partner's."""
    return listed_uploads(user).select_related("applied_by", "load__undone_by").filter(pk=upload).first()
