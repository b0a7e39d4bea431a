"""What makes a line bad beyond its form: references, order of days, retention, rights, contradictions."""

from calendar import monthrange
from collections import defaultdict
from datetime import date
from typing import Any

from tests.naive import values
from tests.naive.lines import FILES, Line
from tests.naive.state import OPERATOR, Content, Key, State
from tests.naive.values import EXTERNAL

RETENTION_MONTHS = 25
PER_STATER = ("customers.csv", "activity.csv", "coverage.csv")
CONTENT_COLUMNS = {file: [column.name for column in columns if not column.key] for file, columns in FILES.items()}


def first_kept_day(today: date) -> date:
    """feed.md, Loading: 25 months before today; the same day of the month, or the last one where there is none."""
    months = today.year * 12 + today.month - 1 - RETENTION_MONTHS
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(today.day, monthrange(year, month)[1]))


class Checker:
    """The checks of one line of one file: what is known, who states it (OPERATOR or a partner), and today."""

    def __init__(self, state: State, file: str, actor: str, today: date) -> None:
        self.state, self.file, self.actor, self.today = state, file, actor, today
        self.by_partner = actor != OPERATOR

    def check(self, line: Line) -> None:
        """Everything but contradictions, column by column, so that all problems of a line are known. Of a retract line
        nothing is looked up: what is unknown is nothing to remove."""
        if not line.retract:
            self.check_service(line)
            self.check_references(line)
            self.check_order(line)
            self.check_not_later_than_today(line)
            self.check_rights(line)
        if not line.problems:
            line.skipped = self.before_retention(line)

    # --- feed.md, Bad is: an unknown partner, customer, subscription, SKU or service ------------------------------

    def check_service(self, line: Line) -> None:
        """An unknown service; `*` is one in coverage.csv only."""
        code = line.read.get("service")
        known = code in self.state.workloads or (code == "*" and self.file == "coverage.csv")
        if code is not None and not known:
            line.bad("service")

    def check_references(self, line: Line) -> None:
        """Unknown, or for a partner not its business, which is told in the same words."""
        known = {
            "partner_id": self.file == "partners.csv" or self.knows_partner(line.read.get("partner_id")),
            "customer_id": self.file == "customers.csv" or self.reaches(line.read.get("customer_id")),
            "seller": line.read.get("seller") == EXTERNAL or self.knows_partner(line.read.get("seller")),
            "sku_id": self.file == "skus.csv" or self.knows_sku(line.read.get("sku_id")),
            "subscription_id": self.file != "entitlements.csv" or self.knows_subscription(line),
        }
        for column, is_known in known.items():
            if column in line.read and not is_known:
                line.bad(column)

    def knows_partner(self, partner: str | None) -> bool:
        """A partner may speak of itself alone, also as the seller."""
        return partner == self.actor if self.by_partner else bool(self.state.stated("partners.csv", (partner,)))

    def reaches(self, customer: str | None) -> bool:
        """feed.md, A partner's feed: only customers with which a confirmed relationship covers today."""
        if self.by_partner and customer is not None:
            return self.state.confirmed_covers(self.actor, customer, self.today)
        return customer in self.state.customers()

    def knows_sku(self, sku: str | None) -> bool:
        """feed.md, Meaning: a known SKU needs no line in skus.csv."""
        return bool(self.state.stated("skus.csv", (sku,)))

    def knows_subscription(self, line: Line) -> bool:
        """A subscription with a version, of a customer that the stater reaches; for a partner its own or an external
        one, or one that it stated itself. Another partner's isn't its business."""
        customer = self.state.customer_of(line.read.get("subscription_id", ""))
        if customer is None or not self.reaches(customer):
            return False
        stated = self.versions_of(line)
        sellers = {content["seller"] for _, _, content in stated} - {EXTERNAL}
        return not self.by_partner or sellers <= {self.actor} or self.actor in {stater for _, stater, _ in stated}

    # --- days -----------------------------------------------------------------------------------------------------

    def check_order(self, line: Line) -> None:
        """feed.md, Bad is: `to` not after `from`."""
        start, end = line.read.get("from"), line.read.get("to")
        if start is not None and end is not None and end <= start:
            line.bad("to")

    def check_not_later_than_today(self, line: Line) -> None:
        """feed.md, Bad is: a day of activity or coverage after today."""
        if self.file in ("activity.csv", "coverage.csv") and line.read.get("day", self.today) > self.today:
            line.bad("day")

    def before_retention(self, line: Line) -> bool:
        """feed.md, Loading: activity and coverage from before the retention limit are skipped and counted."""
        return self.file in ("activity.csv", "coverage.csv") and line.read["day"] < first_kept_day(self.today)

    # --- feed.md, A partner's feed: another record that somebody else stated is refused as not known -----------------

    def check_rights(self, line: Line) -> None:
        """A partner's line whose key is a record of somebody else (what is kept aside is no such record), or one's own
        of a customer that isn't reached any more."""
        if not self.by_partner or line.problems or self.file in PER_STATER:
            return
        others = {who: c for who, c in self.state.stated(self.file, line.key).items() if who != self.actor}
        if self.file == "subscriptions.csv":
            others = {who: content for who, content in others.items() if self.competes(line, content)}
        own = self.actor in self.state.stated(self.file, line.key)
        if others or (own and not self.state.reaches_own(self.file, line.key, self.actor)):
            line.bad(next(c.name for c in FILES[self.file] if c.key and c.parse is values.opaque))

    def competes(self, line: Line, other: Content) -> bool:
        """Whether another's version of the same key would stand beside the line, none of the two kept aside."""
        external, other_external = line.read["seller"] == EXTERNAL, other["seller"] == EXTERNAL
        return external == other_external and not (external and line.read["customer_id"] != other["customer_id"])

    def versions_of(self, line: Line) -> list[tuple[date, str, Content]]:
        """All statements about the line's subscription."""
        return self.state.version_statements(line.read["subscription_id"])


# --- what a line replaces or removes ------------------------------------------------------------------------------


def replaced_staters(state: State, file: str, actor: str, line: Line) -> list[str]:
    """Whose statements a line replaces: one's own; the operator also anybody else's record of the key."""
    stated = state.stated(file, line.key)
    own = [actor] if actor in stated and state.reaches_own(file, line.key, actor) else []
    if actor != OPERATOR or file in PER_STATER:
        return own
    others = [who for who in stated if who != OPERATOR]
    if file == "subscriptions.csv":
        external, customer = line.read["seller"] == EXTERNAL, line.read["customer_id"]
        others = [who for who in others if (stated[who]["seller"] == EXTERNAL) == external]
        others = [who for who in others if not external or stated[who]["customer_id"] == customer]
    return own + others


def retracted_staters(state: State, file: str, actor: str, line: Line) -> list[str]:
    """Whose statements a retract line removes: one's own; the operator's else the record, whoever stated it."""
    stated = state.stated(file, line.key)
    if actor in stated:
        return [actor] if state.reaches_own(file, line.key, actor) else []
    return list(stated) if actor == OPERATOR else []


def touched_staters(state: State, file: str, actor: str, line: Line) -> list[str]:
    """Whose statements are gone, or replaced, after the line."""
    return (retracted_staters if line.retract else replaced_staters)(state, file, actor, line)


def content_after(state: State, file: str, actor: str, line: Line, columns: list[str]) -> Content:
    """feed.md, Meaning: an optional column that the file doesn't have leaves what is stored; an empty cell blanks it."""
    replaced = replaced_staters(state, file, actor, line)
    before = state.stated(file, line.key)[replaced[0]] if replaced else {}
    names = CONTENT_COLUMNS[file]
    content: Content = {name: line.read[name] if name in columns else before.get(name) for name in names}
    if file == "relationships.csv":
        content["confirmed"] = True
    return content


# --- contradictions ----------------------------------------------------------------------------------------------

Entry = tuple[Key, str, Content]
GROUPED = {"partners.csv": 0, "relationships.csv": 2, "subscriptions.csv": 1, "entitlements.csv": 2}


def overlap(first: Entry, second: Entry) -> str | None:
    """feed.md, Meaning: periods and relationships must not overlap. The column to name, or None. A claim is none."""
    (key, _, content), (other_key, _, other) = first, second
    start, end, other_start, other_end = key[2], content["to"], other_key[2], other["to"]
    apart = (end is not None and end <= other_start) or (other_end is not None and other_end <= start)
    both_hold = content.get("confirmed", True) and other.get("confirmed", True)
    return "from" if both_hold and not apart else None


def sale_changes(first: Entry, second: Entry) -> str | None:
    """feed.md, Meaning: customer and seller for life.

    Others' `external` versions are kept aside: no contradiction. Those of whoever stated the sale, or of the seller
    itself, are one.
    """
    (_, stater, content), (_, other_stater, other) = first, second
    if content["seller"] == EXTERNAL and other["seller"] == EXTERNAL and stater != other_stater:
        return None
    if EXTERNAL in (content["seller"], other["seller"]) and content["seller"] != other["seller"]:
        external, (_, seller_stater, sale) = (first, second) if content["seller"] == EXTERNAL else (second, first)
        if external[1] not in (seller_stater, sale["seller"]):
            return None
    return next((column for column in ("customer_id", "seller") if content[column] != other[column]), None)


def contradiction(file: str, first: Entry, second: Entry) -> str | None:
    """The column in which two records of one group contradict each other, or None."""
    if file == "partners.csv":
        return "slug" if first[2]["slug"].casefold() == second[2]["slug"].casefold() else None
    return sale_changes(first, second) if file == "subscriptions.csv" else overlap(first, second)


def find_contradictions(state: State, file: str, actor: str, lines: list[Line], columns: list[str]) -> None:
    """feed.md, Loading: of lines that contradict each other the later is bad; one that contradicts a stored record
    which no good line of the file replaces is bad too; repeated until nothing contradicts, lowest line first."""
    if file not in GROUPED:
        return
    groups: dict[Key, list[Line]] = defaultdict(list)
    for line in lines:
        if not line.problems:
            groups[line.key[: GROUPED[file]]].append(line)
    for group, members in groups.items():
        settle_group(state, file, actor, group, members, columns)


def settle_group(state: State, file: str, actor: str, group: Key, members: list[Line], columns: list[str]) -> None:
    """One subscription, (subscription, user) or (partner, customer): lines of different groups never contradict."""
    while True:
        effective = {line.key: line for line in members if not line.problems}
        stored = stored_after(state, file, actor, group, effective)
        stating = sorted((line for line in effective.values() if not line.retract), key=lambda line: line.number)
        entries: list[tuple[Line, Entry]] = [
            (line, (line.key, actor, content_after(state, file, actor, line, columns))) for line in stating
        ]
        found = first_contradiction(file, stored, entries)
        if found is None:
            return
        line, column = found
        line.bad(column)


def stored_after(state: State, file: str, actor: str, group: Key, effective: dict[Key, Line]) -> list[Entry]:
    """The stored records of a group that no good line of the file replaces or retracts."""
    left: list[Entry] = []
    for key, stated in state.statements[file].items():
        if key[: len(group)] == group:
            line = effective.get(key)
            gone = touched_staters(state, file, actor, line) if line else []
            left += [(key, stater, content) for stater, content in stated.items() if stater not in gone]
    return left


def first_contradiction(file: str, stored: list[Entry], entries: list[tuple[Line, Entry]]) -> tuple[Line, str] | None:
    """The line with the lowest number that contradicts a stored record or a line before it."""
    earlier: list[Any] = list(stored)
    for line, entry in entries:
        for other in earlier:
            column = contradiction(file, entry, other)
            if column:
                return line, column
        earlier.append(entry)
    return None
