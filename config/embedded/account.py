"""As which user of the machine the servers run: whoever starts them, but never root, which PostgreSQL refuses."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from config.embedded.failures import EmbeddedError
from config.embedded.places import Places
from config.embedded.programs import postgres_program

# Lets an ordinary user pass folders that only root may enter, such as a clone below root's home.
CAPABILITIES = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")
REACHES = 'test -x "$1" && cd "$2" && cd "$3" && test -w .'
NOBODY = "nobody"


@dataclass(frozen=True)
class Account:
    """A user (`uid` None: whoever we are), entered by `prefix` where a plain change of user doesn't suffice."""

    uid: int | None = None
    gid: int | None = None
    prefix: tuple[str, ...] = ()

    def start(self, command: Sequence[str | Path], log: int) -> subprocess.Popen[bytes]:
        """Starts a server as a direct child, with its output in the open file `log`."""
        return subprocess.Popen(
            [*self.prefix, *command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=self.environment(),
            # Ctrl-C in a terminal must reach the supervisor's servers only through the supervisor.
            start_new_session=True,
            **self.change(),
        )

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Runs a short program to its end."""
        return subprocess.run(
            [*self.prefix, *command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd="/",
            env=self.environment(),
            check=False,
            **self.change(),
        )

    def own(self, path: Path) -> None:
        """Hands a file or folder to this user."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def make(self, folder: Path) -> None:
        """Makes a folder that is this user's alone."""
        folder.mkdir(mode=0o700, exist_ok=True)
        self.own(folder)

    def change(self) -> dict[str, object]:
        """How subprocess changes to this user; with a prefix, that does it."""
        if self.uid is None or self.prefix:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def environment(self) -> dict[str, str]:
        """The servers' environment: nothing of the caller's but where programs are."""
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def account_for(places: Places) -> Account:
    """The account for a data folder: ourselves, or as root the folder's owner, or `nobody` where that is root as well."""
    if os.geteuid() != 0:
        return Account()
    status = places.var.stat()
    entry = named_user(NOBODY) if status.st_uid == 0 else None
    uid, gid = (entry.pw_uid, entry.pw_gid) if entry else (status.st_uid, status.st_gid)
    for prefix in ((), through_capabilities(uid, gid)):
        account = Account(uid, gid, prefix)
        account.make(places.sockets)
        if reaches(account, places):
            return account
    raise EmbeddedError(
        f"PostgreSQL doesn't run as root, and user number {uid} can't get to {places.root} or to {postgres_program('postgres')}:"
        " move the clone (or SEATWISE_VAR) out of root's own folders, or give SEATWISE_VAR to an ordinary user (chown)"
    )


def reaches(account: Account, places: Places) -> bool:
    """Whether the account may run the programs, get to the data and write where the sockets will be."""
    words = ["sh", postgres_program("postgres"), places.root, places.sockets]
    return account.run(["/bin/sh", "-c", REACHES, *words]).returncode == 0


def through_capabilities(uid: int, gid: int) -> tuple[str, ...]:
    """The prefix that changes the user and keeps one capability of root's; empty where there is no setpriv."""
    setpriv = shutil.which("setpriv")
    return (setpriv, "--reuid", str(uid), "--regid", str(gid), "--clear-groups", *CAPABILITIES) if setpriv else ()


def named_user(name: str) -> pwd.struct_passwd:
    """A user of the machine by name."""
    try:
        return pwd.getpwnam(name)
    except KeyError:
        raise EmbeddedError(
            f"PostgreSQL doesn't run as root, and there is no user {name!r} here: give SEATWISE_VAR to an ordinary user (chown)"
        ) from None
