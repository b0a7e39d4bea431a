#!/usr/bin/env python
"""Seatwise's commands, run as the operator; starts the embedded servers where the environment names none and one is needed."""

import os
import sys

from django.core.management import execute_from_command_line

from config.start import start_servers
from partners.tenancy import operating

# Commands that use neither database nor broker, or start the servers themselves.
WITHOUT_SERVERS = {
    "help",
    "version",
    "check",
    "compilemessages",
    "makemessages",
    "diffsettings",
    "collectstatic",
    "findstatic",
    "servers",
}
WITHOUT_SERVERS_FLAGS = {"-h", "--help", "--version"}


def main() -> None:
    """Runs one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    words = sys.argv[1:]
    if words and needs_servers(words):
        start_servers(migrate_empty=words[0] != "migrate")
    with operating():
        execute_from_command_line(sys.argv)


def needs_servers(words: list[str]) -> bool:
    """Whether a command line needs the database or the broker."""
    if words[0] == "check" and "--database" in words:
        return True
    return words[0] not in WITHOUT_SERVERS and not WITHOUT_SERVERS_FLAGS & set(words)


if __name__ == "__main__":
    main()
