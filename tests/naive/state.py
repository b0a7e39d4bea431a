"""What is known: every statement with who stated it, the catalogue, and the views that the rules ask for."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.naive.lines import FILES
from tests.naive.values import EXTERNAL, guid_or_none

OPERATOR = "operator"
Key = tuple[Any, ...]
Content = dict[str, Any]


@dataclass
class Family:
    """A product family: its code as first written, and whether it takes part in insights."""

    code: str
    on: bool


@dataclass
class Workload:
    """A workload: its code as first written; the family it is flagged with, if usable without a licence."""

    code: str
    flagged_family: str | None = None


def covers(start: date, end: date | None, day: date) -> bool:
    """feed.md and metrics.md: `from` is the first day, `to` the first day after; no `to`: still."""
    return start <= day and (end is None or day < end)


class State:
    """Statements by file, key and stater (OPERATOR or a partner's GUID), and the catalogue.

    statements[file][key][stater] = the columns that are no key. Catalogue keys are case-folded codes.
    """

    def __init__(self) -> None:
        self.statements: dict[str, dict[Key, dict[str, Content]]] = {file: {} for file in FILES}
        self.today = date.max  # of the load under way
        self.named: list[tuple[str, str]] = []  # (subscription, customer) in the order in which they were stated
        self.families = {code: Family(code, True) for code in ("o365", "crm")}
        codes = ("EXO", "SPO", "TEAMS", "YAM", "SFB", "PROPLUS", "CRM")
        self.workloads = {code.casefold(): Workload(code) for code in codes}
        self.workloads["yam"].flagged_family = "o365"

    # --- writing -----------------------------------------------------------------------------------------------

    def put(self, file: str, key: Key, stater: str, content: Content) -> None:
        """A statement, new or in place of the same stater's."""
        self.statements[file].setdefault(key, {})[stater] = content
        self.keep_named(file, key)

    def drop(self, file: str, key: Key, stater: str) -> None:
        """Take one stater's statement away."""
        stated = self.statements[file][key]
        del stated[stater]
        if not stated:
            del self.statements[file][key]
        self.keep_named(file, key)

    def keep_named(self, file: str, key: Key) -> None:
        """Which customers are stated for a subscription, the oldest first."""
        if file == "subscriptions.csv":
            now = {(key[0], content["customer_id"]) for _, _, content in self.version_statements(key[0])}
            self.named = [pair for pair in self.named if pair[0] != key[0] or pair in now]
            self.named += sorted(now - set(self.named))

    def name_family(self, code: str) -> None:
        """feed.md, Meaning: a family named for the first time is created, not switched on."""
        self.families.setdefault(code.casefold(), Family(code, False))

    def name_workload(self, code: str) -> None:
        """feed.md, Meaning: a workload named for the first time is created, not usable without a licence."""
        if code.casefold() != "odb":
            self.workloads.setdefault(code.casefold(), Workload(code))

    # --- reading -----------------------------------------------------------------------------------------------

    def stated(self, file: str, key: Key) -> dict[str, Content]:
        """Who states what under this key."""
        return self.statements[file].get(key, {})

    def partner_key(self, partner: str) -> str:
        """A partner's GUID from its GUID or its slug. KeyError: no such partner."""
        known = guid_or_none(partner)
        for (partner_id,), stated in self.statements["partners.csv"].items():
            if partner_id == known or stated[OPERATOR]["slug"].casefold() == partner.casefold():
                return str(partner_id)
        raise KeyError(partner)

    def customers(self) -> set[str]:
        """The customers that anybody stated."""
        return {customer for (customer,) in self.statements["customers.csv"]}

    def customer_name(self, customer: str, viewer: str | None = None) -> str:
        """feed.md, A partner's feed: a partner's own name on its own screens; else the operator's, else the first.

        The first of a partner whose relationship was confirmed (decision 0003); without any the id stands for it.
        """
        stated = self.stated("customers.csv", (customer,))
        first = next((content for stater, content in stated.items() if self.was_confirmed(stater, customer)), None)
        content = stated.get(viewer or OPERATOR) or stated.get(OPERATOR) or first
        return customer if content is None else str(content["name"])

    def was_confirmed(self, partner: str, customer: str) -> bool:
        """Whether the partner has, or has had, a confirmed relationship with the customer."""
        return any(
            content["confirmed"]
            for key, stated in self.statements["relationships.csv"].items()
            if key[:2] == (partner, customer)
            for content in stated.values()
        )

    def confirmed_covers(self, partner: str, customer: str, day: date) -> bool:
        """metrics.md, Whose figures: a confirmed relationship covers the day (`from <= D < to`)."""
        return any(
            content["confirmed"] and covers(start, content["to"], day)
            for (of_partner, with_customer, start), stated in self.statements["relationships.csv"].items()
            if (of_partner, with_customer) == (partner, customer)
            for content in stated.values()
        )

    def reaches_own(self, file: str, key: Key, actor: str) -> bool:
        """Whether the stater's own record is still its business: of a customer that it reaches."""
        if actor == OPERATOR or file == "customers.csv":
            return True
        customer = self.stated(file, key)[actor].get("customer_id")
        if file == "entitlements.csv":
            customer = self.customer_of(key[0])
        elif file in ("activity.csv", "coverage.csv"):
            customer = key[0]
        return customer is not None and self.confirmed_covers(actor, customer, self.today)

    def version_statements(self, subscription: str) -> list[tuple[date, str, Content]]:
        """Every stated version of a subscription, kept aside or not: (effective_on, stater, content)."""
        return [
            (effective_on, stater, content)
            for (of, effective_on), stated in self.statements["subscriptions.csv"].items()
            if of == subscription
            for stater, content in stated.items()
        ]

    def held_versions(self, subscription: str) -> dict[date, Content]:
        """feed.md, A partner's feed: while a partner is stated as seller, `external` versions are kept aside. Without
        one, those are that name another customer than the operator, or than the oldest statement."""
        stated = self.version_statements(subscription)
        by_seller = [each for each in stated if each[2]["seller"] != EXTERNAL]
        by_operator = [each for each in stated if each[1] == OPERATOR]
        customers = [customer for of, customer in self.named if of == subscription]
        if by_seller or by_operator:
            customers = [(by_seller or by_operator)[0][2]["customer_id"]]
        held: dict[date, Content] = {}
        for effective_on, _, content in by_seller or stated:
            if content["customer_id"] == customers[0]:
                held.setdefault(effective_on, content)
        return held

    def subscriptions(self) -> set[str]:
        """The subscriptions that have a version."""
        return {subscription for subscription, _ in self.statements["subscriptions.csv"]}

    def customer_of(self, subscription: str) -> str | None:
        """The customer of a subscription for life; None where it is unknown."""
        held = self.held_versions(subscription)
        return held[min(held)]["customer_id"] if held else None

    def periods(self, subscription: str) -> list[tuple[str, str, date, date | None]]:
        """(user, state, from, to) of every period of a subscription, whoever delivered it."""
        return [
            (user, content["state"], start, content["to"])
            for (of, user, start), stated in self.statements["entitlements.csv"].items()
            if of == subscription
            for content in stated.values()
        ]

    def activity(self, customer: str) -> set[tuple[str, str, date]]:
        """(user, workload, day) of a customer."""
        return {(user, work, day) for of, user, work, day in self.statements["activity.csv"] if of == customer}

    def coverage(self, customer: str) -> set[tuple[str, date]]:
        """(workload or `*`, day) of a customer, as stated."""
        return {(work, day) for of, work, day in self.statements["coverage.csv"] if of == customer}

    def snapshot(self) -> dict[str, Any]:
        """All that is known, to be compared with another snapshot."""
        catalogue = (sorted(map(repr, self.families.values())), sorted(map(repr, self.workloads.values())))
        facts = {
            file: {key: dict(stated) for key, stated in by_key.items()} for file, by_key in self.statements.items()
        }
        return {"catalogue": catalogue, **facts}
