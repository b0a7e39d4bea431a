"""The environment, read once by typed functions; a wrong value is one ConfigurationError with one clear line."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

DATABASE_FORM = "postgres://USER:PASSWORD@HOST:PORT/NAME"
BROKER_FORM = "redis://:PASSWORD@HOST:PORT/NUMBER, rediss://... or redis+socket:///PATH"
BROKER_SCHEMES = {"redis", "rediss", "redis+socket"}
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off"}
DEFAULT_RETENTION_MONTHS = 25


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
class Environment:
    """All that the environment says. `database` None means the embedded PostgreSQL, `broker_url` None the embedded Valkey.

    `owner_named` is False where the owner's address is only a copy of the application's.
    """

    var: Path
    database: Database | None
    owner: Database | None
    owner_named: bool
    broker_url: str | None = field(repr=False)
    debug: bool
    allowed_hosts: tuple[str, ...]
    secret_key: str | None = field(repr=False)
    retention_months: int

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
    environment = Environment(
        var=read_folder(values, "SEATWISE_VAR", base / "var"),
        database=database,
        owner=owner or database,
        owner_named=database is None or owner is not None,
        broker_url=read_broker(values, "CELERY_BROKER_URL"),
        debug=read_switch(values, "DEBUG", default=False),
        allowed_hosts=read_list(values, "ALLOWED_HOSTS", LOCAL_HOSTS),
        secret_key=values.get("SECRET_KEY") or None,
        retention_months=read_months(values, "SEATWISE_RETENTION_MONTHS", DEFAULT_RETENTION_MONTHS),
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


def read_months(values: Mapping[str, str], name: str, default: int) -> int:
    """A number of months, 2 or more: a 28-day window may begin in the month before."""
    text = values.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and 2 <= int(text) <= 1200):
        raise ConfigurationError(f"{name}: expected a whole number of months from 2 to 1200, got {text!r}")
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


def kept_secret(path: Path) -> str:
    """The secret kept in the file `path`, readable by its owner only; made once, also when two processes make it at once."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
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
