"""Celery's app. The broker only wakes workers up: what is to be done stands in PostgreSQL, so it may lose everything at any time."""

import logging.config
import os
import warnings
from typing import Any

from celery import Celery, Task
from celery.platforms import SecurityWarning
from celery.schedules import crontab
from celery.signals import beat_init, celeryd_init, setup_logging, worker_ready
from django.conf import settings

from config.start import environment, start_servers
from partners.tenancy import operating

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

WORK_OFF = "insights.tasks.work_off"
WORK_OFF_SECONDS = 60.0
PULL_DUE = "customers.tasks_connections.pull_due"
PULL_DUE_SECONDS = 30.0
WORK_UPLOADS = "insights.tasks.work_uploads"
WORK_UPLOADS_SECONDS = 60.0
MAKE_EXPORTS = "insights.tasks.make_exports"
SEND_REPORTS = "insights.tasks.send_reports"
EXPORTS_SECONDS = 60.0
SUGGEST = "insights.tasks.suggest"
SUGGEST_SECONDS = 900.0
PURGE_LOADS = "customers.tasks.purge_loads"


class OperatorTask(Task):
    """A task works as the operator of the installation."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Runs it."""
        with operating():
            return super().__call__(*args, **kwargs)


app = Celery("seatwise", task_cls=OperatorTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    # kombu looks for a dead worker's messages only every 100 s or so unless told otherwise.
    broker_transport_options={"visibility_timeout": 3600, "unacked_restore_interval": 5, "unacked_restore_throttle": 1},
    broker_connection_retry_on_startup=True,
    worker_redirect_stdouts=False,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    timezone="UTC",
    enable_utc=True,
    beat_schedule={
        "work-off": {"task": WORK_OFF, "schedule": WORK_OFF_SECONDS, "options": {"expires": WORK_OFF_SECONDS}},
        # Nightly pulls become due two hours before midnight (customers/connections/due.py), others when somebody asks.
        "pull-due": {"task": PULL_DUE, "schedule": PULL_DUE_SECONDS, "options": {"expires": PULL_DUE_SECONDS}},
        "work-uploads": {
            "task": WORK_UPLOADS,
            "schedule": WORK_UPLOADS_SECONDS,
            "options": {"expires": WORK_UPLOADS_SECONDS},
        },
        "make-exports": {
            "task": MAKE_EXPORTS,
            "schedule": EXPORTS_SECONDS,
            "options": {"expires": EXPORTS_SECONDS},
        },
        "send-reports": {
            "task": SEND_REPORTS,
            "schedule": EXPORTS_SECONDS,
            "options": {"expires": EXPORTS_SECONDS},
        },
        # By night as soon as a partner's latest complete day is stored: the rules look at each day once.
        "suggest": {"task": SUGGEST, "schedule": SUGGEST_SECONDS, "options": {"expires": SUGGEST_SECONDS}},
        "purge-loads": {"task": PURGE_LOADS, "schedule": crontab(hour=1, minute=30)},
    },
)
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="tasks_connections")


@celeryd_init.connect
@beat_init.connect
def bring_up_servers(**_signal: Any) -> None:
    """A worker or beat started by hand finds its servers too."""
    start_servers()
    if environment().embedded:
        # On a machine of one's own root may be who tries this out; our messages are JSON, which runs nothing.
        warnings.simplefilter("ignore", SecurityWarning)


@setup_logging.connect
def log_like_the_web(**_signal: Any) -> None:
    """Keeps Celery from setting up a log of its own, whose lines would quote what failed."""
    logging.config.dictConfig(settings.LOGGING)


@worker_ready.connect
def begin_at_once(**_signal: Any) -> None:
    """A worker that starts looks for work without waiting for beat, such as what a killed one was at."""
    app.send_task(WORK_UPLOADS, expires=WORK_UPLOADS_SECONDS)
    app.send_task(WORK_OFF, expires=WORK_OFF_SECONDS)
