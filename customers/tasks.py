"""What wakes nightly work on facts up. A task carries nothing: what is to be done stands in PostgreSQL."""

from __future__ import annotations

from celery import shared_task

from customers.services.undo import purge


@shared_task(name="customers.tasks.purge_loads")
def purge_loads() -> int:
    """Let go of what undoing needs of loads that can't be undone any more; how many rows."""
    return purge()
