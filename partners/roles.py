"""What the roles are called and what each is for, in the person's language."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.permissions import Role

ROLE_NAMES: Mapping[Role, Promise] = MappingProxyType(
    {
        Role.GLOBAL_ADMIN: _("global admin"),
        Role.USER_ADMIN: _("user admin"),
        Role.ADMIN_AGENT: _("admin agent"),
        Role.SALES_AGENT: _("sales agent"),
    }
)
ROLES_EXPLAINED: Mapping[Role, Promise] = MappingProxyType(
    {
        Role.GLOBAL_ADMIN: _("everything, with the partner's settings"),
        Role.USER_ADMIN: _("manages staff, sees the figures"),
        Role.ADMIN_AGENT: _("imports and corrects data, claims customers, sees people by name"),
        Role.SALES_AGENT: _("sees the figures, looks after customers"),
    }
)
