"""A database of the benchmark's own, made anew on the servers that the environment names (or on the embedded ones)."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from config.embedded.client import ensure_running
from config.embedded.places import APPLICATION_ROLE, OWNER_ROLE, Places
from config.environment import Database, read_environment

NAME = "seatwise_bench"
BASE = Path(__file__).resolve().parent.parent


class DatabaseInUseError(Exception):
    """Somebody else uses the database that is to be dropped."""


def fresh_database(*, name: str = NAME) -> tuple[Database, dict[str, str]]:
    """Make the database `name` anew, empty; answers with the owner's address and the environment of commands that use it.

    Needs an owner that may create databases, which the embedded one may. Raises DatabaseInUseError.
    """
    application, owner = addresses()
    drop_database(owner=owner, name=name)
    with connect(owner) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    application = replace(application, name=name)
    made = replace(owner, name=name)
    urls = {"DATABASE_URL": url_of(application), "DATABASE_OWNER_URL": url_of(made)}
    # An installation keeps the bytecode of its modules, whatever the machine of the benchmark does otherwise.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return made, {**inherited, **urls, "SECRET_KEY": "bench", "DJANGO_SETTINGS_MODULE": "config.settings"}


def drop_database(*, owner: Database, name: str) -> None:
    """Drop the database `name` if there is one. `owner` is the address of another one. Raises DatabaseInUseError."""
    try:
        with connect(owner) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    except psycopg.errors.ObjectInUse:
        raise DatabaseInUseError(f"the database {name} is in use; --database names another one") from None


def connect(database: Database) -> psycopg.Connection[Any]:
    """A connection in which every statement stands for itself."""
    return psycopg.connect(
        host=database.host,
        port=database.port,
        dbname=database.name,
        user=database.user,
        password=database.password,
        autocommit=True,
        **database.options,
    )


def url_of(database: Database) -> str:
    """The address as config.environment reads it; the host goes last, because it may be a socket's folder."""
    account = f"{quote(database.user, safe='')}:{quote(database.password, safe='')}"
    port = f":{database.port}" if database.port else ""
    return f"postgres://{account}@{port}/{database.name}?{urlencode({'host': database.host, **database.options})}"


def addresses() -> tuple[Database, Database]:
    """The application's and the owner's address of the configured database, whose server runs."""
    environment = read_environment(os.environ, BASE)
    if environment.embedded:
        ensure_running(environment.var, migrate_empty=False)
    places = Places(environment.var)
    application = environment.database or places.database(APPLICATION_ROLE)
    return application, environment.owner or places.database(OWNER_ROLE)
