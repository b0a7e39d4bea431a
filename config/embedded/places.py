"""Where the embedded servers keep what: one folder of data, locks, logs, passwords, and a short folder for sockets."""

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from config.embedded.failures import EmbeddedError
from config.environment import Database, give_to_owner_of, kept_secret

POSTGRES_PORT = 5432
OWNER_ROLE = "seatwise_owner"
APPLICATION_ROLE = "seatwise_app"
SUPERUSER = "postgres"
DATABASE = "seatwise"
# sun_path has 104 bytes on macOS, 108 on Linux; PostgreSQL appends ".s.PGSQL.5432.lock" to the folder.
LONGEST_SOCKET_FOLDER = 80
PLAIN_PATH = re.compile(r"[A-Za-z0-9_./-]+")
SHORT_ROOT = Path("/tmp")  # noqa: S108  not tempfile.gettempdir(): TMPDIR may differ between two commands


@dataclass(frozen=True)
class Places:
    """The paths below the folder `var` of an installation."""

    var: Path

    @property
    def root(self) -> Path:
        """All that belongs to the embedded servers."""
        return self.var / "embedded"

    @property
    def postgres(self) -> Path:
        """PostgreSQL's data."""
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        """Valkey's data and configuration."""
        return self.root / "valkey"

    @property
    def state(self) -> Path:
        """What the supervisor says about itself."""
        return self.root / "state.json"

    @property
    def supervisor_lock(self) -> Path:
        """Held, exclusively, by the supervisor as long as it lives."""
        return self.root / "supervisor.lock"

    @property
    def start_lock(self) -> Path:
        """Held, exclusively, by the command that starts the supervisor or migrates an empty database."""
        return self.root / "start.lock"

    @property
    def lease(self) -> Path:
        """Held, shared, by every process that uses the servers."""
        return self.root / "lease.lock"

    @property
    def migrated(self) -> Path:
        """Exists once the database of this data folder has been migrated."""
        return self.root / "migrated"

    def log(self, name: str) -> Path:
        """The log of one process."""
        return self.root / f"{name}.log"

    @property
    def sockets(self) -> Path:
        """The folder of both sockets: below `root`, or a short one where that path is too long for a socket or would not pass as
        a part of a URL and of libpq's list of hosts, which a comma separates.
        """
        own = self.root / "run"
        fits = len(os.fsencode(own)) <= LONGEST_SOCKET_FOLDER and PLAIN_PATH.fullmatch(str(own))
        return own if fits else self.short_folder / "run"

    @property
    def short_folder(self) -> Path:
        """The folder of this data folder's sockets outside it."""
        return SHORT_ROOT / f"seatwise-{hashlib.sha256(os.fsencode(self.var)).hexdigest()[:16]}"

    @property
    def valkey_socket(self) -> Path:
        """Where Valkey listens."""
        return self.sockets / "valkey.sock"

    def password(self, name: str) -> str:
        """The password of a role, or of `valkey`; made at its first use."""
        self.prepare()
        return kept_secret(self.root / "passwords" / name)

    def database(self, role: str, name: str = DATABASE) -> Database:
        """The address of a database for one of the roles."""
        return Database(host=str(self.sockets), port=POSTGRES_PORT, name=name, user=role, password=self.password(role))

    @property
    def broker_url(self) -> str:
        """The address of Valkey for Celery."""
        return f"redis+socket://:{self.password('valkey')}@{self.valkey_socket}"

    def prepare(self) -> None:
        """Makes the folders that hold no server's data; EmbeddedError where they are somebody else's."""
        try:
            self.var.mkdir(parents=True, exist_ok=True)
            self.make(self.root, 0o711)
            self.make(self.root / "passwords", 0o700)
        except OSError as error:
            raise EmbeddedError(
                f"{self.root}: {error.strerror}; expected a folder that this user may write (SEATWISE_VAR names another)"
            ) from error
        if not os.access(self.root / "passwords", os.R_OK | os.X_OK):
            raise EmbeddedError(
                f"{self.root} belongs to user number {self.root.stat().st_uid}, and this is user number {os.geteuid()};"
                " run the command as that user, or name another folder in SEATWISE_VAR"
            )

    def prepare_short_folder(self) -> None:
        """Makes the short folder, and refuses one that somebody else has put there."""
        folder = self.short_folder
        try:
            folder.mkdir(mode=0o711)
            give_to_owner_of(self.root, folder)
        except FileExistsError:
            status = folder.lstat()
            if not stat.S_ISDIR(status.st_mode) or status.st_uid != self.root.stat().st_uid or status.st_mode & 0o022:
                raise EmbeddedError(
                    f"{folder}: expected a folder of the owner of {self.root} that nobody else may write; remove it, or name a shorter folder in SEATWISE_VAR"
                ) from None

    def make(self, folder: Path, mode: int) -> None:
        """Makes one folder, owned by whoever owns the folder above it."""
        try:
            folder.mkdir(mode=mode)
        except FileExistsError:
            return
        folder.chmod(mode)
        give_to_owner_of(folder.parent, folder)
