"""The composition root as a Django app: its commands, checks, and the rights after migrations."""

from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin_apps
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class RootConfig(AppConfig):
    """Ties together what the apps leave open."""

    name = "config"
    verbose_name = "Seatwise"

    def ready(self) -> None:
        """Makes Celery's app the current one, and registers checks and grants."""
        from config import celery  # noqa: F401
        from config.checks import check_roles
        from config.doors import check_doors
        from config.grants import grant_after_migrations

        register(check_roles, Tags.security, deploy=True)
        register(check_doors, Tags.urls)
        # Once per migration: Django sends the signal for each app that has models, and this one has none.
        post_migrate.connect(grant_after_migrations, sender=apps.get_app_config("partners"))


class AdminSiteConfig(admin_apps.AdminConfig):
    """Django's admin app with our site in it."""

    default = False
    default_site = "config.admin_site.SeatwiseAdminSite"
