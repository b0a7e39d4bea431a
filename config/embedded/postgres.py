"""The embedded PostgreSQL: its data folder, configuration, roles, and whether it answers."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg import sql

from config.embedded.account import Account
from config.embedded.failures import EmbeddedError
from config.embedded.places import APPLICATION_ROLE, DATABASE, OWNER_ROLE, POSTGRES_PORT, SUPERUSER, Places
from config.embedded.programs import postgres_major, postgres_program
from config.environment import Database

# For two cores and a few gigabytes; no process over 700 MB with a query or two of work_mem each. WAL isn't compressed: this build has
# pglz only, which took a third of the time of loading a day's activity.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "4GB",
    "wal_compression": "off",
    "fsync": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # Otherwise every refused row would stand in the log, values and all.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
INITDB = (
    f"--username={SUPERUSER}",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth=scram-sha-256",
    "--data-checksums",
)
ACCESS = "local all all scram-sha-256\n"


class Postgres:
    """The server of one data folder, run by one account."""

    name = "postgres"
    graceful_signal = "SIGINT"

    def __init__(self, places: Places, account: Account) -> None:
        self.places = places
        self.account = account
        self.folder = places.postgres

    def prepare(self) -> None:
        """Makes the data folder where there is none; refuses one of another major version."""
        version = self.folder / "PG_VERSION"
        if not self.folder.exists():
            self.initialise()
        elif not version.exists():
            raise EmbeddedError(
                f"{self.folder}: expected PostgreSQL's data, found no PG_VERSION in it; move the folder away"
            )
        elif (found := version.read_text(encoding="ascii").strip()) != str(postgres_major()):
            raise EmbeddedError(
                f"{self.folder} holds data of PostgreSQL {found}, and the embedded server is PostgreSQL {postgres_major()}: dump it with the"
                f" installation that made it, move the folder away, and load the dump here (docs/operations.md, 'Another major version')"
            )
        self.disown_pid_file()

    def initialise(self) -> None:
        """Makes a data folder beside its place and moves it there complete, so that none is ever half made."""
        draft = self.folder.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        self.account.make(draft)
        password = self.places.sockets / "initdb"
        password.touch(mode=0o600)
        try:
            password.write_text(self.places.password(SUPERUSER), encoding="ascii")
            self.account.own(password)
            result = self.account.run(
                [postgres_program("initdb"), f"--pgdata={draft}", f"--pwfile={password}", *INITDB]
            )
        finally:
            password.unlink()
        if result.returncode:
            raise EmbeddedError(f"PostgreSQL's initdb failed in {draft}: {' '.join(result.stderr.split())[-500:]}")
        (draft / "pg_hba.conf").write_text(ACCESS, encoding="ascii")
        self.places.migrated.unlink(missing_ok=True)
        draft.rename(self.folder)

    def disown_pid_file(self) -> None:
        """Makes us the owner that a dead server's pid file names.

        PostgreSQL refuses to start while the process named there seems to live, which an unreaped or a reused number does;
        it ignores its own parent, and still looks whether anybody uses the old shared memory.
        """
        path = self.folder / "postmaster.pid"
        if path.exists():
            _, separator, rest = path.read_text(encoding="utf-8").partition("\n")
            path.write_text(f"{os.getpid()}{separator}{rest}", encoding="utf-8")

    def command(self) -> Sequence[str | Path]:
        """What starts it in the foreground."""
        own = {"port": str(POSTGRES_PORT), "unix_socket_directories": quoted(self.places.sockets)}
        options = [f"--{name}={value}" for name, value in (SETTINGS | own).items()]
        return [postgres_program("postgres"), "-D", self.folder, *options]

    def answers(self) -> bool:
        """Whether it accepts connections."""
        try:
            connect(self.places.database(SUPERUSER, "postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def make_ready(self) -> None:
        """Makes the roles and the database, or sets their passwords again."""
        with connect(self.places.database(SUPERUSER, "postgres")) as connection:
            for role, rights in ((OWNER_ROLE, "LOGIN CREATEDB"), (APPLICATION_ROLE, "LOGIN")):
                exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
                connection.execute(
                    sql.SQL("{verb} ROLE {role} {rights} PASSWORD {password}").format(
                        verb=sql.SQL("ALTER" if exists else "CREATE"),
                        role=sql.Identifier(role),
                        rights=sql.SQL(rights),
                        password=sql.Literal(self.places.password(role)),
                    )
                )
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER_ROLE))
                )


def quoted(folder: Path) -> str:
    """A folder as an element of one of PostgreSQL's lists, in which a comma separates."""
    return '"' + str(folder).replace('"', '""') + '"'


def connect(database: Database) -> psycopg.Connection:
    """A connection in which every statement stands for itself."""
    return psycopg.connect(
        host=database.host,
        port=database.port,
        dbname=database.name,
        user=database.user,
        password=database.password,
        connect_timeout=5,
        autocommit=True,
    )
