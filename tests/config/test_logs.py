"""The log: one line an event, and nothing of people in it."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from celery import shared_task
from django.db import DatabaseError, connection

from config.logs import REQUEST_ID, JsonFormatter, TextFormatter, log_settings

CANARY = "Greta Canarini"
ADDRESS = "greta@canarini.example"
ROOT = Path(__file__).parents[2]


def record(name: str, text: str, *arguments: object, error: BaseException | None = None, **extra: object) -> object:
    made = logging.LogRecord(
        name, logging.ERROR, __file__, 1, text, arguments, error and (type(error), error, error.__traceback__)
    )
    made.__dict__.update(extra)
    return made


def event(*arguments: object, **named: object) -> dict[str, object]:
    line = JsonFormatter().format(record(*arguments, **named))
    assert "\n" not in line
    return json.loads(line)


def caught(act: Callable[[], object]) -> BaseException:
    with pytest.raises(Exception) as told:
        act()
    return told.value


def test_event_is_one_line_of_json() -> None:
    told = event("seatwise.web", "a\nline of %s", 2, fields={"status": 200})
    assert list(told) == ["time", "level", "logger", "message", "status"]
    assert (told["level"], told["logger"], told["message"], told["status"]) == (
        "ERROR",
        "seatwise.web",
        "a\nline of 2",
        200,
    )


def test_event_names_the_request_at_work() -> None:
    token = REQUEST_ID.set("0123456789abcdef")
    assert event("seatwise.web", "x")["request"] == "0123456789abcdef"
    REQUEST_ID.reset(token)
    assert "request" not in event("seatwise.web", "x")


def test_error_is_told_by_class_and_place_and_not_by_text() -> None:
    def refuse() -> None:
        try:
            int(CANARY)
        except ValueError as error:
            raise RuntimeError(ADDRESS) from error

    lines = event("seatwise.web", "failed", error=caught(refuse))["error"]
    assert [line for line in lines if not line.startswith(" ")] == ["builtins.RuntimeError", "builtins.ValueError"]
    assert lines[-1].startswith("  tests/config/test_logs.py:")
    assert lines[-1].endswith(" refuse")
    assert not any(CANARY in line or ADDRESS in line for line in lines)


@pytest.mark.django_db
def test_refused_row_is_told_without_its_values() -> None:
    def store() -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE person (name text CONSTRAINT named CHECK (name = ''))")
            cursor.execute("INSERT INTO person VALUES (%s)", [CANARY])

    error = caught(store)
    assert isinstance(error, DatabaseError)
    assert CANARY in str(error)
    lines = event("django.request", "%s: %s", "Internal Server Error", f"/{CANARY}/", error=error, status_code=500)
    assert lines["message"] == "Internal Server Error"
    assert "psycopg.errors.CheckViolation 23514 person named" in lines["error"]
    assert CANARY not in json.dumps(lines)


def test_errors_that_name_each_other_end() -> None:
    first, second = ValueError(), KeyError()
    first.__context__, second.__context__ = second, first
    assert event("seatwise.web", "x", error=first)["error"] == ["builtins.ValueError", "builtins.KeyError"]


def test_postgres_error_without_an_answer_has_no_details() -> None:
    assert event("x", "y", error=psycopg.OperationalError(CANARY))["error"] == ["psycopg.OperationalError"]


@pytest.mark.parametrize(
    ("name", "text", "arguments", "extra", "message"),
    [
        ("django.request", "%s: %s", ("Bad Request", f"/x/{CANARY}"), {"status_code": 400}, "Bad Request"),
        (
            "django.security.DisallowedHost",
            f"Invalid HTTP_HOST header: '{CANARY}'.",
            (),
            {"status_code": 400},
            "Bad Request",
        ),
        (
            "django.security.csrf",
            "Forbidden (%s): %s",
            (f"Referer checking failed - https://x.example/?q={CANARY} does not match", "/"),
            {"status_code": 403},
            "Forbidden (Referer checking failed)",
        ),
        ("gunicorn.error", f"Error handling request /?q={CANARY}", (), {}, "Error handling request"),
        ("gunicorn.error", f"Invalid request from ip=192.0.2.7: {CANARY}", (), {}, "Invalid request"),
        ("gunicorn.error", "Worker (pid:%s) was sent SIGKILL!", (7,), {}, "Worker (pid:7) was sent SIGKILL!"),
        ("smtplib", f"refused <{ADDRESS}>, ({ADDRESS})", (), {}, "refused <***>, (***)"),
        ("x", f"failed\nTraceback (most recent call last):\n  {CANARY}", (), {}, "failed"),
    ],
)
def test_message_is_cut_down_to_what_happened(
    name: str, text: str, arguments: tuple[object, ...], extra: dict[str, object], message: str
) -> None:
    assert event(name, text, *arguments, **extra)["message"] == message


def test_task_that_fails_is_told_without_its_values(caplog: pytest.LogCaptureFixture) -> None:
    @shared_task(name="tests.refuse")
    def refuse(name: str) -> int:
        return int(name)

    with caplog.at_level("ERROR", logger="celery.app.trace"):
        refuse.apply(args=[CANARY])
    lines = [JsonFormatter().format(made) for made in caplog.records]
    assert [json.loads(line)["message"] for line in lines] == ["Task tests.refuse raised unexpected"]
    assert "builtins.ValueError" in json.loads(lines[0])["error"]
    assert CANARY not in lines[0]


def test_text_form_tells_the_same() -> None:
    made = record("seatwise.web", "request", error=caught(lambda: int(CANARY)), fields={"status": 500, "staff": None})
    lines = TextFormatter().format(made).splitlines()
    assert lines[0].split(" ", 1)[1] == "ERROR seatwise.web: request status=500"
    assert lines[1] == "  builtins.ValueError"
    assert not any(CANARY in line for line in lines)


@pytest.mark.parametrize(("form", "chosen"), [("json", "json"), ("text", "text"), (None, "json")])
def test_log_settings_choose_the_form(form: str | None, chosen: str) -> None:
    program = f"from config.logs import log_settings; print(log_settings({form!r})['handlers']['stderr']['formatter'])"
    answer = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout == f"{chosen}\n"


def test_log_settings_leave_no_handler_but_ours() -> None:
    loggers = log_settings("json")["loggers"]
    assert {name: (entry["handlers"], entry["propagate"]) for name, entry in loggers.items()} == dict.fromkeys(
        loggers, ([], True)
    )
