"""The installation's own commands and checks."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from config.celery import app
from config.checks import ONE_ROLE
from config.embedded.locks import open_lock, take
from config.routers import OwnerMigrates
from manage import needs_servers

ROOT = Path(__file__).parents[2]


def output_of(*command: str) -> str:
    stdout = io.StringIO()
    call_command(*command, stdout=stdout)
    return stdout.getvalue()


def manage(var: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"SEATWISE_VAR": str(var)} | variables
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_servers_status_and_stop_start_nothing(tmp_path: Path) -> None:
    assert manage(tmp_path, "servers").stdout == f"Embedded servers in {tmp_path}: stopped\n"
    assert manage(tmp_path, "servers", "stop").stdout == "No embedded servers were running.\n"
    assert not (tmp_path / "embedded" / "postgres").exists()


def test_servers_failure_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "embedded").mkdir()
    (tmp_path / "embedded" / "postgres").mkdir()
    result = manage(tmp_path, "insights")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "the embedded servers don't start:"
        f" {tmp_path}/embedded/postgres: expected PostgreSQL's data, found no PG_VERSION in it; move the folder away\n"
    )


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (["migrate"], True),
        (["insights", "--partner", "a"], True),
        (["insights", "--help"], False),
        (["check"], False),
        (["check", "--database", "default"], True),
        (["servers", "stop"], False),
        (["help", "migrate"], False),
    ],
)
def test_command_needs_servers(words: list[str], needed: bool) -> None:
    assert needs_servers(words) is needed


def test_second_run_on_one_folder_is_refused(settings: Settings, tmp_path: Path) -> None:
    settings.SEATWISE_VAR = tmp_path
    first = open_lock(tmp_path / "run.lock")
    assert take(first)
    with pytest.raises(CommandError, match=r"another `manage.py run` uses .* already"):
        call_command("run")
    os.close(first)


@pytest.mark.parametrize(
    ("owner", "errors"),
    [("", [ONE_ROLE.id]), ("postgres://app:x@host/name", [ONE_ROLE.id]), ("postgres://owner:x@host/name", [])],
)
def test_check_deploy_refuses_one_role_for_both(tmp_path: Path, owner: str, errors: list[str]) -> None:
    servers = {"DATABASE_URL": "postgres://app:x@host/name", "DATABASE_OWNER_URL": owner, "SECRET_KEY": "x"}
    result = manage(tmp_path, "check", "--deploy", **servers)
    assert re.findall(r"seatwise\.E\d+", result.stderr) == errors
    assert result.returncode == len(errors)


def test_migrations_are_the_owners() -> None:
    assert [OwnerMigrates().allow_migrate(alias, "partners") for alias in ("owner", "default")] == [True, False]


def test_worker_gives_back_what_it_could_not_finish() -> None:
    assert (app.conf.task_acks_late, app.conf.task_reject_on_worker_lost, app.conf.task_ignore_result) == (
        True,
        True,
        True,
    )
    assert (app.conf.timezone, app.conf.enable_utc) == ("UTC", True)
    assert [entry["task"] for entry in app.conf.beat_schedule.values()] == [
        "insights.tasks.work_off",
        "customers.tasks_connections.pull_due",
        "insights.tasks.work_uploads",
        "insights.tasks.make_exports",
        "insights.tasks.send_reports",
        "insights.tasks.suggest",
        "customers.tasks.purge_loads",
    ]


@pytest.mark.django_db(databases=["default", "owner"])
def test_migrate_runs_as_the_owner() -> None:
    assert "No migrations to apply." in output_of("migrate", "--no-color")
