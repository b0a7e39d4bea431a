"""What states are called on pages and in the admin site."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.lifecycle import PeriodState, Status

STATUS_NAMES: Mapping[Status, Promise] = MappingProxyType(
    {
        Status.ACTIVE: _("active"),
        Status.GRACE: _("grace"),
        Status.DISABLED: _("disabled"),
        Status.DEPROVISIONED: _("deprovisioned"),
    }
)
"""A subscription's status."""
STATE_NAMES: Mapping[PeriodState, Promise] = MappingProxyType(
    {
        PeriodState.ENTITLED: _("entitled"),
        PeriodState.SUSPENDED_FRAUD: _("suspended: fraud"),
        PeriodState.SUSPENDED_NONPAYMENT: _("suspended: not paid"),
        PeriodState.UPGRADED: _("upgraded"),
        PeriodState.CANCELLED: _("cancelled"),
    }
)
"""The state in which a licence is for somebody."""
EXTERNAL_SELLER = _("external")
"""Who sells what no partner of this installation sells."""
