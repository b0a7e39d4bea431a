"""The app of tenants, their staff and what they did."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Partners")

    def ready(self) -> None:
        """Second factors are set up and removed by allauth, which tells of it by signals."""
        from allauth.mfa.signals import authenticator_added, authenticator_removed

        from partners.sign_in.record import second_factor_added, second_factor_removed

        authenticator_added.connect(second_factor_added)
        authenticator_removed.connect(second_factor_removed)
