"""Checks of an installation (`manage.py check --deploy`)."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error

ONE_ROLE = Error(
    "The application enters the database as the owner of its tables.",
    hint="Make two roles (docs/operations.md, 'Servers of your own'): the application's in DATABASE_URL, the owner's in DATABASE_OWNER_URL.",
    id="seatwise.E001",
)


def check_roles(app_configs: Sequence[AppConfig] | None, **_options: object) -> list[CheckMessage]:  # noqa: ARG001  Django's signature
    """Application and owner must be two roles."""
    databases = settings.DATABASES
    return [ONE_ROLE] if databases["default"]["USER"] == databases["owner"]["USER"] else []
