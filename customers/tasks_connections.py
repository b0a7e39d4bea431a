"""What wakes the pulls from the vendor up. A task carries nothing: what is to be pulled stands in PostgreSQL."""

from __future__ import annotations

import os
import socket
from time import monotonic

from celery import shared_task

LONGEST_SECONDS = 300.0
"""After so long a worker turns to what else waits; the next wake-up goes on."""


@shared_task(name="customers.tasks_connections.pull_due")
def pull_due() -> int:
    """Pull every connection that is due; returns how many were taken on."""
    from customers.connections.pull import work_off

    begun = monotonic()
    return work_off(host=f"{socket.gethostname()}:{os.getpid()}", until=lambda: monotonic() - begun > LONGEST_SECONDS)
