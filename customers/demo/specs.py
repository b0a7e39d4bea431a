"""What the demo's stories are made of. Every day is counted from today: -1 is yesterday, 0 today."""

from __future__ import annotations

from dataclasses import dataclass

from customers.lifecycle import PeriodState, Status

FIRST_DAY = -120  # of the activity
LAST_DAY = -1
EXTERNAL = "external"


@dataclass(frozen=True)
class Partner:
    """A reseller that the demo invents."""

    code: str
    name: str


@dataclass(frozen=True)
class Sku:
    """A SKU of the public catalogue. `price` is euros per seat and month, invented."""

    code: str
    sku_id: str
    part_number: str
    name: str
    family: str
    workloads: tuple[str, ...]
    price: float


@dataclass(frozen=True)
class Tie:
    """A confirmed relationship with a partner: from `since` until the day before `until`."""

    partner: str
    since: int = -700
    until: int | None = None


@dataclass(frozen=True)
class Change:
    """A later version of a subscription; None leaves a field as the version before had it."""

    on: int
    sku: str | None = None
    status: Status | None = None
    quantity: int | None = None
    trial: bool | None = None
    term_end: int | None = None
    auto_renew: bool | None = None


@dataclass(frozen=True)
class Turnover:
    """Licences that move on: leaver by leaver between the days `first` and `last`, each to the newcomer beside him, if any."""

    leavers: range
    newcomers: range
    first: int
    last: int


@dataclass(frozen=True)
class Block:
    """Licences that are blocked from `since` on."""

    people: range
    state: PeriodState
    since: int


@dataclass(frozen=True)
class Sale:
    """One subscription and who holds its licences (numbers of people within the customer).

    Without `term_end` the term is a year, renewed every year where `auto_renew` is true. `rollout` is the number of
    days over which the licences were handed out, `ends` the first day on which nobody holds one any more.
    """

    sku: str
    quantity: int
    holders: range
    seller: str
    since: int = -500
    term_end: int | None = None
    auto_renew: bool | None = True
    trial: bool = False
    later: tuple[Change, ...] = ()
    rollout: int = 0
    ends: int | None = None
    turnover: Turnover | None = None
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Beyond:
    """People who use a service without holding a licence for it."""

    people: range
    service: str


@dataclass(frozen=True)
class Delivery:
    """Which days were delivered: `first` to `last`, without those `missing` and without some services."""

    first: int = FIRST_DAY
    last: int = LAST_DAY
    missing: range = range(0)
    without: tuple[str, ...] = ()
    sites_as_onedrive: bool = False


@dataclass(frozen=True)
class Customer:
    """A customer and its story; `shows` is what docs/demo.md says of it.

    `adoption` scales how many people use each service, `growth` is the share of its users who began within the 120
    days, `sleepers` the share of people who hardly ever work. `questions` are how-to cases of the last 28 days on top
    of the usual ones, `mood` is the mean score of satisfaction. `claimed_by` are partners who claim the customer today.
    """

    name: str
    domain: str
    country: str
    segment: str
    people: int
    ties: tuple[Tie, ...]
    sales: tuple[Sale, ...] = ()
    shows: str = ""
    adoption: float = 1.0
    growth: float = 0.15
    sleepers: float = 0.1
    beyond: tuple[Beyond, ...] = ()
    delivery: Delivery = Delivery()
    questions: int = 0
    mood: float = 4.0
    guid_users: bool = False
    claimed_by: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The domain's first label: names the customer in every seed and id."""
        return self.domain.partition(".")[0]


def trial(sku: str, holders: range, seller: str, *, since: int, later: tuple[Change, ...] = ()) -> Sale:
    """A trial as the vendor gives it: 25 seats, 30 days, not renewed."""
    return Sale(sku, 25, holders, seller, since=since, term_end=since + 30, auto_renew=False, trial=True, later=later)
