"""Secrets at rest: sealed, rotated, and told to nobody."""

from __future__ import annotations

import json
import logging
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.forms.models import model_to_dict
from pytest_django import Settings

from config.logs import JsonFormatter
from customers.connections.failures import PullError
from customers.connections.secrets import can_seal, opened, seal
from customers.models import Application
from partners.models import AuditEntry
from tests.customers.connections.conftest import KEY, Pulling
from tests.customers.connections.vendor import SECRET, Answer
from tests.people import signed_in

NEW_KEY = Fernet.generate_key().decode()


def test_sealed_secret_is_opened_again(settings: Settings) -> None:
    settings.SEATWISE_KEYS = [KEY]
    sealed = seal(SECRET)
    assert SECRET not in sealed
    assert opened(sealed) == SECRET
    assert seal(SECRET) != sealed


def test_older_key_still_opens_and_the_first_seals(settings: Settings) -> None:
    settings.SEATWISE_KEYS = [KEY]
    sealed = seal(SECRET)
    settings.SEATWISE_KEYS = [NEW_KEY, KEY]
    assert opened(sealed) == SECRET
    sealed_later = seal(SECRET)
    settings.SEATWISE_KEYS = [NEW_KEY]
    assert opened(sealed_later) == SECRET
    with pytest.raises(PullError) as error:
        opened(sealed)
    assert error.value.problem == "secret_unreadable"


def test_nothing_is_sealed_without_a_key(settings: Settings) -> None:
    settings.SEATWISE_KEYS = []
    assert not can_seal()
    for act in (seal, opened):
        with pytest.raises(PullError) as error:
            act("x")
        assert error.value.problem == "no_key"


def test_secrets_are_rotated(pulling: Pulling, settings: Settings) -> None:
    settings.SEATWISE_KEYS = [NEW_KEY, KEY]
    out = StringIO()
    call_command("rotate_secrets", stdout=out)
    assert out.getvalue() == "Secrets sealed with the first key: 1.\n"
    settings.SEATWISE_KEYS = [NEW_KEY]
    assert opened(Application.objects.get().sealed_secret) == SECRET


def test_secret_that_no_key_opens_is_told_at_rotation(pulling: Pulling, settings: Settings) -> None:
    settings.SEATWISE_KEYS = [NEW_KEY]
    before = Application.objects.get().sealed_secret
    with pytest.raises(CommandError, match=r"^1 secrets can't be opened"):
        call_command("rotate_secrets", stdout=StringIO())
    assert Application.objects.get().sealed_secret == before


def test_rotation_needs_keys(pulling: Pulling, settings: Settings) -> None:
    settings.SEATWISE_KEYS = []
    with pytest.raises(CommandError, match=r"^SEATWISE_KEYS: is not set"):
        call_command("rotate_secrets", stdout=StringIO())


@pytest.mark.parametrize(("keys", "problem"), [([], "no_key"), ([NEW_KEY], "secret_unreadable")])
def test_pull_without_the_right_key_says_so(
    pulling: Pulling, settings: Settings, keys: list[str], problem: str
) -> None:
    connection = pulling.connection()
    settings.SEATWISE_KEYS = keys
    pulling.work_off()
    assert pulling.state(connection) == (problem, "", 1)
    assert pulling.vendor.login.requests == []


def test_secrets_and_tokens_are_told_to_nobody(pulling: Pulling, caplog: pytest.LogCaptureFixture) -> None:
    """Through a pull that fails in every layer, and a page after it: not in the log, the audit log, the rows or the page."""
    caplog.set_level(logging.DEBUG)
    token = "/c0000000-0000-4000-8000-000000000001/oauth2/v2.0/token"
    connection = pulling.connection()
    pulling.vendor.login.faults[token] = [Answer(f'{{"access_token": "canary-token-{SECRET}"')] * 5
    pulling.work_off()
    connection.asked_at, connection.not_before = connection.created_at, None
    connection.save()
    pulling.vendor.graph.faults["/v1.0/users"] = [Answer({"error": {"code": "canary", "message": SECRET}}, 403)]
    pulling.work_off()
    page = signed_in(pulling.admin).get(f"/settings/connections/{connection.pk}/").content.decode()
    connection.refresh_from_db()
    told = [page, json.dumps(model_to_dict(connection), default=str)]
    told += [JsonFormatter().format(record) for record in caplog.records if is_written(record)]
    told += [json.dumps(model_to_dict(entry), default=str) for entry in AuditEntry.objects.all()]
    told.append(Application.objects.get().sealed_secret)
    assert [text for text in told if "canary" in text] == []


def is_written(record: logging.LogRecord) -> bool:
    """Whether the installation's log would have it: our own from INFO on, others' from WARNING on, MSAL's never."""
    least = logging.INFO if record.name.startswith("seatwise") else logging.WARNING
    return record.levelno >= (logging.CRITICAL if record.name.startswith("msal") else least)
