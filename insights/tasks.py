"""What wakes the nightly computation up. A task carries nothing: what is to be done stands in PostgreSQL."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime, timedelta

from celery import shared_task

from insights.services import work


@shared_task(name="insights.tasks.work_off")
def work_off() -> int:
    """Compute yesterday's figures and whatever is stale; returns how many customers' days were stored."""
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    return work.work_off(worker=f"{socket.gethostname()}:{os.getpid()}", last=yesterday)
