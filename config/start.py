"""How every entry point (manage.py, workers, web, tests) comes to its environment and its servers, or ends with one line."""

import os
from functools import cache
from pathlib import Path

from config.embedded.client import ensure_running
from config.embedded.failures import EmbeddedError
from config.environment import ConfigurationError, Environment, read_environment

BASE = Path(__file__).resolve().parent.parent


@cache
def environment() -> Environment:
    """This process's environment. A wrong value ends the process with one line on standard error and status 1."""
    try:
        return read_environment(os.environ, BASE)
    except ConfigurationError as error:
        raise SystemExit(str(error)) from None


def start_servers(*, migrate_empty: bool = True) -> None:
    """Starts the embedded servers where the environment names none; ends the process with one line where that fails."""
    if not environment().embedded:
        return
    try:
        ensure_running(environment().var, migrate_empty=migrate_empty and environment().database is None)
    except EmbeddedError as error:
        raise SystemExit(str(error)) from None
