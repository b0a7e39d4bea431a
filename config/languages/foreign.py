"""What Django's admin site and its theme say where their own catalogues have no translation: ours has one."""

from django.utils.translation import gettext_noop as _

SAID = (
    _("False"),
    _("Go back"),
    _("No"),
    _("Run"),
    _("Select action"),
    _("Select action to run"),
    _("Select all rows"),
    _("Select record"),
    _("System"),
    _("True"),
    _("Type to search"),
)
