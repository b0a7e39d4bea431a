"""What states are called on pages and in the admin site."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.lifecycle import PeriodState, Status

STATUS_NAMES: Mapping[Status, Promise] = MappingProxyType(
    {
        Status.ACTIVE: pgettext_lazy("subscription", "active"),
        Status.GRACE: pgettext_lazy("subscription", "grace"),
        Status.DISABLED: pgettext_lazy("subscription", "disabled"),
        Status.DEPROVISIONED: pgettext_lazy("subscription", "deprovisioned"),
    }
)
"""A subscription's status."""
STATE_NAMES: Mapping[PeriodState, Promise] = MappingProxyType(
    {
        PeriodState.ENTITLED: pgettext_lazy("licence", "entitled"),
        PeriodState.SUSPENDED_FRAUD: pgettext_lazy("licence", "suspended: fraud"),
        PeriodState.SUSPENDED_NONPAYMENT: pgettext_lazy("licence", "suspended: not paid"),
        PeriodState.UPGRADED: pgettext_lazy("licence", "upgraded"),
        PeriodState.CANCELLED: pgettext_lazy("licence", "cancelled"),
    }
)
"""The state in which a licence is for somebody."""
EXTERNAL_SELLER = _("external")
"""Who sells what no partner of this installation sells."""
