"""The environment: what is read, and that every wrong value is one line without a password."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import ConfigurationError, Database, kept_secret, new_key, read_environment

BASE = Path("/installation")
SERVERS = {
    "DATABASE_URL": "postgres://app:p%40ss@db.example:6432/seatwise?sslmode=require",
    "DATABASE_OWNER_URL": "postgresql://owner:word@db.example/seatwise",
    "CELERY_BROKER_URL": "rediss://:word@broker.example:6379/1",
    "SECRET_KEY": "long and random",
}
URL_FORM = "expected postgres://USER:PASSWORD@HOST:PORT/NAME, got"
BROKER = "expected redis://:PASSWORD@HOST:PORT/NUMBER, rediss://... or redis+socket:///PATH, got"


def test_environment_empty_means_embedded_servers() -> None:
    environment = read_environment({}, BASE)
    assert (environment.embedded, environment.database, environment.owner, environment.broker_url) == (
        True,
        None,
        None,
        None,
    )
    assert environment.var == BASE / "var"
    assert (environment.debug, environment.secret_key, environment.retention_months) == (False, None, 25)
    assert environment.allowed_hosts == ("localhost", "127.0.0.1", "[::1]")


def test_environment_with_servers_named() -> None:
    environment = read_environment(
        SERVERS | {"DEBUG": "Yes", "ALLOWED_HOSTS": "a.example, b.example", "SEATWISE_RETENTION_MONTHS": "37"}, BASE
    )
    assert environment.embedded is False
    assert environment.database == Database(
        host="db.example", port=6432, name="seatwise", user="app", password="p@ss", options={"sslmode": "require"}
    )
    assert environment.owner == Database(host="db.example", port=None, name="seatwise", user="owner", password="word")
    assert environment.broker_url == SERVERS["CELERY_BROKER_URL"]
    assert (environment.debug, environment.retention_months, environment.owner_named) == (True, 37, True)
    assert environment.allowed_hosts == ("a.example", "b.example")


def test_environment_of_the_processes() -> None:
    names = ("web_processes", "web_threads", "worker_processes", "log_form")
    variables = {"WEB_PROCESSES": "3", "WEB_THREADS": "8", "WORKER_PROCESSES": "5", "LOG_FORMAT": "Text"}
    for values, expected in (({}, (2, 4, 2, None)), (variables, (3, 8, 5, "text"))):
        environment = read_environment(values, BASE)
        assert tuple(getattr(environment, name) for name in names) == expected


def test_environment_of_connections() -> None:
    environment = read_environment({}, BASE)
    assert environment.keys == ()
    assert (environment.vendor_login, environment.vendor_graph, environment.vendor_partner_center) == (
        "https://login.microsoftonline.com",
        "https://graph.microsoft.com",
        "https://api.partnercenter.microsoft.com",
    )
    keys = [new_key(), new_key()]
    environment = read_environment(
        {"SEATWISE_KEYS": f" {keys[0]}, {keys[1]},", "VENDOR_GRAPH_URL": "https://graph.microsoft.us/"}, BASE
    )
    assert (environment.keys, environment.vendor_graph) == (tuple(keys), "https://graph.microsoft.us")
    assert keys[0] not in repr(environment)


def test_vendor_is_asked_in_the_clear_in_debug_only() -> None:
    values = {"VENDOR_GRAPH_URL": "http://localhost:8080"}
    assert read_environment(values | {"DEBUG": "true"}, BASE).vendor_graph == "http://localhost:8080"
    with pytest.raises(ConfigurationError) as error:
        read_environment(values, BASE)
    assert str(error.value) == "VENDOR_GRAPH_URL: expected https://HOST, got 'http://localhost:8080'"


@pytest.mark.parametrize(
    ("values", "behind_tls"),
    [
        ({}, False),
        ({"BEHIND_TLS": "yes"}, True),
        (SERVERS, True),
        (SERVERS | {"DEBUG": "1"}, False),
        (SERVERS | {"BEHIND_TLS": "no"}, False),
    ],
)
def test_environment_demands_tls_where_others_are_served(values: dict[str, str], behind_tls: bool) -> None:
    assert read_environment(values, BASE).behind_tls is behind_tls


def test_environment_trusts_origins() -> None:
    values = {"TRUSTED_ORIGINS": "https://a.example, http://b.example:8080"}
    assert read_environment(values, BASE).trusted_origins == ("https://a.example", "http://b.example:8080")
    assert read_environment({}, BASE).trusted_origins == ()


def test_environment_without_owner_falls_back_to_the_application() -> None:
    environment = read_environment(
        {name: value for name, value in SERVERS.items() if name != "DATABASE_OWNER_URL"}, BASE
    )
    assert (environment.owner, environment.owner_named) == (environment.database, False)


def test_environment_database_on_a_socket() -> None:
    database = read_environment(
        SERVERS | {"DATABASE_URL": "postgres://app:x@/seatwise?host=/run/postgresql"}, BASE
    ).database
    assert database == Database(host="/run/postgresql", port=None, name="seatwise", user="app", password="x")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("DATABASE_URL", "mysql://app:secret@host/name", f"DATABASE_URL: {URL_FORM} 'mysql://***@host/name'"),
        ("DATABASE_URL", "postgres://app:secret@host", f"DATABASE_URL: {URL_FORM} 'postgres://***@host'"),
        (
            "DATABASE_URL",
            "postgres://app:secret@host:port/name",
            f"DATABASE_URL: {URL_FORM} 'postgres://***@host:port/name'",
        ),
        ("DATABASE_URL", "postgres://host/name?password=secret", f"DATABASE_URL: {URL_FORM} 'postgres://host/name'"),
        ("DATABASE_URL", "postgres://app:secret@[host/name", f"DATABASE_URL: {URL_FORM} 'postgres://***@[host/name'"),
        ("DATABASE_URL", "app:secret@host/name", f"DATABASE_URL: {URL_FORM} '***@host/name'"),
        ("DATABASE_OWNER_URL", "postgres:///name", f"DATABASE_OWNER_URL: {URL_FORM} 'postgres:///name'"),
        ("CELERY_BROKER_URL", "amqp://u:secret@host", f"CELERY_BROKER_URL: {BROKER} 'amqp://***@host'"),
        ("CELERY_BROKER_URL", "redis://", f"CELERY_BROKER_URL: {BROKER} 'redis://'"),
        ("DEBUG", "perhaps", "DEBUG: expected true or false, got 'perhaps'"),
        (
            "ALLOWED_HOSTS",
            "https://a.example/",
            "ALLOWED_HOSTS: expected host names separated by commas, got 'https://a.example/'",
        ),
        (
            "SEATWISE_RETENTION_MONTHS",
            "1",
            "SEATWISE_RETENTION_MONTHS: expected a whole number of months from 2 to 1200, got '1'",
        ),
        (
            "SEATWISE_RETENTION_MONTHS",
            "two",
            "SEATWISE_RETENTION_MONTHS: expected a whole number of months from 2 to 1200, got 'two'",
        ),
        ("BEHIND_TLS", "maybe", "BEHIND_TLS: expected true or false, got 'maybe'"),
        (
            "TRUSTED_ORIGINS",
            "https://a.example,b.example",
            "TRUSTED_ORIGINS: expected https://HOST, several separated by commas, got 'b.example'",
        ),
        (
            "TRUSTED_ORIGINS",
            "https://a.example/",
            "TRUSTED_ORIGINS: expected https://HOST, several separated by commas, got 'https://a.example/'",
        ),
        (
            "SEATWISE_KEYS",
            "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=,secret",
            "SEATWISE_KEYS: expected keys of 32 bytes in URL-safe base64, separated by commas; number 2 is none",
        ),
        (
            "VENDOR_LOGIN_URL",
            "https://login.example/tenant",
            "VENDOR_LOGIN_URL: expected https://HOST, got 'https://login.example/tenant'",
        ),
        (
            "VENDOR_PARTNER_CENTER_URL",
            "https://name:word@center.example",
            "VENDOR_PARTNER_CENTER_URL: expected https://HOST, got 'https://***@center.example'",
        ),
        ("LOG_FORMAT", "xml", "LOG_FORMAT: expected json or text, got 'xml'"),
        ("WEB_PROCESSES", "0", "WEB_PROCESSES: expected a whole number of processes from 1 to 64, got '0'"),
        ("WEB_THREADS", "65", "WEB_THREADS: expected a whole number of threads from 1 to 64, got '65'"),
        ("WORKER_PROCESSES", "-1", "WORKER_PROCESSES: expected a whole number of processes from 1 to 64, got '-1'"),
        (
            "SECRET_KEY",
            "",
            "SECRET_KEY: is not set; expected a long random string where DATABASE_URL is set and DEBUG is off",
        ),
        (
            "DATABASE_URL",
            "",
            "DATABASE_OWNER_URL: is set while DATABASE_URL is not; expected both, or neither for the embedded servers",
        ),
        ("SEATWISE_VAR", __file__, f"SEATWISE_VAR: expected a folder, got the file {__file__}"),
    ],
)
def test_environment_wrong_value_is_told_in_one_line(name: str, value: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_environment(SERVERS | {name: value}, BASE)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "command", [["manage.py", "check"], ["manage.py", "insights"], ["-m", "celery", "-A", "config", "report"]]
)
def test_wrong_value_stops_every_start_with_one_line(command: list[str]) -> None:
    root = Path(__file__).parents[2]
    environment = os.environ | {"DATABASE_URL": "postgres://app:secret@host:port/name"}
    result = subprocess.run(
        [sys.executable, *command], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"DATABASE_URL: {URL_FORM} 'postgres://***@host:port/name'\n"


def test_kept_secret_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "secret"
    secret = kept_secret(path)
    assert len(secret) == 64
    assert kept_secret(path) == secret
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_database_shows_no_password() -> None:
    assert "p@ss" not in repr(read_environment(SERVERS, BASE))
    assert "word" not in repr(read_environment(SERVERS, BASE))
