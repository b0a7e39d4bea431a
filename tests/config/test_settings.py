"""Settings of an installation for others, as its environment makes them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCTION = {
    "DATABASE_URL": "postgres://app:x@db.example/seatwise",
    "DATABASE_OWNER_URL": "postgres://owner:x@db.example/seatwise",
    "CELERY_BROKER_URL": "redis://:x@broker.example/0",
    "SECRET_KEY": "a-secret-of-fifty-characters-or-more-0123456789-abcdefghijklmnop",
    "ALLOWED_HOSTS": "seatwise.example",
    "EMAIL_URL": "smtp://u:p@mail.example",
    "DEFAULT_FROM_EMAIL": "seatwise@seatwise.example",
}
ASK = """
import json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}, default=str))
"""


def run(var: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ | {"SEATWISE_VAR": str(var)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def settings_of(var: Path, *names: str, **environment: str) -> dict[str, object]:
    return json.loads(run(var, "-c", ASK, *names, **environment).stdout)


def test_check_deploy_is_clean_in_production(tmp_path: Path) -> None:
    result = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "DEBUG", **PRODUCTION)
    assert (result.returncode, result.stdout, result.stderr) == (
        0,
        "System check identified no issues (0 silenced).\n",
        "",
    )


@pytest.mark.parametrize(
    ("environment", "behind_tls"),
    [
        (PRODUCTION, True),
        (PRODUCTION | {"BEHIND_TLS": "false"}, False),
        (PRODUCTION | {"DEBUG": "true"}, False),
        ({}, False),
        ({"BEHIND_TLS": "true"}, True),
    ],
)
def test_tls_is_demanded_unless_nobody_else_is_served(
    tmp_path: Path, environment: dict[str, str], behind_tls: bool
) -> None:
    switches = ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_PRELOAD")
    told = settings_of(tmp_path, *switches, "SESSION_COOKIE_NAME", "SECURE_HSTS_SECONDS", **environment)
    assert [told[name] for name in switches] == [behind_tls] * 4
    assert told["SESSION_COOKIE_NAME"] == ("__Host-seatwise" if behind_tls else "seatwise")
    assert told["SECURE_HSTS_SECONDS"] == (31_536_000 if behind_tls else 0)


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(tmp_path: Path) -> None:
    names = ("SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE")
    assert list(settings_of(tmp_path, *names).values()) == [True, True, "Lax", "Lax"]


def test_origins_of_the_environment_are_trusted(tmp_path: Path) -> None:
    origin = "https://seatwise.example:8443"
    assert settings_of(tmp_path, "CSRF_TRUSTED_ORIGINS", TRUSTED_ORIGINS=origin) == {"CSRF_TRUSTED_ORIGINS": [origin]}
