"""What is logged, and how: one event a line, and nothing in it about people.

Of an error the log tells its classes and where it happened, never its text: messages of PostgreSQL and of conversions
quote the values that they refuse. What other packages log about a request or a task is cut down to what happened.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import psycopg

REQUEST_ID: ContextVar[str | None] = ContextVar("seatwise_request_id", default=None)
"""The id of the request at work, which its answer carries too."""

BASE = Path(__file__).resolve().parents[1]
ADDRESS = re.compile(r"[^\s@'\"<>(]+@[^\s@'\">),]+")
HIDDEN = "***"
GUNICORN_QUOTES = ("Invalid request", "Error handling request")


def log_settings(form: str | None) -> dict[str, Any]:
    """Python's logging set up: `form` is json, text, or None for text where a person reads along."""
    form = form or ("text" if sys.stderr.isatty() else "json")
    ours: dict[str, Any] = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonFormatter}, "text": {"()": TextFormatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "seatwise": ours | {"level": "INFO"},
            "django": ours | {"level": "WARNING"},
            # Every request has a line of its own (config/requests.py): of Django's, only those with an error say more.
            "django.request": ours | {"level": "ERROR"},
            "django.server": ours | {"level": "ERROR"},
            "gunicorn.error": ours | {"level": "WARNING"},
            "gunicorn.access": ours | {"level": "CRITICAL"},
            # Quotes answers that it can't read, in which a token may stand.
            "msal": ours | {"level": "CRITICAL"},
        },
    }


class JsonFormatter(logging.Formatter):
    """An event as one line of JSON: time, level, logger, message, and request, fields and error where there are any."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        event = {"time": at, "level": record.levelname, "logger": record.name, "message": text_of(record)}
        event |= {"request": REQUEST_ID.get()} if REQUEST_ID.get() else {}
        event |= getattr(record, "fields", {})
        error = error_of(record)
        event |= {"error": list(lines_of(error))} if error is not None else {}
        return json.dumps(event, ensure_ascii=False, default=str)


class TextFormatter(logging.Formatter):
    """The same event for a person at a terminal; an error takes more lines."""

    def format(self, record: logging.LogRecord) -> str:
        """The lines."""
        at = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        words = [f"{name}={value}" for name, value in getattr(record, "fields", {}).items() if value is not None]
        line = " ".join([at, record.levelname, f"{record.name}:", text_of(record), *words])
        error = error_of(record)
        return "\n  ".join([line, *(lines_of(error) if error is not None else ())])


def text_of(record: logging.LogRecord) -> str:
    """What happened, without what others have quoted: addresses, values, arguments, e-mail addresses."""
    if hasattr(record, "status_code"):
        return phrase_of(record)
    if record.name == "celery.app.trace" and isinstance(record.args, dict):
        return "Task {name} {description}".format_map({"name": "", "description": ""} | record.args)
    text = record.getMessage()
    if record.name == "gunicorn.error":
        text = next((quote for quote in GUNICORN_QUOTES if text.startswith(quote)), text)
    # Some packages put a whole traceback into the message.
    return ADDRESS.sub(HIDDEN, text.partition("Traceback (most recent call last)")[0].rstrip())


def phrase_of(record: logging.LogRecord) -> str:
    """What Django says about a request, without its path; with the reason where a form was refused."""
    phrase = HTTPStatus(record.status_code).phrase
    if record.name == "django.security.csrf" and isinstance(record.args, tuple) and record.args:
        # Behind the dash stands where the request claims to come from.
        return f"{phrase} ({str(record.args[0]).partition(' - ')[0]})"
    return phrase


def error_of(record: logging.LogRecord) -> BaseException | None:
    """The exception of an event."""
    return record.exc_info[1] if record.exc_info else None


def lines_of(error: BaseException | None) -> Iterator[str]:
    """An error and what it came from, the last first: class, and the places in the code, the innermost last."""
    seen = set[int]()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield f"{type(error).__module__}.{type(error).__qualname__}{details_of(error)}"
        trace = error.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            yield f"  {place_of(code.co_filename)}:{trace.tb_lineno} {code.co_name}"
            trace = trace.tb_next
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def details_of(error: BaseException) -> str:
    """What PostgreSQL says of an error without quoting a value."""
    if not isinstance(error, psycopg.Error):
        return ""
    told = (error.sqlstate, error.diag.table_name, error.diag.column_name, error.diag.constraint_name)
    return " ".join(["", *filter(None, told)])


def place_of(file: str) -> str:
    """A file of the code, from the installation's folder on where it lies there."""
    path = Path(file)
    return str(path.relative_to(BASE)) if path.is_relative_to(BASE) else file
