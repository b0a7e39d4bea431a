"""What the rules of the next steps look at: one customer's figures as of a day, and one's own subscriptions. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from customers.lifecycle import Status

WINDOW_DAYS = 28


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of a customer's row over all families and any workload, all sellers (metrics.md, "Base counts")."""

    sold: int
    entitlements: int
    assigned: int
    active_current: int
    active_former: int
    active_lapsed: int
    active_trial: int
    active_unlicensed: int
    active_users: int
    unassigned: int
    overassigned: int
    covered_days: int

    @property
    def is_whole(self) -> bool:
        """Whether every day of the window is covered: below that, usage is a lower bound, and nothing is said of it."""
        return self.covered_days >= WINDOW_DAYS

    @property
    def active(self) -> int:
        """The sum of the five classes."""
        return self.active_current + self.beside

    @property
    def beside(self) -> int:
        """What lifts usage above current entitlements: the four causes together."""
        return self.active_former + self.active_lapsed + self.active_trial + self.active_unlicensed

    @property
    def at_stake(self) -> int:
        """`idle + unassigned` of a row that is measured."""
        return self.assigned - self.active_current + self.unassigned


@dataclass(frozen=True, slots=True)
class SubscriptionUse:
    """The use of one subscription in the window of a day, in any of its SKU's workloads."""

    quantity: int
    blocked: int
    users: int
    """People with an entitled period that covers the day, whatever the subscription's class."""
    active_users: int
    """Those of them who were active."""
    active: int
    """Active entitlements, those of people who hold the licence no more included."""
    covered_days: int

    @property
    def is_whole(self) -> bool:
        """Whether every day of the window is covered."""
        return self.covered_days >= WINDOW_DAYS

    @property
    def entitlements(self) -> int:
        """`quantity` less `blocked`."""
        return self.quantity - self.blocked

    @property
    def at_stake(self) -> int:
        """Licences handed out and not used, and licences not handed out."""
        return self.users - self.active_users + max(self.entitlements - self.users, 0)


@dataclass(frozen=True, slots=True)
class OwnSubscription:
    """A subscription that the partner itself sold, as of the day, and its use then and 28 days before."""

    key: str
    """Its id, case folded."""
    subscription_id: str
    sku: str
    status: Status
    """Aged."""
    is_trial: bool
    term_end: date | None
    cancel_until: date | None
    auto_renew: bool | None
    is_renewed: bool
    """Whether a version that is to come lets it go on beyond `term_end`."""
    use: SubscriptionUse | None = None
    before: SubscriptionUse | None = None
    """None: it wasn't there yet."""


@dataclass(frozen=True, slots=True)
class CustomerFigures:
    """All that the rules look at."""

    day: date
    counts: Counts | None
    """None: the customer has no row."""
    how_to: int | None
    """How-to cases opened in the window; None: the partner delivers no support cases."""
    own: tuple[OwnSubscription, ...] = ()
