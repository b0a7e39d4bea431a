"""The environment, read once by typed functions; a wrong value is one ConfigurationError with one clear line."""

import base64
import binascii
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

DATABASE_FORM = "postgres://USER:PASSWORD@HOST:PORT/NAME"
BROKER_FORM = "redis://:PASSWORD@HOST:PORT/NUMBER, rediss://... or redis+socket:///PATH"
BROKER_SCHEMES = {"redis", "rediss", "redis+socket"}
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off"}
DEFAULT_RETENTION_MONTHS = 25
MAIL_FORM = "smtp://USER:PASSWORD@HOST:PORT, smtps://... or console:"
MAIL_PORTS = {"smtp": 587, "smtps": 465}
DEFAULT_SENDER = "seatwise@localhost"
VENDOR_ADDRESSES = {
    "VENDOR_LOGIN_URL": "https://login.microsoftonline.com",
    "VENDOR_GRAPH_URL": "https://graph.microsoft.com",
    "VENDOR_PARTNER_CENTER_URL": "https://api.partnercenter.microsoft.com",
}
KEY_BYTES = 32
DEFAULT_PROCESSES = 2
DEFAULT_THREADS = 4
UP_TO_64 = range(1, 65)
LOG_FORMS = ("json", "text")


class ConfigurationError(Exception):
    """A value of the environment that can't be used; its text is one line, names the variable, and holds no password."""


@dataclass(frozen=True, kw_only=True)
class Database:
    """Where a database is and as whom to enter it. `options` go to libpq as they are."""

    host: str
    port: int | None
    name: str
    user: str
    password: str = field(repr=False)
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where mail is handed over. `tls` from the first byte; otherwise it is begun by STARTTLS unless `plain`."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: bool
    plain: bool = False


@dataclass(frozen=True, kw_only=True)
class Environment:
    """All that the environment says. `database` None means the embedded PostgreSQL, `broker_url` None the embedded Valkey.

    `owner_named` is False where the owner's address is only a copy of the application's. `behind_tls`: people come by HTTPS, which
    a proxy in front of us ends. `log_form` None: text on a terminal, else JSON.
    """

    var: Path
    database: Database | None
    owner: Database | None
    owner_named: bool
    broker_url: str | None = field(repr=False)
    debug: bool
    allowed_hosts: tuple[str, ...]
    secret_key: str | None = field(repr=False)
    behind_tls: bool
    trusted_origins: tuple[str, ...]
    log_form: str | None
    web_processes: int
    web_threads: int
    worker_processes: int
    retention_months: int
    mail: MailServer | None
    """None: mail is printed to the console."""
    mail_from: str
    operators_second_factor: bool
    """Whether operators can't work without a second factor."""
    keys: tuple[str, ...] = field(repr=False)
    """Fernet keys for the secrets of connections; the first one seals, all of them open."""
    vendor_login: str
    vendor_graph: str
    vendor_partner_center: str
    trusted_proxies: int
    """How many proxies of our own stand before the web server, and add to X-Forwarded-For; unset: one where one ends HTTPS."""

    @property
    def embedded(self) -> bool:
        """Whether any server is an embedded one."""
        return self.database is None or self.broker_url is None


def read_environment(values: Mapping[str, str], base: Path) -> Environment:
    """The environment `values` of an installation in the folder `base`; ConfigurationError for the first wrong value."""
    database = read_database(values, "DATABASE_URL")
    owner = read_database(values, "DATABASE_OWNER_URL")
    if owner is not None and database is None:
        raise ConfigurationError(
            "DATABASE_OWNER_URL: is set while DATABASE_URL is not; expected both, or neither for the embedded servers"
        )
    debug = read_switch(values, "DEBUG", default=False)
    # Whoever runs servers of their own serves others than themselves: without HTTPS only where that is said.
    behind_tls = read_switch(values, "BEHIND_TLS", default=database is not None and not debug)
    environment = Environment(
        var=read_folder(values, "SEATWISE_VAR", base / "var"),
        database=database,
        owner=owner or database,
        owner_named=database is None or owner is not None,
        broker_url=read_broker(values, "CELERY_BROKER_URL"),
        debug=debug,
        allowed_hosts=read_list(values, "ALLOWED_HOSTS", LOCAL_HOSTS),
        secret_key=values.get("SECRET_KEY") or None,
        behind_tls=behind_tls,
        trusted_origins=read_origins(values, "TRUSTED_ORIGINS"),
        log_form=read_word(values, "LOG_FORMAT", LOG_FORMS),
        web_processes=read_number(values, "WEB_PROCESSES", DEFAULT_PROCESSES, "processes", UP_TO_64),
        web_threads=read_number(values, "WEB_THREADS", DEFAULT_THREADS, "threads", UP_TO_64),
        worker_processes=read_number(values, "WORKER_PROCESSES", DEFAULT_PROCESSES, "processes", UP_TO_64),
        # A 28-day window may begin in the month before, so 2 at least.
        retention_months=read_number(
            values, "SEATWISE_RETENTION_MONTHS", DEFAULT_RETENTION_MONTHS, "months", range(2, 1201)
        ),
        mail=read_mail(values, "EMAIL_URL", console=debug or database is None),
        mail_from=read_sender(values, "DEFAULT_FROM_EMAIL"),
        operators_second_factor=read_switch(values, "SEATWISE_OPERATORS_SECOND_FACTOR", default=False),
        keys=read_keys(values, "SEATWISE_KEYS"),
        vendor_login=read_address(values, "VENDOR_LOGIN_URL", debug=debug),
        vendor_graph=read_address(values, "VENDOR_GRAPH_URL", debug=debug),
        vendor_partner_center=read_address(values, "VENDOR_PARTNER_CENTER_URL", debug=debug),
        trusted_proxies=read_number(values, "TRUSTED_PROXIES", int(behind_tls), "proxies", range(17)),
    )
    if environment.secret_key is None and not environment.debug and database is not None:
        raise ConfigurationError(
            "SECRET_KEY: is not set; expected a long random string where DATABASE_URL is set and DEBUG is off"
        )
    return environment


def read_database(values: Mapping[str, str], name: str) -> Database | None:
    """The database that a URL names, None where it is unset or empty."""
    text = values.get(name, "").strip()
    if not text:
        return None
    parts, port = split_url(name, text, DATABASE_FORM)
    database = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not database or "/" in database or not parts.username:
        raise ConfigurationError(f"{name}: expected {DATABASE_FORM}, got {without_password(text)}")
    options = dict(parse_qsl(parts.query))
    return Database(
        # A socket's folder can't stand before the path of a URL, so it comes as ?host=/folder, as in libpq.
        host=options.pop("host", unquote(parts.hostname or "")),
        port=port,
        name=database,
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        options=options,
    )


def read_broker(values: Mapping[str, str], name: str) -> str | None:
    """A broker's URL, None where it is unset or empty."""
    text = values.get(name, "").strip()
    if not text:
        return None
    parts, _ = split_url(name, text, BROKER_FORM)
    if parts.scheme not in BROKER_SCHEMES or not (parts.hostname or parts.scheme == "redis+socket"):
        raise ConfigurationError(f"{name}: expected {BROKER_FORM}, got {without_password(text)}")
    return text


def read_mail(values: Mapping[str, str], name: str, *, console: bool) -> MailServer | None:
    """The mail server that a URL names. Unset: None where mail may go to the `console`, else this machine's own server."""
    text = values.get(name, "").strip()
    if not text:
        return None if console else MailServer(host="localhost", port=25, user="", password="", tls=False, plain=True)
    if text in {"console:", "console://"}:
        return None
    parts, port = split_url(name, text, MAIL_FORM)
    if parts.scheme not in MAIL_PORTS or not parts.hostname or parts.path.strip("/"):
        raise ConfigurationError(f"{name}: expected {MAIL_FORM}, got {without_password(text)}")
    if parts.query not in {"", "starttls=off"}:
        raise ConfigurationError(f"{name}: expected ?starttls=off or nothing after the host, got {parts.query!r}")
    return MailServer(
        host=parts.hostname,
        port=port or MAIL_PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtps",
        plain=bool(parts.query),
    )


def read_sender(values: Mapping[str, str], name: str) -> str:
    """The address that mail comes from, with or without a name before it."""
    text = values.get(name, "").strip() or DEFAULT_SENDER
    _, address = parseaddr(text)
    local, at, domain = address.rpartition("@")
    if not local or not at or not domain or any(character.isspace() for character in address) or "\n" in text:
        raise ConfigurationError(f"{name}: expected name@example.com or Name <name@example.com>, got {text!r}")
    return text


def read_keys(values: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Keys separated by commas, each 32 bytes in URL-safe base64; no message quotes one."""
    keys = tuple(word.strip() for word in values.get(name, "").split(",") if word.strip())
    for place, key in enumerate(keys, start=1):
        try:
            size = len(base64.b64decode(key.encode(), altchars=b"-_", validate=True))
        except (ValueError, binascii.Error):
            size = 0
        if size != KEY_BYTES:
            raise ConfigurationError(
                f"{name}: expected keys of {KEY_BYTES} bytes in URL-safe base64, separated by commas; number {place} is none"
            )
    return keys


def new_key() -> str:
    """A key as `read_keys` reads it."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")


def read_address(values: Mapping[str, str], name: str, *, debug: bool) -> str:
    """One of the vendor's base addresses: https, a host, nothing after it. In the clear only where `debug` is on."""
    text = values.get(name, "").strip().rstrip("/") or VENDOR_ADDRESSES[name]
    parts, _port = split_url(name, text, "https://HOST")
    schemes = {"https", "http"} if debug else {"https"}
    if parts.scheme not in schemes or not parts.hostname or text != f"{parts.scheme}://{parts.netloc}" or "@" in text:
        raise ConfigurationError(f"{name}: expected https://HOST, got {without_password(text)}")
    return text


def read_switch(values: Mapping[str, str], name: str, *, default: bool) -> bool:
    """A yes or no."""
    word = values.get(name, "").strip().lower()
    if word and word not in TRUE_WORDS | FALSE_WORDS:
        raise ConfigurationError(f"{name}: expected true or false, got {word!r}")
    return word in TRUE_WORDS if word else default


def read_list(values: Mapping[str, str], name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """Words separated by commas."""
    words = tuple(word.strip() for word in values.get(name, "").split(",") if word.strip())
    for word in words:
        if "/" in word or any(character.isspace() for character in word):
            raise ConfigurationError(f"{name}: expected host names separated by commas, got {word!r}")
    return words or default


def read_origins(values: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Addresses of the form https://host, separated by commas."""
    words = tuple(word.strip() for word in values.get(name, "").split(",") if word.strip())
    for word in words:
        scheme, separator, host = word.partition("://")
        if scheme not in {"http", "https"} or not separator or not host or "/" in host or " " in host:
            raise ConfigurationError(f"{name}: expected https://HOST, several separated by commas, got {word!r}")
    return words


def read_word(values: Mapping[str, str], name: str, words: tuple[str, ...]) -> str | None:
    """One of the words, None where it is unset or empty."""
    word = values.get(name, "").strip().lower()
    if word and word not in words:
        raise ConfigurationError(f"{name}: expected {' or '.join(words)}, got {word!r}")
    return word or None


def read_number(values: Mapping[str, str], name: str, default: int, what: str, allowed: range) -> int:
    """A whole number of something, as `allowed`."""
    text = values.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and int(text) in allowed):
        raise ConfigurationError(
            f"{name}: expected a whole number of {what} from {allowed[0]} to {allowed[-1]}, got {text!r}"
        )
    return int(text)


def read_folder(values: Mapping[str, str], name: str, default: Path) -> Path:
    """An absolute folder, which need not exist yet."""
    folder = Path(values.get(name, "").strip() or default).expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        raise ConfigurationError(f"{name}: expected a folder, got the file {folder}")
    return folder


def split_url(name: str, text: str, form: str) -> tuple[SplitResult, int | None]:
    """A URL in parts, and its port; ConfigurationError where it has no parts or an impossible port."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ConfigurationError(f"{name}: expected {form}, got {without_password(text)}") from error
    return parts, port


def without_password(text: str) -> str:
    """The text as it may be shown: nothing of what stands between the scheme and the last @, on one line."""
    scheme, separator, rest = text.rpartition("://")
    _, at, tail = rest.rpartition("@")
    return repr(f"{scheme}{separator}{'***@' if at else ''}{tail.partition('?')[0]}")


def kept_secret(path: Path, make: Callable[[], str] = lambda: secrets.token_urlsafe(48)) -> str:
    """The secret kept in the file `path`, readable by its owner only; made once, also when two processes make it at once."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(make(), encoding="ascii")
        give_to_owner_of(path.parent, draft)
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()


def give_to_owner_of(folder: Path, path: Path) -> None:
    """Root hands what it makes in somebody's folder to that person; anybody else owns it already."""
    if os.geteuid() == 0:
        status = folder.stat()
        os.chown(path, status.st_uid, status.st_gid)
