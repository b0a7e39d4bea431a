"""The embedded Valkey: its folder, configuration, and whether it answers."""

import os
import socket
from collections.abc import Sequence
from pathlib import Path

from config.embedded.account import Account
from config.embedded.places import Places
from config.embedded.programs import valkey_program

# Every push is written to the append-only file before it is answered, so that kill -9 loses none. `appendfsync everysec` doesn't do
# that: while the disk is busy with a sync it puts off the writing for up to two seconds and answers all the same.
SETTINGS = """port 0
unixsocket "{socket}"
unixsocketperm 700
dir "{folder}"
requirepass {password}
appendonly yes
appendfsync no
save ""
maxmemory-policy noeviction
daemonize no
set-proc-title no
"""
ANSWER_SECONDS = 5.0


class Valkey:
    """The server of one data folder, run by one account."""

    name = "valkey-server"
    graceful_signal = "SIGTERM"

    def __init__(self, places: Places, account: Account) -> None:
        self.places = places
        self.account = account
        self.folder = places.valkey

    @property
    def configuration(self) -> Path:
        """The file that holds the settings, the password among them."""
        return self.folder / "valkey.conf"

    def prepare(self) -> None:
        """Makes the folder and writes the configuration."""
        self.account.make(self.folder)
        self.configuration.touch(mode=0o600)
        self.account.own(self.configuration)
        values = {
            "socket": self.places.valkey_socket,
            "folder": self.folder,
            "password": self.places.password("valkey"),
        }
        self.configuration.write_text(
            SETTINGS.format(**{name: escaped(value) for name, value in values.items()}), encoding="utf-8"
        )
        # A dead server's socket would refuse, a missing one is simply not there yet.
        self.places.valkey_socket.unlink(missing_ok=True)

    def command(self) -> Sequence[str | Path]:
        """What starts it in the foreground."""
        return [valkey_program(), self.configuration]

    def answers(self) -> bool:
        """Whether it has read its file and takes commands."""
        return answers(self.places)

    def make_ready(self) -> None:
        """Nothing: it has no roles."""


def answers(places: Places) -> bool:
    """Whether the Valkey of these places takes commands."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(ANSWER_SECONDS)
        try:
            connection.connect(os.fsencode(places.valkey_socket))
            connection.sendall(f"AUTH {places.password('valkey')}\r\nPING\r\n".encode())
            received = b""
            while received.count(b"\r\n") < 2 and (part := connection.recv(200)):
                received += part
        except OSError:
            return False
    return received == b"+OK\r\n+PONG\r\n"


def escaped(value: object) -> str:
    """A value inside double quotes of Valkey's configuration."""
    return str(value).replace("\\", "\\\\").replace('"', '\\"')
