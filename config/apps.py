"""The composition root as a Django app: its commands, checks, and the rights after migrations."""

from collections.abc import Sequence

from django.apps import AppConfig, apps
from django.contrib import admin
from django.contrib.admin import apps as admin_apps
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core.checks import CheckMessage, Tags, register
from django.db.models.signals import post_migrate


class RootConfig(AppConfig):
    """Ties together what the apps leave open."""

    name = "config"
    verbose_name = "Seatwise"

    def ready(self) -> None:
        """Registers checks and grants."""
        from config.checks import check_roles
        from config.doors import check_doors
        from config.field_names import name_fields
        from config.grants import grant_after_migrations

        name_fields()
        register(check_roles, Tags.security, deploy=True)
        register(check_doors, Tags.urls)
        # Once per migration: Django sends the signal for each app that has models, and this one has none.
        post_migrate.connect(grant_after_migrations, sender=apps.get_app_config("partners"))


class AdminSiteConfig(admin_apps.SimpleAdminConfig):
    """Django's admin app with our site in it.

    The classes of the site are imported with the addresses (config/urls.py), not at every start: they are a fifth of what a
    command that loads data needs before it reads the first line.
    """

    default = False
    default_site = "config.admin_site.SeatwiseAdminSite"

    def ready(self) -> None:
        """Registers Django's checks of the site so that they find its classes."""
        register(check_dependencies, Tags.admin)
        register(check_admin_site, Tags.admin)


def check_admin_site(app_configs: Sequence[AppConfig] | None, **_options: object) -> list[CheckMessage]:
    """Django's checks of every class of the site."""
    admin.autodiscover()
    return check_admin_app(app_configs)
