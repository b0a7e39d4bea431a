"""What wakes the nightly computation up. A task carries nothing: what is to be done stands in PostgreSQL."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime, timedelta

from celery import shared_task

from customers.services.imports.uploads import expire_uploads
from customers.services.imports.working import uploads_at_work, work_on
from insights.selectors.headline import headline
from insights.services import work
from insights.services.exports.jobs import expire_exports
from insights.services.exports.making import make_files
from insights.services.exports.sending import send_due_reports
from insights.services.steps.raising import raise_due


@shared_task(name="insights.tasks.work_off")
def work_off() -> int:
    """Compute yesterday's figures and whatever is stale; returns how many customers' days were stored."""
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    return work.work_off(worker=f"{socket.gethostname()}:{os.getpid()}", last=yesterday)


@shared_task(name="insights.tasks.suggest")
def suggest() -> int:
    """Let the rules of the next steps look at each partner's latest complete day, once it is stored; at how many partners'."""
    return raise_due()


@shared_task(name="insights.tasks.work_uploads")
def work_uploads() -> int:
    """Check, apply and undo the uploads that wait for it, and remove those that nobody applied in time; how many waited."""
    expire_uploads()
    waiting = uploads_at_work()
    for upload in waiting:
        work_on(upload=upload, measure=headline)
    return len(waiting)


@shared_task(name="insights.tasks.make_exports")
def make_exports() -> int:
    """Make the files that are waiting, and remove those whose time is over; how many were taken up."""
    expire_exports()
    return make_files()


@shared_task(name="insights.tasks.send_reports")
def send_reports() -> int:
    """Send the reports that are due; how many mails were sent."""
    return send_due_reports()
