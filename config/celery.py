"""Celery's app. The broker only wakes workers up: what is to be done stands in PostgreSQL, so it may lose everything at any time."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init, worker_ready

from config.start import start_servers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

WORK_OFF = "insights.tasks.work_off"
WORK_OFF_SECONDS = 60.0

app = Celery("seatwise")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    # kombu looks for a dead worker's messages only every 100 s or so unless told otherwise.
    broker_transport_options={"visibility_timeout": 3600, "unacked_restore_interval": 5, "unacked_restore_throttle": 1},
    broker_connection_retry_on_startup=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    timezone="UTC",
    enable_utc=True,
    beat_schedule={
        "work-off": {"task": WORK_OFF, "schedule": WORK_OFF_SECONDS, "options": {"expires": WORK_OFF_SECONDS}}
    },
)
app.autodiscover_tasks()


@celeryd_init.connect
@beat_init.connect
def bring_up_servers(**_signal: Any) -> None:
    """A worker or beat started by hand finds its servers too."""
    start_servers()


@worker_ready.connect
def begin_at_once(**_signal: Any) -> None:
    """A worker that starts looks for work without waiting for beat."""
    app.send_task(WORK_OFF, expires=WORK_OFF_SECONDS)
