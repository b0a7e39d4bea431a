"""Where mail goes and which proxies are believed, by the environment."""

from pathlib import Path

import pytest

from config.environment import ConfigurationError, MailServer, read_environment

BASE = Path("/installation")
SERVERS = {"DATABASE_URL": "postgres://app:word@db.example/seatwise", "SECRET_KEY": "long and random"}
FORM = "EMAIL_URL: expected smtp://USER:PASSWORD@HOST:PORT, smtps://... or console:, got"
SENDER = "DEFAULT_FROM_EMAIL: expected name@example.com or Name <name@example.com>, got"


def server(**fields: object) -> MailServer:
    defaults = {"host": "mail.example", "port": 587, "user": "", "password": "", "tls": False}
    return MailServer(**defaults | fields)


@pytest.mark.parametrize(
    ("values", "mail"),
    [
        ({}, None),
        (SERVERS | {"DEBUG": "1"}, None),
        (SERVERS, server(host="localhost", port=25, plain=True)),
        (SERVERS | {"EMAIL_URL": "console:"}, None),
        ({"EMAIL_URL": "smtp://mail.example"}, server()),
        ({"EMAIL_URL": "smtp://me:p%40ss@mail.example:2525"}, server(port=2525, user="me", password="p@ss")),
        ({"EMAIL_URL": "smtps://me:word@mail.example/"}, server(port=465, user="me", password="word", tls=True)),
        ({"EMAIL_URL": "smtp://mail.example:25?starttls=off"}, server(port=25, plain=True)),
    ],
    ids=["embedded", "debug", "servers", "console", "smtp", "password", "tls", "plain"],
)
def test_mail_server_by_environment(values: dict[str, str], mail: MailServer | None) -> None:
    assert read_environment(values, BASE).mail == mail


def test_mail_password_is_not_shown() -> None:
    assert "word" not in repr(read_environment({"EMAIL_URL": "smtp://me:word@mail.example"}, BASE).mail)


@pytest.mark.parametrize("text", ["help@seatwise.example", "Seatwise <help@seatwise.example>"])
def test_sender_by_environment(text: str) -> None:
    assert read_environment({"DEFAULT_FROM_EMAIL": text}, BASE).mail_from == text
    assert read_environment({}, BASE).mail_from == "seatwise@localhost"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("EMAIL_URL", "mail.example", f"{FORM} 'mail.example'"),
        ("EMAIL_URL", "imap://me:word@mail.example", f"{FORM} 'imap://***@mail.example'"),
        ("EMAIL_URL", "smtp://me:word@mail.example:port", f"{FORM} 'smtp://***@mail.example:port'"),
        ("EMAIL_URL", "smtp://", f"{FORM} 'smtp://'"),
        ("EMAIL_URL", "smtp://mail.example/inbox", f"{FORM} 'smtp://mail.example/inbox'"),
        (
            "EMAIL_URL",
            "smtp://mail.example?starttls=no",
            "EMAIL_URL: expected ?starttls=off or nothing after the host, got 'starttls=no'",
        ),
        ("DEFAULT_FROM_EMAIL", "Seatwise", f"{SENDER} 'Seatwise'"),
        ("DEFAULT_FROM_EMAIL", "a@b.example\nBcc: c@d.example", f"{SENDER} 'a@b.example\\nBcc: c@d.example'"),
        ("TRUSTED_PROXIES", "all", "TRUSTED_PROXIES: expected a whole number of proxies from 0 to 16, got 'all'"),
    ],
)
def test_wrong_value_is_told_in_one_line(name: str, value: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_environment({name: value}, BASE)
    assert str(caught.value) == message


def test_proxies_are_believed_where_https_ends_before_us_or_by_number() -> None:
    assert read_environment({}, BASE).trusted_proxies == 0
    assert read_environment(SERVERS, BASE).trusted_proxies == 1
    assert read_environment(SERVERS | {"BEHIND_TLS": "no"}, BASE).trusted_proxies == 0
    assert read_environment({"TRUSTED_PROXIES": "2"}, BASE).trusted_proxies == 2
