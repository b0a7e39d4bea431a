"""Deliveries in a small installation, written off a tape: few ids, so that lines meet each other often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.naive.tape import Tape

US = "aaaaaaaa-0000-0000-0000-000000000001"
THEM = "bbbbbbbb-0000-0000-0000-000000000002"
CUSTOMERS = tuple(f"cccccccc-0000-0000-0000-00000000000{number}" for number in range(1, 4))
SKUS = ("eeeeeeee-0000-0000-0000-000000000001", "eeeeeeee-0000-0000-0000-000000000002")
SUBSCRIPTIONS = ("S1", "S2", "S3")
OBJECT_IDS = ("11111111-0000-0000-0000-000000000001", "22222222-0000-0000-0000-000000000002")
USERS = ("ann", "bob", "cy", OBJECT_IDS[0])
DAYS = ("2026-05-20", "2026-05-29", "2026-05-31", "2026-06-01", "2026-06-10")
TODAY = "2026-06-15"

CATALOGUE = {
    "partners.csv": f"partner_id,name,slug\n{US},Us,us\n{THEM},Them,them\n",
    "skus.csv": "sku_id,part_number,name,family,workloads\n"
    + "".join(f"{sku},PACK{place},Pack {place},o365,EXO;TEAMS\n" for place, sku in enumerate(SKUS)),
}
"""What stays, whatever is undone."""


@dataclass(frozen=True)
class Delivery:
    """A feed, and the slug of the partner that delivers it (None: the operator).

    `corrects`: record by record, as a correction. `imports`: as an import, which may hold files that no feed has.
    """

    files: dict[str, str]
    stater: str | None
    corrects: bool = False
    imports: bool = False


@dataclass(frozen=True)
class Undoing:
    """The undo of one of the deliveries before it that were taken and are not undone; which one in their order."""

    place: int


@dataclass(frozen=True)
class LeavingOut:
    """Somebody leaves a mailbox out of a customer's people. It isn't undone with any load."""

    customer: str
    user: str


Action = Delivery | Undoing | LeavingOut


@dataclass(frozen=True)
class Story:
    """Actions in their order."""

    actions: Sequence[Action]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """How Hypothesis prints it."""
        for action in self.actions:
            told = (action.stater, action.corrects, action.imports) if isinstance(action, Delivery) else action
            printer.text(f"\n== {told}")
            if isinstance(action, Delivery):
                for name, text in action.files.items():
                    printer.text(f"\n{name}\n{text}")


class Writer:
    """Writes the files of one delivery off a tape."""

    def __init__(self, tape: Tape, stater: str | None) -> None:
        self.tape = tape
        self.stater = stater
        self.files: dict[str, str] = {}

    def write(self) -> dict[str, str]:
        """One to three files, in any combination."""
        kinds = [
            self.entitlements, self.subscriptions, self.activity, self.holdings, self.coverage, self.customers,
            self.cases, self.satisfaction,
        ]  # fmt: skip
        if self.stater is None:
            kinds.insert(1, self.relationships)
        for _ in range(1 + self.tape.take(3)):
            self.tape.pick(kinds)()
        return self.files

    def _put(self, name: str, key: Sequence[str], optional: Sequence[str], rows: Sequence[dict[str, str]]) -> None:
        """A file of these rows, each key once; optional columns are now and then left out."""
        left_out = {column for column in optional if self.tape.chance(4)}
        columns = [column for column in rows[0] if column not in left_out]
        once = {tuple(row[column].casefold() for column in key): row for row in rows}
        lines = [",".join(row[column] for column in columns) for row in once.values()]
        self.files[name] = "\n".join([",".join(columns), *lines, ""])

    def _rows(self, row: Any) -> list[dict[str, str]]:
        return [row() | {"retract": "true" if self.tape.chance(5) else ""} for _ in range(1 + self.tape.take(3))]

    def _id(self, choices: Sequence[str]) -> str:
        written = self.tape.pick(choices)
        return written.upper() if self.tape.chance(8) else written

    def _to(self, first: str) -> str:
        later = [day for day in DAYS if day > first]
        return self.tape.pick(["", *later])

    def customers(self) -> None:
        def row() -> dict[str, str]:
            return {
                "customer_id": self._id(CUSTOMERS), "name": self.tape.pick(("A", "B", "C")), "domain": "x.example",
                "country": "SE", "segment": self.tape.pick(("", "smb")),
            }  # fmt: skip

        self._put("customers.csv", ["customer_id"], ["segment"], [row() for _ in range(1 + self.tape.take(3))])

    def relationships(self) -> None:
        def row() -> dict[str, str]:
            first = self.tape.pick(("2026-01-01", *DAYS))
            return {
                "partner_id": self.tape.pick((US, THEM)), "customer_id": self._id(CUSTOMERS), "from": first,
                "to": self._to(first) if self.tape.chance(4) else "",
            }  # fmt: skip

        self._put("relationships.csv", ["partner_id", "customer_id", "from"], ["to"], self._rows(row))

    def subscriptions(self) -> None:
        own = US if self.stater == "us" else THEM

        def row() -> dict[str, str]:
            key = self._id(SUBSCRIPTIONS)
            home = CUSTOMERS[SUBSCRIPTIONS.index(key.upper()) % 2]
            seller = "external" if self.tape.chance(4) else own if self.stater else US
            return {
                "subscription_id": key, "effective_on": self.tape.pick(DAYS[:3]),
                "customer_id": self._id(CUSTOMERS) if self.tape.chance(6) else home, "seller": seller,
                "sku_id": self.tape.pick(SKUS), "status": self.tape.pick(("active", "grace", "disabled")),
                "quantity": str(self.tape.take(4)), "is_trial": "false", "term_end": self.tape.pick(("", "2027-01-01")),
            }  # fmt: skip

        self._put("subscriptions.csv", ["subscription_id", "effective_on"], ["term_end"], self._rows(row))

    def entitlements(self) -> None:
        def row() -> dict[str, str]:
            first = self.tape.pick(DAYS)
            return {
                "subscription_id": self._id(SUBSCRIPTIONS), "user_id": self._id(USERS), "from": first,
                "state": self.tape.pick(("entitled", "cancelled")), "to": self._to(first),
            }  # fmt: skip

        self._put("entitlements.csv", ["subscription_id", "user_id", "from"], ["to"], self._rows(row))

    def holdings(self) -> None:
        def row() -> dict[str, str]:
            first = self.tape.pick(DAYS)
            return {
                "customer_id": self._id(CUSTOMERS), "user_id": self._id(USERS), "sku_id": self.tape.pick(SKUS),
                "from": first, "state": "entitled", "to": self._to(first),
            }  # fmt: skip

        self._put("holdings.csv", ["customer_id", "user_id", "sku_id", "from"], ["to"], self._rows(row))

    def activity(self) -> None:
        def row() -> dict[str, str]:
            return {
                "customer_id": self._id(CUSTOMERS), "user_id": self._id(USERS),
                "service": self.tape.pick(("EXO", "TEAMS")), "day": self.tape.pick(DAYS),
            }  # fmt: skip

        self._put("activity.csv", ["customer_id", "user_id", "service", "day"], ["retract"], self._rows(row))

    def coverage(self) -> None:
        def row() -> dict[str, str]:
            return {
                "customer_id": self._id(CUSTOMERS), "service": self.tape.pick(("*", "EXO")),
                "day": self.tape.pick(DAYS),
            }  # fmt: skip

        self._put("coverage.csv", ["customer_id", "service", "day"], ["retract"], self._rows(row))

    def _of_partner(self) -> str:
        return {"us": US, "them": THEM}.get(self.stater or "") or self.tape.pick((US, THEM))

    def cases(self) -> None:
        def row() -> dict[str, str]:
            return {
                "partner_id": self._of_partner(), "case_id": self._id(("K1", "K2")), "customer_id": self._id(CUSTOMERS),
                "opened_on": self.tape.pick(DAYS), "kind": "other", "closed_on": self.tape.pick(("", TODAY)),
            }  # fmt: skip

        self._put("support_cases.csv", ["partner_id", "case_id"], ["closed_on"], self._rows(row))

    def satisfaction(self) -> None:
        def row() -> dict[str, str]:
            return {
                "partner_id": self._of_partner(), "response_id": "R1", "customer_id": self._id(CUSTOMERS),
                "responded_on": self.tape.pick(DAYS), "score": str(1 + self.tape.take(5)),
                "comment": self.tape.pick(("", "Good")),
            }  # fmt: skip

        self._put("satisfaction.csv", ["partner_id", "response_id"], ["comment"], self._rows(row))
