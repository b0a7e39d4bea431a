"""The words of the analyses of own subscriptions: states, what happens next, and why something changed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from insights.selectors.analysis import lifecycle, trials
from insights.selectors.analysis.movements import What, Why

LIFECYCLE_STATES: Mapping[lifecycle.State, Promise] = MappingProxyType(
    {
        lifecycle.State.AT_STAKE: _("Everything at stake"),
        lifecycle.State.ENDING: _("Ending soon"),
        lifecycle.State.DECIDE: _("Renewing or to decide soon"),
        lifecycle.State.GRACE: _("In grace"),
        lifecycle.State.DISABLED: _("Disabled"),
        lifecycle.State.DEPROVISIONED: _("Deprovisioned"),
    }
)
NEXT: Mapping[lifecycle.Next, Promise] = MappingProxyType(
    {
        lifecycle.Next.ENDS: _("Ends without renewal"),
        lifecycle.Next.TERM_ENDS: _("Term ends"),
        lifecycle.Next.RENEWS: _("Renews by itself"),
        lifecycle.Next.CANCEL_UNTIL: _("Last day to cancel or reduce"),
        lifecycle.Next.DISABLED: _("Will be disabled"),
        lifecycle.Next.DEPROVISIONED: _("Will be deprovisioned"),
        lifecycle.Next.NOTHING: _("No date known"),
    }
)
TRIAL_STATES: Mapping[trials.State, Promise] = MappingProxyType(
    {
        trials.State.OPEN: _("All that can be converted"),
        trials.State.RUNNING: _("Running"),
        trials.State.ENDING: _("Ending soon"),
        trials.State.USED: _("In use"),
        trials.State.LAPSED: _("In grace or disabled"),
    }
)
WHAT: Mapping[What, Promise] = MappingProxyType(
    {
        What.CUSTOMERS: _("Customers"),
        What.SUBSCRIPTIONS: _("Subscriptions"),
        What.LICENCES: _("Licences"),
    }
)
WHY: Mapping[Why, Promise] = MappingProxyType(
    {
        Why.BOUGHT: _("Bought"),
        Why.MORE: _("More licences"),
        Why.CONVERTED: _("Converted from a trial"),
        Why.ACTIVE_AGAIN: _("Active again"),
        Why.OTHER_SKU: _("Changed to another SKU"),
        Why.SERVED: _("You began to serve the customer"),
        Why.FEWER: _("Fewer licences"),
        Why.GRACE: _("Now in grace"),
        Why.DISABLED: _("Now disabled"),
        Why.DEPROVISIONED: _("Now deprovisioned"),
        Why.TRIAL: _("Became a trial"),
        Why.NOT_SERVED: _("You ceased to serve the customer"),
    }
)
MOVEMENT_SPANS: Mapping[int, Promise] = MappingProxyType({1: _("24 hours"), 30: _("30 days"), 90: _("90 days")})
"""How far movements look back."""
MOVED: Mapping[tuple[What, bool], Promise] = MappingProxyType(
    {
        (What.CUSTOMERS, True): _("New customers"),
        (What.CUSTOMERS, False): _("Customers gone"),
        (What.SUBSCRIPTIONS, True): _("New subscriptions"),
        (What.SUBSCRIPTIONS, False): _("Subscriptions gone"),
        (What.LICENCES, True): _("New licences"),
        (What.LICENCES, False): _("Licences gone"),
    }
)
"""What a list of movements holds; the second: whether new."""
WITHIN: Mapping[str, Promise] = MappingProxyType({"30": _("30 days"), "60": _("60 days"), "90": _("90 days")})
"""How far ahead is soon, as it stands in an address."""
