"""How the embedded servers start, for whom, and when they refuse."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from psycopg.errors import CheckViolation, UniqueViolation

from config.embedded.client import ensure_running, status, stop
from config.embedded.failures import EmbeddedError
from config.embedded.places import APPLICATION_ROLE, LONGEST_SOCKET_FOLDER, OWNER_ROLE, Places
from config.embedded.postgres import connect
from config.embedded.processes import processes_in
from config.embedded.programs import postgres_major
from tests.config.embedded.conftest import ROOT, Run
from tests.config.embedded.test_recovery import wait_until

COUNT = "from partners.models import Partner; print(Partner.objects.count())"
START = "import sys, pathlib; from config.embedded.client import ensure_running; ensure_running(pathlib.Path(sys.argv[1]), migrate_empty=False)"


def start_as_command(var: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = os.environ | {
        "SEATWISE_VAR": str(var),
        "DATABASE_URL": "",
        "DATABASE_OWNER_URL": "",
        "CELERY_BROKER_URL": "",
    }
    return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment, stdout=-1, stderr=-1, text=True)


def test_two_commands_at_once_share_servers_and_migrate_once(var: Path) -> None:
    commands = [start_as_command(var, "manage.py", "shell", "--no-imports", "-c", COUNT) for _ in range(2)]
    results = [(*command.communicate(timeout=120), command.returncode) for command in commands]
    assert results == [("0\n", "", 0)] * 2
    assert [process.ppid() for process in processes_in(var / "embedded" / "valkey", "valkey-server")] == [
        status(var).pid
    ]


def test_roles_are_ordinary_and_of_different_rights(var: Path) -> None:
    ensure_running(var, migrate_empty=False)
    rights = "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    with connect(Places(var).database(OWNER_ROLE)) as connection:
        assert connection.execute(rights).fetchone() == (False, False, True, False)
        connection.execute("CREATE EXTENSION btree_gist")
        settings = connection.execute(
            "SELECT current_setting('data_checksums'), current_setting('server_encoding'), current_setting('fsync')"
        )
        assert settings.fetchone() == ("on", "UTF8", "on")
    with connect(Places(var).database(APPLICATION_ROLE)) as connection:
        assert connection.execute(rights).fetchone() == (False, False, False, False)


def test_log_of_postgres_quotes_no_refused_value(var: Path) -> None:
    ensure_running(var, migrate_empty=False)
    places = Places(var)
    with connect(places.database(OWNER_ROLE)) as connection:
        connection.execute("CREATE TABLE person (name text PRIMARY KEY CHECK (name <> 'Greta'))")
        connection.execute("INSERT INTO person VALUES ('Canarini')")
    for value, error in (("Canarini", UniqueViolation), ("Greta", CheckViolation)):
        with pytest.raises(error), connect(places.database(OWNER_ROLE)) as connection:
            connection.execute(f"INSERT INTO person VALUES ('{value}')")
    log = places.log("postgres").read_text()
    assert log.count("ERROR:") == 2
    assert "Greta" not in log
    assert "Canarini" not in log


def test_data_of_another_major_version_is_refused(var: Path) -> None:
    ensure_running(var, migrate_empty=False)
    stop(var)
    version = var / "embedded" / "postgres" / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(EmbeddedError) as caught:
        ensure_running(var, migrate_empty=False)
    assert str(caught.value) == (
        f"the embedded servers don't start: {version.parent} holds data of PostgreSQL 17, and the embedded server is PostgreSQL {postgres_major()}:"
        " dump it with the installation that made it, move the folder away, and load the dump here (docs/operations.md, 'Another major version')"
    )
    assert status(var).phase == "stopped"


@pytest.mark.parametrize("name", ["x" * 120, "a b,c'd"])
def test_folder_whose_path_is_no_socket_address_gets_a_short_one(var: Path, name: str) -> None:
    places = Places(var / name)
    ensure_running(places.var, migrate_empty=False)
    assert (status(places.var).phase, len(str(places.sockets)) <= LONGEST_SOCKET_FOLDER) == ("ready", True)
    stop(places.var)
    assert not places.short_folder.exists()


def test_short_folder_that_others_may_write_is_refused(var: Path) -> None:
    places = Places(var / ("x" * 120))
    places.short_folder.mkdir()
    places.short_folder.chmod(0o777)
    try:
        with pytest.raises(EmbeddedError, match="expected a folder of the owner of"):
            ensure_running(places.var, migrate_empty=False)
    finally:
        places.short_folder.rmdir()


def test_servers_end_when_nobody_uses_them_and_start_again(open_folder: Path) -> None:
    var = open_folder / "var"
    subprocess.run([sys.executable, "-m", "config.embedded", var, "--idle-seconds", "0.2"], cwd=ROOT, check=True)
    places = Places(var)
    wait_until(lambda: places.state.exists() and status(var).phase == "stopped")
    assert processes_in(places.postgres, "postgres") == []
    ensure_running(var, migrate_empty=False)
    assert status(var).phase == "ready"


def test_servers_end_with_their_folder(open_folder: Path) -> None:
    var = open_folder / "var"
    ensure_running(var, migrate_empty=False)
    numbers = [status(var).pid, processes_in(var / "embedded" / "valkey", "valkey-server")[0].pid]
    (var / "embedded" / "supervisor.lock").unlink()
    wait_until(lambda: not any(psutil.pid_exists(number) for number in numbers))


def user_of_servers(var: Path) -> set[int]:
    places = Places(var)
    processes = processes_in(places.postgres, "postgres") + processes_in(places.valkey, "valkey-server")
    return {process.uids().effective for process in processes}


def test_servers_never_run_as_root_in_a_folder_that_anybody_may_enter(open_folder: Path, ordinary_uid: int) -> None:
    ensure_running(open_folder / "var", migrate_empty=False)
    assert user_of_servers(open_folder / "var") == {ordinary_uid}
    assert (open_folder / "var").stat().st_uid == os.geteuid()


def test_servers_never_run_as_root_in_a_folder_that_only_its_owner_may_enter(var: Path, ordinary_uid: int) -> None:
    before = var.parent.stat()
    assert before.st_mode & 0o077 == 0
    ensure_running(var, migrate_empty=False)
    assert user_of_servers(var) == {ordinary_uid}
    after = var.parent.stat()
    assert (after.st_mode, after.st_uid) == (before.st_mode, before.st_uid)


def test_ordinary_user_starts_servers_and_root_may_use_them(
    open_folder: Path, ordinary_uid: int, run_as_ordinary_user: Run, python: str
) -> None:
    var = open_folder / "var"
    var.mkdir()
    os.chown(var, ordinary_uid, -1)
    result = run_as_ordinary_user([python, "-c", START, var])
    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)
    assert psutil.Process(status(var).pid).uids().effective == ordinary_uid
    assert user_of_servers(var) == {ordinary_uid}
    ensure_running(var, migrate_empty=False)
    assert {path.stat().st_uid for path in (var / "embedded").rglob("*")} == {ordinary_uid}
