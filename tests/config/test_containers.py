"""Dockerfile and compose.yaml run what `manage.py run` runs, with what the environment knows."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import programs
from config.environment import read_environment
from config.processtree import GRACE_SECONDS

ROOT = Path(__file__).parents[2]
OURS = ("web", "worker", "beat", "migrate")
VALUES = {
    "SEATWISE_APP_PASSWORD": "app0",
    "SEATWISE_OWNER_PASSWORD": "owner0",
    "POSTGRES_PASSWORD": "super0",
    "VALKEY_PASSWORD": "valkey0",
    "SECRET_KEY": "secret0",
    "ALLOWED_HOSTS": "seatwise.example",
    "EMAIL_URL": "smtp://u:p@mail.example",
    "DEFAULT_FROM_EMAIL": "seatwise@seatwise.example",
}
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def filled(node: Any) -> Any:
    """A part of the file as compose understands it where VALUES is the environment."""
    if isinstance(node, dict):
        return {name: filled(inner) for name, inner in node.items()}
    if isinstance(node, list):
        return [filled(inner) for inner in node]
    return VARIABLE.sub(value_of, node) if isinstance(node, str) else node


def value_of(match: re.Match[str]) -> str:
    name, kind, default = match.groups()
    assert name in VALUES or kind == "-", f"{name} has neither a value nor a default"
    return VALUES.get(name, default or "")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return filled(yaml.safe_load((ROOT / "compose.yaml").read_text()))


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text().replace("\\\n", " ")


def as_here(command: list[str]) -> list[str]:
    """A container's command line with this Python."""
    return [programs.python("x")[0] if word == "python" else word for word in command]


def test_compose_has_what_run_runs_and_the_servers(compose: dict[str, Any]) -> None:
    assert list(compose["services"]) == [*OURS, "postgres", "valkey"]
    assert {name: as_here(compose["services"][name]["command"]) for name in ("web", "worker", "beat")} == {
        "web": programs.web(host="0.0.0.0", port=8000, mark="web"),
        "worker": programs.worker(processes=2, mark="worker"),
        "beat": programs.beat(folder=Path("/tmp")),
    }


def test_image_begins_with_the_web_server(compose: dict[str, Any], dockerfile: str) -> None:
    command = re.search(r"^CMD (\[.*\])$", dockerfile, re.MULTILINE)
    assert json.loads(command[1]) == compose["services"]["web"]["command"]


def test_health_is_asked_where_it_is_answered(compose: dict[str, Any], dockerfile: str) -> None:
    assert "http://127.0.0.1:8000/healthz" in dockerfile
    assert [compose["services"][name].get("healthcheck") for name in OURS] == [None, *[{"disable": True}] * 3]


@pytest.mark.parametrize("name", OURS)
def test_environment_of_a_service_is_read(compose: dict[str, Any], name: str) -> None:
    values = compose["services"][name]["environment"]
    environment = read_environment(values, Path("/app"))
    assert (environment.database.user, environment.database.host, environment.embedded) == (
        "seatwise_app",
        "postgres",
        False,
    )
    assert environment.broker_url == "redis://:valkey0@valkey:6379/0"
    assert (environment.behind_tls, environment.trusted_proxies, environment.web_processes) == (True, 1, 2)
    assert environment.owner_named is (name == "migrate")
    assert environment.owner.user == ("seatwise_owner" if name == "migrate" else "seatwise_app")


@pytest.mark.parametrize("name", OURS)
def test_service_of_ours_has_no_rights_to_spare(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_nothing_of_ours_starts_before_the_tables_are_there(compose: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat"):
        waits = {server: told["condition"] for server, told in compose["services"][name]["depends_on"].items()}
        assert waits == {
            "postgres": "service_healthy",
            "valkey": "service_healthy",
            "migrate": "service_completed_successfully",
        }


def test_only_the_web_server_is_reached_and_from_this_machine_only(compose: dict[str, Any]) -> None:
    assert {name: service["ports"] for name, service in compose["services"].items() if "ports" in service} == {
        "web": ["127.0.0.1:8000:8000"]
    }


def test_no_secret_has_a_default() -> None:
    text = (ROOT / "compose.yaml").read_text()
    for name in VALUES:
        kinds = {kind for found, kind, _ in VARIABLE.findall(text) if found == name}
        assert "?" in kinds
        assert "-" not in kinds


def test_web_server_has_time_to_end(compose: dict[str, Any]) -> None:
    assert compose["services"]["web"]["stop_grace_period"] == f"{GRACE_SECONDS:.0f}s"


def test_image_is_run_by_an_ordinary_user(dockerfile: str) -> None:
    last = dockerfile.rpartition("\nFROM ")[2]
    assert last.startswith("python:3.12-slim\n")
    assert last.index("\nUSER seatwise\n") < last.index("\nCMD ")


def test_image_holds_what_runs_and_not_what_tests(dockerfile: str) -> None:
    script = re.search(r"sed '([^']+)' requirements.txt", dockerfile)[1]
    kept = subprocess.run(
        ["sed", script, "requirements.txt"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    names = set(re.findall(r"^([\w-]+)", kept, re.MULTILINE))
    assert {"django", "gunicorn", "whitenoise", "celery", "psycopg", "psutil", "django-allauth"} <= names
    assert names & {"pytest", "playwright", "ruff", "hypothesis", "import-linter"} == set()


def test_roles_of_the_script_are_those_of_the_addresses(compose: dict[str, Any]) -> None:
    script = (ROOT / "docker" / "postgres-roles.sh").read_text()
    assert re.findall(r"CREATE ROLE (\w+) LOGIN PASSWORD :'(\w+)'", script) == [
        ("seatwise_owner", "owner_password"),
        ("seatwise_app", "app_password"),
    ]
    assert "CREATE DATABASE seatwise OWNER seatwise_owner " in script
    assert (ROOT / "docker" / "postgres-roles.sh").stat().st_mode & 0o111
    mounts = [volume.split(":") for volume in compose["services"]["postgres"]["volumes"]]
    assert ["./docker/postgres-roles.sh", "/docker-entrypoint-initdb.d/roles.sh", "ro"] in mounts
