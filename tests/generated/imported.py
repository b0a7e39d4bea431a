"""Files that only imports write, in a generated installation: lists, totals, who is who, sights, percentages."""

from __future__ import annotations

from collections.abc import Callable

from tests.generated.loads import CUSTOMERS, DAYS, OBJECT_IDS, SKUS, SUBSCRIPTIONS, THEM, US, USERS, Writer

SOURCES = ("directory", "directory", "report", "report_concealed")


class ImportWriter(Writer):
    """Writes the files of one import off a tape: one to three of its own kinds, and now and then one of a feed."""

    def write(self) -> dict[str, str]:
        kinds = (self.lists, self.people, self.totals, self.sights, self.reported)
        for _ in range(1 + self.tape.take(3)):
            self.tape.pick(kinds)()
        if self.tape.chance(3):
            return super().write()
        return self.files

    def _lines(self, row: Callable[[], dict[str, str]]) -> list[dict[str, str]]:
        return [row() for _ in range(1 + self.tape.take(3))]

    def people(self) -> None:
        def row() -> dict[str, str]:
            return {
                "customer_id": self._id(CUSTOMERS), "user_id": self._id(self.tape.pick((OBJECT_IDS, USERS))),
                "principal_name": self._id(("", *USERS[:3])), "display_name": self.tape.pick(("", "A")),
                "mailbox": self.tape.pick(("user", "room")), "is_deleted": "true" if self.tape.chance(5) else "false",
            }  # fmt: skip

        optional = ["principal_name", "display_name", "mailbox", "is_deleted"]
        self._put("people.csv", ["customer_id", "user_id"], optional, self._lines(row))

    def lists(self) -> None:
        """Lists of one or two days, complete for the customer or for one user."""
        lists, holders = [], []
        for _ in range(1 + self.tape.take(2)):
            this = {
                "customer_id": self._id(CUSTOMERS[:2]), "day": self.tape.pick(DAYS), "source": self.tape.pick(SOURCES),
            }  # fmt: skip
            user = self._id(USERS) if self.tape.chance(4) else ""
            lists.append(this | {"user_id": user})
            for _ in range(self.tape.take(4)):
                state = self.tape.pick(("entitled", "entitled", "suspended_nonpayment"))
                holders.append(
                    this | {"user_id": user or self._id(USERS), "sku_id": self.tape.pick(SKUS), "state": state}
                )
        key = ["customer_id", "day", "source", "user_id"]
        self._put("lists.csv", key, [], lists)
        if holders:
            self._put("holders.csv", [*key, "sku_id"], ["state"], holders)

    def totals(self) -> None:
        def row() -> dict[str, str]:
            counts = ("enabled", "warning", "suspended", "locked_out", "consumed")
            this = {"customer_id": self._id(CUSTOMERS), "day": self.tape.pick(DAYS), "sku_id": self.tape.pick(SKUS)}
            return this | {name: str(self.tape.take(5)) for name in counts}

        self._put("sku_totals.csv", ["customer_id", "day", "sku_id"], ["locked_out"], self._lines(row))

    def sights(self) -> None:
        own = US if self.stater == "us" else THEM

        def row() -> dict[str, str]:
            key = self._id(SUBSCRIPTIONS)
            day = self.tape.pick(DAYS)
            return {
                "customer_id": CUSTOMERS[SUBSCRIPTIONS.index(key.upper()) % 2], "day": day, "subscription_id": key,
                "seller": "external" if self.tape.chance(4) else own if self.stater else US,
                "sku_id": self.tape.pick(SKUS), "status": self.tape.pick(("active", "grace", "disabled")),
                "quantity": str(self.tape.take(4)), "is_trial": "true" if self.tape.chance(6) else "false",
                "started_on": self.tape.pick(("", "2026-01-01", day)), "term_end": self.tape.pick(("", "2027-01-01")),
            }  # fmt: skip

        optional = ["started_on", "term_end"]
        self._put("subscriptions_seen.csv", ["customer_id", "day", "subscription_id"], optional, self._lines(row))

    def reported(self) -> None:
        def row() -> dict[str, str]:
            return {
                "customer_id": self._id(CUSTOMERS), "day": self.tape.pick(DAYS),
                "metric": self.tape.pick(("usage", "deployment")), "service": "o365",
                "workload": self.tape.pick(("", "EXO")), "numerator": str(self.tape.take(3)), "denominator": "3",
            }  # fmt: skip

        self._put("reported.csv", ["customer_id", "day", "metric", "service", "workload"], [], self._lines(row))
