"""The figures, exactly by metrics.md, and the rows of interfaces.md, out of naive facts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.naive.feed import Facts
from tests.naive.state import Content, covers

Row = dict[str, Any]
Entitlement = tuple[str, str]
ANY = "any"
CLASSES = ("current", "former", "lapsed", "trial")
BLOCKED_STATES = ("suspended_fraud", "suspended_nonpayment", "upgraded", "cancelled")
_SUMMED = """sold blocked entitlements measured_entitlements assigned active active_current active_former active_lapsed
    active_trial active_unlicensed users measured_users active_users idle unassigned overassigned"""
SUMMED = _SUMMED.split()


@dataclass(frozen=True)
class Subscription:
    """A subscription as it is as of D: the version that holds, its SKU and its status after ageing."""

    subscription_id: str
    seller: str
    sku_id: str
    family: str
    workloads: frozenset[str]
    status: str
    quantity: int
    is_trial: bool


def window(day: date) -> set[date]:
    """Words: the 28 calendar days D-27 .. D, both included."""
    return {day - timedelta(days=back) for back in range(28)}


def holding_version(versions: dict[date, Content], day: date) -> Content | None:
    """Facts: as of D the version with the latest `effective_on <= D` holds; before the first one there is none."""
    begun = [effective_on for effective_on in versions if effective_on <= day]
    return versions[max(begun)] if begun else None


def aged_status(version: Content, day: date) -> str:
    """Facts, Ageing: active, auto_renew false and D after term_end: grace 30 days, disabled 90, then deprovisioned."""
    ages = version["status"] == "active" and version["auto_renew"] is False and version["term_end"] is not None
    days_after = (day - version["term_end"]).days if ages else 0
    if days_after <= 0:
        return str(version["status"])
    if days_after <= 30:
        return "grace"
    return "disabled" if days_after <= 30 + 90 else "deprovisioned"


def existing_subscriptions(facts: Facts, customer: str, day: date) -> list[Subscription]:
    """Facts: the customer's subscriptions that exist as of D, in any status, their family on or off."""
    found = []
    for subscription in sorted(facts.subscriptions()):
        version = holding_version(facts.held_versions(subscription), day)
        if version and version["customer_id"] == customer:
            (sku,) = facts.stated("skus.csv", (version["sku_id"],)).values()
            status = aged_status(version, day)
            about = (version["seller"], version["sku_id"], sku["family"], sku["workloads"], status)
            found.append(Subscription(subscription, *about, version["quantity"], version["is_trial"]))
    return found


def percentage(part: int, whole: int) -> float | None:
    """Figures: 100 * part / whole, one decimal, half up; no number on a division by zero."""
    return (2000 * part + whole) // (2 * whole) / 10 if whole else None


class AsOf:
    """One customer as of D: every set that metrics.md speaks of, before it is cut into rows."""

    def __init__(self, facts: Facts, customer: str, day: date) -> None:
        self.facts, self.customer, self.day = facts, customer, day
        self.window = window(day)
        self.existing = existing_subscriptions(facts, customer, day)
        self.periods = {each.subscription_id: facts.periods(each.subscription_id) for each in self.existing}
        self.active_on = {fact for fact in facts.activity(customer) if fact[2] in self.window}
        self.covered = self._covered()
        self.in_insights = [each for each in self.existing if facts.families[each.family].on]
        self.class_of = {pair: self._class(each, pair) for each in self.in_insights for pair in self._pairs(each)}
        self.active_in = {
            pair: self._workloads_active(each, pair) for each in self.in_insights for pair in self._pairs(each)
        }
        self.unlicensed = self._unlicensed()

    # --- Base counts: entitlements and their classes ---------------------------------------------------------------

    def qualifies(self, sub: Subscription) -> bool:
        """Facts: status as of D is active, no trial, the SKU's family is switched on."""
        return sub.status == "active" and not sub.is_trial and self.facts.families[sub.family].on

    def entitled(self, pair: Entitlement) -> list[tuple[date, date | None]]:
        """The `entitled` periods of a pair (subscription, user) as (from, to)."""
        subscription, user = pair
        of_all = self.periods[subscription]
        return [(start, end) for who, state, start, end in of_all if (who, state) == (user, "entitled")]

    def _pairs(self, sub: Subscription) -> set[Entitlement]:
        """Base counts: a pair with at least one `entitled` period that begins on or before D."""
        pairs = {(sub.subscription_id, user) for user, *_ in self.periods[sub.subscription_id]}
        return {pair for pair in pairs if any(start <= self.day for start, _ in self.entitled(pair))}

    def _class(self, sub: Subscription, pair: Entitlement) -> str:
        """Base counts: the first rule that fits decides: trial, lapsed, former, current."""
        if sub.is_trial:
            return "trial"
        if sub.status != "active":
            return "lapsed"
        covered = any(covers(start, end, self.day) for start, end in self.entitled(pair))
        return "current" if covered else "former"

    def _workloads_active(self, sub: Subscription, pair: Entitlement) -> set[str]:
        """Base counts: the SKU's workloads in which the user has activity on a day that lies in the window and in an
        `entitled` period of the pair."""
        periods = self.entitled(pair)
        return {
            work
            for user, work, day in self.active_on
            if user == pair[1] and work in sub.workloads
            if any(covers(start, end, day) for start, end in periods)
        }

    def blocked(self, sub: Subscription) -> int:
        """Base counts: `min(b, max(quantity - a, 0))` of one qualifying subscription."""
        blocked_users = {
            user
            for user, state, start, end in self.periods[sub.subscription_id]
            if state in BLOCKED_STATES and covers(start, end, self.day)
        }
        return min(len(blocked_users), max(sub.quantity - len(self.of_class([sub], "current")), 0))

    def of_class(self, subs: Iterable[Subscription], name: str) -> set[Entitlement]:
        """The entitlements of a class to some subscriptions."""
        ids = {sub.subscription_id for sub in subs}
        return {pair for pair, its_class in self.class_of.items() if pair[0] in ids and its_class == name}

    # --- Unlicensed activity ---------------------------------------------------------------------------------------

    def _unlicensed(self) -> dict[str, set[str]]:
        """Unlicensed activity: users by flagged workload whose family is on, where there are any."""
        by_workload: dict[str, set[str]] = defaultdict(set)
        for user, work, day in self.active_on:
            family = self.facts.workloads[work].flagged_family
            if family is not None and self.facts.families[family].on and not self._licensed(user, work, day):
                by_workload[work].add(user)
        return dict(by_workload)

    def _licensed(self, user: str, work: str, day: date) -> bool:
        """On that day in an `entitled` period of a subscription that exists as of D (of any status, trial or not, of
        any seller, its family on or off) of a SKU with that workload."""
        return any(
            covers(start, end, day)
            for sub in self.existing
            if work in sub.workloads
            for start, end in self.entitled((sub.subscription_id, user))
        )

    def unlicensed_by_family(self, family: str | None, work: str) -> dict[str, set[str]]:
        """The people of a row by the flagged workloads' family (family None: a row over all families)."""
        people: dict[str, set[str]] = defaultdict(set)
        for flagged, users in self.unlicensed.items():
            its_family = str(self.facts.workloads[flagged].flagged_family)
            if family in (None, its_family) and work in (ANY, flagged):
                people[its_family] |= users
        return dict(people)

    # --- Measured --------------------------------------------------------------------------------------------------

    def _covered(self) -> set[tuple[str, date]]:
        """Facts, Coverage: (workload, day) of the window, said, said for every workload, or with any activity."""
        said = self.facts.coverage(self.customer)
        named = {(work, day) for work, day in said if work != "*"}
        every = {(work, day) for star, day in said if star == "*" for work in self.facts.workloads}
        with_activity = {(work, day) for _, work, day in self.active_on}
        return {(work, day) for work, day in named | every | with_activity if day in self.window}

    def covered_days(self, works: set[str]) -> int:
        """Measured: the days of the window covered for at least one of the workloads."""
        return len({day for work, day in self.covered if work in works})


@dataclass
class CustomerRow:
    """One row of one customer: the subscriptions in it, and how it cuts the customer's sets.

    unlicensed: the row's users beyond the licence by their flagged workload's family; none on a SKU's row and on those
    of seller us.
    """

    as_of: AsOf
    subs: list[Subscription]
    work: str
    unlicensed: dict[str, set[str]]

    def qualifying(self) -> list[Subscription]:
        """The subscriptions that count in `sold`."""
        return [sub for sub in self.subs if self.as_of.qualifies(sub)]

    def current(self) -> set[Entitlement]:
        """The `current` entitlements: what `assigned` counts."""
        return self.as_of.of_class(self.subs, "current")

    def active(self, name: str) -> set[Entitlement]:
        """The active entitlements of a class, in the row's workload."""
        pairs = self.as_of.of_class(self.subs, name)
        in_work = self.as_of.active_in
        return {pair for pair in pairs if (in_work[pair] if self.work == ANY else self.work in in_work[pair])}

    def active_users(self) -> set[str]:
        """People: distinct users behind the row's `active`."""
        licensed = {user for name in CLASSES for _, user in self.active(name)}
        return licensed.union(*self.unlicensed.values())

    def base_rows(self) -> list[list[Subscription]]:
        """Grain of the base rows: per seller and SKU."""
        groups: dict[tuple[str, str], list[Subscription]] = defaultdict(list)
        for sub in self.qualifying():
            groups[sub.seller, sub.sku_id].append(sub)
        return list(groups.values())

    def surplus(self, subs: list[Subscription]) -> int:
        """`entitlements - assigned` of some qualifying subscriptions."""
        entitlements = sum(sub.quantity - self.as_of.blocked(sub) for sub in subs)
        return entitlements - len(self.as_of.of_class(subs, "current"))

    def covered_days(self) -> int:
        """Measured: of the workload, or of at least one workload of an `any` row."""
        if self.work != ANY:
            return self.as_of.covered_days({self.work})
        flagged = {
            work for work in self.as_of.unlicensed if self.as_of.facts.workloads[work].flagged_family in self.unlicensed
        }
        return self.as_of.covered_days(flagged.union(*(sub.workloads for sub in self.subs)))

    def counts(self) -> Row:
        """Base counts, People, Measured and Figures of the row; `covered_days` with them."""
        sold = sum(sub.quantity for sub in self.qualifying())
        blocked = sum(self.as_of.blocked(sub) for sub in self.qualifying())
        active = {f"active_{name}": len(self.active(name)) for name in CLASSES}
        active["active_unlicensed"] = sum(len(users) for users in self.unlicensed.values())
        users = len({user for _, user in self.current()})
        covered = self.covered_days()
        surplus = [self.surplus(subs) for subs in self.base_rows()]
        return {
            "sold": sold,
            "blocked": blocked,
            "entitlements": sold - blocked,
            "measured_entitlements": sold - blocked if covered else 0,
            "assigned": len(self.current()),
            "active": sum(active.values()),
            **active,
            "users": users,
            "measured_users": users if covered else 0,
            "active_users": len(self.active_users()),
            "idle": len(self.current()) - active["active_current"] if covered else 0,
            "unassigned": sum(max(each, 0) for each in surplus),
            "overassigned": sum(max(-each, 0) for each in surplus),
            "covered_days": covered,
        }


def key_of(sub: Subscription, by: str) -> str | None:
    """interfaces.md: a subscription's row key by sku, family or all."""
    return {"sku": sub.sku_id, "family": sub.family, "all": None}[by]


def customer_rows(as_of: AsOf, partner: str, by: str, seller: str) -> dict[tuple[str | None, str], CustomerRow]:
    """interfaces.md, Which rows there are: by (key, workload or any)."""
    mine = [sub for sub in as_of.in_insights if seller == "all" or sub.seller == partner]
    wanted = {(key_of(sub, by), work) for sub in mine for work in {ANY, *sub.workloads}}
    with_people = seller == "all" and by != "sku"
    if with_people:
        for flagged in as_of.unlicensed:
            key = as_of.facts.workloads[flagged].flagged_family if by == "family" else None
            wanted |= {(key, flagged), (key, ANY)}
    rows = {}
    for key, work in wanted:
        subs = [sub for sub in mine if key_of(sub, by) == key and work in {ANY, *sub.workloads}]
        people = as_of.unlicensed_by_family(key, work) if with_people else {}
        rows[key, work] = CustomerRow(as_of, subs, work, people)
    return rows


def head(facts: Facts, customer: str | None, partner: str, by: str, key: str | None) -> Row:
    """The columns that say what a row is about, up to `sku`."""
    name = None if customer is None else facts.customer_name(customer, partner)
    row: Row = {"customer_id": customer, "customer": name, "family": None}
    row |= {"sku_id": None, "part_number": None, "sku": None}
    if by == "sku" and key is not None:
        (sku,) = facts.stated("skus.csv", (key,)).values()
        row |= {"sku_id": key, "part_number": sku["part_number"], "sku": sku["name"]}
        row["family"] = facts.families[sku["family"]].code
    elif key is not None:
        row["family"] = facts.families[key].code
    return row


def finished(facts: Facts, day: date, start: Row, work: str, seller: str, counts: Row) -> Row:
    """A whole row in the stated order of keys, with its percentages (ratios of the row's sums)."""
    row: Row = {"date": day.isoformat(), **start}
    row |= {"workload": ANY if work == ANY else facts.workloads[work].code, "seller": seller, **counts}
    row["deployment_pct"] = percentage(row["assigned"], row["sold"])
    row["usage_pct"] = percentage(row["active"], row["measured_entitlements"])
    row["adjusted_usage_pct"] = percentage(row["active_current"], row["measured_entitlements"])
    row["user_usage_pct"] = percentage(row["active_users"], row["measured_users"])
    return row


def order(row: Row) -> tuple[Any, ...]:
    """interfaces.md, Order: names case-folded, by code point, nulls first; `any` before the workloads."""
    names = ("customer", "customer_id", "family", "part_number", "sku_id")
    folded = [(row[name] is not None, (row[name] or "").casefold()) for name in names]
    return (*folded, row["workload"] != ANY, row["workload"].casefold())


def visible_customers(facts: Facts, partner: str, day: date) -> set[str]:
    """metrics.md, Whose figures: a confirmed relationship of the partner covers D."""
    return {customer for customer in facts.customers() if facts.confirmed_covers(partner, customer, day)}


def insights(
    facts: Facts, partner_id: str, day: date, by: str, seller: str, customer_id: str | None = None
) -> list[Row]:
    """The rows of every customer (or one) that the partner may see as of D."""
    rows = []
    for customer in visible_customers(facts, partner_id, day):
        if customer_id in (None, customer):
            for (key, work), row in customer_rows(AsOf(facts, customer, day), partner_id, by, seller).items():
                start = head(facts, customer, partner_id, by, key)
                rows.append(finished(facts, day, start, work, seller, row.counts()))
    return sorted(rows, key=order)


def portfolio(facts: Facts, partner_id: str, day: date, by: str, seller: str) -> list[Row]:
    """The same summed over the customers: covered_days null, and how many customers have the row, and measured."""
    of_row: dict[tuple[str | None, str], list[Row]] = defaultdict(list)
    for customer in visible_customers(facts, partner_id, day):
        for place, row in customer_rows(AsOf(facts, customer, day), partner_id, by, seller).items():
            of_row[place].append(row.counts())
    rows = []
    for (key, work), parts in of_row.items():
        counts: Row = {name: sum(part[name] for part in parts) for name in SUMMED} | {"covered_days": None}
        row = finished(facts, day, head(facts, None, partner_id, by, key), work, seller, counts)
        row["customers"] = len(parts)
        row["customers_measured"] = sum(part["covered_days"] > 0 for part in parts)
        rows.append(row)
    return sorted(rows, key=order)


def explain(
    facts: Facts,
    partner_id: str,
    day: date,
    by: str,
    seller: str,
    customer_id: str,
    key: str | None,
    workload: str,
    count: str,
) -> list[tuple[str, ...]]:
    """metrics.md, Why it is above 100 %: what makes up one count of one customer's row, as many as the count says.

    key: SKU id, family or None, as `by`. Entitlements are (subscription_id, user_id), people (user_id,). Counts:
    assigned, active and its five parts, idle, users, active_users. KeyError: no such row or count.
    """
    if customer_id not in visible_customers(facts, partner_id, day):
        raise KeyError(customer_id)
    work = workload.casefold()
    row = customer_rows(AsOf(facts, customer_id, day), partner_id, by, seller)[key and key.casefold(), work]
    active = {f"active_{name}": sorted(row.active(name)) for name in CLASSES}
    people = sorted((user,) for users in row.unlicensed.values() for user in users)
    current = {(user,) for _, user in row.current()}
    behind: dict[str, list[tuple[str, ...]]] = {
        **{name: [*pairs] for name, pairs in active.items()},
        "active_unlicensed": [*people],
        "active": [*(pair for pairs in active.values() for pair in pairs), *people],
        "assigned": [*sorted(row.current())],
        "idle": [*sorted(row.current() - row.active("current"))] if row.covered_days() else [],
        "users": sorted(current),
        "active_users": sorted((user,) for user in row.active_users()),
    }
    return behind[count]
