"""Small worlds that hit corners, as records of feed.md: who, what is sold, handed out and used, around a day."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.naive.lines import FILES
from tests.naive.tape import Tape

Record = dict[str, str]
WORLD_BYTES = 640

PARTNERS = ("1aaaaaaa-0000-4000-8000-00000000000a", "1bbbbbbb-0000-4000-8000-00000000000b")
CUSTOMERS = ("2ccccccc-0000-4000-8000-00000000000c", "2ddddddd-0000-4000-8000-00000000000d")
SKUS = tuple(f"3eeeeeee-0000-4000-8000-0000000000e{place}" for place in range(4))
OFF_FAMILY = "fam9"
NEW_WORKLOAD = "A1"
USERS = (
    "ann",
    "bob",
    "straße",
    "4fffffff-0000-4000-8000-00000000000f",
    "zoe",
    'Ünal, "U"',
    "ŁUKASZ",
    "5" * 32,
)
SALES = (
    ("o365", "EXO;YAM"),
    ("o365", "EXO;SPO;TEAMS;YAM"),
    ("crm", "CRM"),
    ("o365", ""),
    (OFF_FAMILY, "YAM;A1"),
    ("o365", "SPO;ODB"),
    ("crm", "CRM;YAM"),
    ("crm", "EXO;CRM"),
    ("o365", "ODB"),
    (OFF_FAMILY, "EXO"),
    ("crm", ""),
    ("o365", "YAM"),
)
SERVICES = ("EXO", "YAM", "SPO", "ODB", "CRM", "TEAMS")
NAMES = ("Fabrikam", "contoso", "Ärzte GmbH", "fabrikam")
STATUSES = ("active", "grace", "active", "disabled", "active", "deprovisioned", "active", "active")
BLOCKED = ("suspended_fraud", "suspended_nonpayment", "upgraded", "cancelled")
TERM_AGES = (0, 1, 30, 31, 120, 121, -5, 29, 32, 119, 122)
WINDOW_OFFSETS = (0, -27, -1, -14, -28, -26, -13, -15, -29, 1, -7, -20, -40, 2, -54, -55)
FIRST_DAY = -400


@dataclass
class World:
    """Records by file (every column present, as plain text), the anchor day, and the days worth asking about."""

    today: date
    anchor: date
    records: dict[str, list[Record]] = field(default_factory=lambda: {file: [] for file in FILES})
    crowd: bool = False
    keys: set[tuple[str, ...]] = field(default_factory=set)

    def add(self, file: str, *cells: object) -> None:
        """One record from its cells in the table's order; an existing key is left alone."""
        columns = [column.name for column in FILES[file]]
        record = dict(zip(columns, map(cell_text, cells), strict=True))
        if (file, *key_of(file, record)) not in self.keys:
            self.keys.add((file, *key_of(file, record)))
            self.records[file].append(record)

    def services(self) -> tuple[str, ...]:
        """The services that activity may name: a new workload only where a SKU has named it."""
        named = any(NEW_WORKLOAD in sku["workloads"] for sku in self.records["skus.csv"])
        return (*SERVICES, NEW_WORKLOAD) if named else SERVICES

    def day(self, offset: int) -> date:
        """A day so far from the anchor."""
        return self.anchor + timedelta(days=offset)

    def past(self, offset: int) -> date:
        """The same, but never after today."""
        return min(self.day(offset), self.today)


def cell_text(value: object) -> str:
    """A cell: empty for None, true/false, ISO days."""
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    return str(value)


def key_of(file: str, record: Record) -> tuple[str, ...]:
    """The key columns of a plain record (ODB is SPO)."""
    key = (record[column.name].casefold() for column in FILES[file] if column.key)
    return tuple("spo" if cell == "odb" else cell for cell in key)


def build(data: bytes, today: date) -> World:
    """The world that WORLD_BYTES bytes describe."""
    tape = Tape(data)
    start = tape.cut(24)
    world = World(today, today - timedelta(days=start.pick((40, 0, 130, 3, 300))))
    add_parties(world, start)
    skus = 1 + start.take(4)
    add_skus(world, tape.cut(16), skus)
    crowd_tape = tape.cut(8)
    world.crowd = crowd_tape.chance(8)
    for place in range(1 + start.take(5)):
        add_subscription(world, tape.cut(24), place, skus)
        add_pairs(world, tape.cut(44), f"Sub-{place}", world.crowd and place == 0)
    tape.at = 400
    add_activity(world, tape.cut(140))
    add_coverage(world, tape.cut(24))
    if world.crowd:
        add_crowd_activity(world, crowd_tape)
    add_partner_records(world, tape.cut(12))
    return world


def add_parties(world: World, tape: Tape) -> None:
    """Two partners, one or two customers shared or not, relationships with ends and gaps."""
    for partner, slug in zip(PARTNERS, ("us", "other"), strict=True):
        world.add("partners.csv", partner, f"Partner {slug}", slug)
    for customer in CUSTOMERS[: 1 + tape.take(2)]:
        world.add("customers.csv", customer, tape.pick(NAMES), "c.example", tape.pick(("IT", "ES")), None)
        for partner in PARTNERS:
            add_relationships(world, tape, partner, customer)


def add_relationships(world: World, tape: Tape, partner: str, customer: str) -> None:
    """The dates of one partner's relationships with one customer, around the anchor."""
    shared = partner == PARTNERS[0]
    long_ago = FIRST_DAY - 100
    always: tuple[tuple[int, int | None], ...] = ((long_ago, None),)
    until, after, gap = ((long_ago, 0),), ((long_ago, 1),), ((long_ago, -9), (-4, None))
    adjacent, young, none = ((long_ago, -3), (-3, None)), ((0, None),), ()
    usual = (always, always, always, always, adjacent, until, after, gap, young)
    for start, end in tape.pick(usual if shared else (none, always, always, gap, after)):
        world.add("relationships.csv", partner, customer, world.day(start), None if end is None else world.day(end))


def add_skus(world: World, tape: Tape, count: int) -> None:
    """SKUs over three families, one of them off; workloads shared between families, and empty sets."""
    for sku in SKUS[:count]:
        family, workloads = tape.pick(SALES)
        part_number = tape.pick(("ENTERPRISEPACK", "enterprisepack", "AX7", "Zeta"))
        world.add("skus.csv", sku, part_number, f"Name of {sku[-2:]}", family, workloads)


def add_subscription(world: World, tape: Tape, place: int, skus: int) -> None:
    """One subscription with one to three versions: SKU, status, quantity, trial and term may change."""
    customers = len(world.records["customers.csv"])
    customer = CUSTOMERS[tape.take(customers)]
    seller = tape.pick((PARTNERS[0], PARTNERS[0], PARTNERS[1], "external"))
    starts = tape.pick((FIRST_DAY, -60, -28, -27, -10, 0, 1))
    for number in range(1 + tape.pick((0, 0, 0, 1, 2))):
        begins = starts if number == 0 else starts + tape.pick((30, 1, 400, 370, 10))
        add_version(world, tape, f"Sub-{place}", begins, customer, seller, SKUS[tape.take(skus)])


def add_version(world: World, tape: Tape, sub: str, begins: int, customer: str, seller: str, sku: str) -> None:
    """One version; its term ended so many days before the anchor that ageing is at a boundary."""
    status, quantity, trial = tape.pick(STATUSES), tape.pick((5, 1, 2, 0, 3, 1000)), tape.chance(6)
    term_end = world.day(-tape.pick(TERM_AGES)) if tape.chance(3) else None
    auto_renew = tape.pick((False, None, True, False)) if term_end else None
    price = tape.pick((None, "12.5", "0"))
    rest = (term_end, auto_renew, None, price, "EUR" if price else None)
    world.add("subscriptions.csv", sub, world.day(begins), customer, seller, sku, status, quantity, trial, *rest)


def add_pairs(world: World, tape: Tape, sub: str, crowd: bool) -> None:
    """Users of one subscription; the crowd of one customer (numbers beyond 64) comes first."""
    if crowd:
        since = world.day(-28).isoformat()
        columns = {"subscription_id": sub, "from": since, "state": "entitled", "to": ""}
        world.records["entitlements.csv"] += [columns | {"user_id": crowd_name(number)} for number in range(70)]
    taken = set()
    for _ in range(tape.take(5)):
        piece = tape.cut(10)
        user = piece.take(len(USERS))
        if user not in taken:
            add_periods(world, piece, sub, USERS[user])
        taken.add(user)


def add_periods(world: World, tape: Tape, sub: str, user: str) -> None:
    """Up to three periods of one pair: adjacent or after gaps, every state, lengths around the window."""
    starts = tape.pick((FIRST_DAY, -27, -28, -60, -20, -10, -1, 0, 1))
    for _ in range(1 + tape.take(3)):
        state = tape.pick((*["entitled"] * 6, *BLOCKED))
        length = tape.pick((None, 10, 1, 2, 20, 27, 28, -starts, 1 - starts))
        ends = None if length is None else starts + max(length, 1)
        world.add("entitlements.csv", sub, user, world.day(starts), state, None if ends is None else world.day(ends))
        if ends is None:
            return
        starts = ends + tape.pick((0, 0, 1, 5))


def add_activity(world: World, tape: Tape) -> None:
    """Activity at the edges of the window and of periods, inside and outside of them."""
    periods = world.records["entitlements.csv"]
    entitled = [period for period in periods if period["state"] == "entitled"] or periods
    for _ in range(tape.take(25)):
        piece = tape.cut(5)
        of_period = piece.take(5) if periods else 4
        if of_period == 4:
            customer = CUSTOMERS[piece.take(len(world.records["customers.csv"]))]
            service, user = piece.pick(world.services()), piece.pick(USERS)
            day = world.past(piece.pick(WINDOW_OFFSETS))
        else:
            chosen = entitled if of_period < 3 else periods
            period = chosen[piece.take(256) % len(chosen)]
            user, version = period["user_id"], version_of(world, period["subscription_id"])
            customer = version["customer_id"]
            service = piece.pick((*sold(world, version), *world.services()[: 1 + of_period]))
            day = min(day_at_edge(world, piece, period), world.today)
        world.add("activity.csv", customer, user, service, day)


def version_of(world: World, sub: str) -> Record:
    """The first version of a subscription of the world."""
    return next(each for each in world.records["subscriptions.csv"] if each["subscription_id"] == sub)


def sold(world: World, version: Record) -> list[str]:
    """The workloads of a version's SKU."""
    (sku,) = (sku for sku in world.records["skus.csv"] if sku["sku_id"] == version["sku_id"])
    return sku["workloads"].split(";") if sku["workloads"] else []


def day_at_edge(world: World, tape: Tape, period: Record) -> date:
    """A day of the window, or one on either side of where the period begins or ends."""
    offset = tape.take(10)
    if offset < 6:
        return world.day(WINDOW_OFFSETS[offset])
    edge = date.fromisoformat(period["to"] if period["to"] and offset >= 8 else period["from"])
    return edge - timedelta(days=offset % 2)


def add_coverage(world: World, tape: Tape) -> None:
    """Days covered by workload and by `*`."""
    for _ in range(tape.take(7)):
        piece = tape.cut(3)
        customer = CUSTOMERS[piece.take(len(world.records["customers.csv"]))]
        service = piece.pick((*world.services(), "*", "*"))
        world.add("coverage.csv", customer, service, world.past(piece.pick(WINDOW_OFFSETS)))


def add_crowd_activity(world: World, tape: Tape) -> None:
    """One busy day of the crowd, from some number on."""
    version, first = version_of(world, "Sub-0"), tape.pick((0, 60, 63, 64))
    fact = {"customer_id": version["customer_id"], "service": tape.pick((*sold(world, version), "EXO", "YAM"))}
    day = world.past(tape.pick(WINDOW_OFFSETS[:3])).isoformat()
    numbers = range(first, 70)
    world.records["activity.csv"] += [fact | {"user_id": crowd_name(number), "day": day} for number in numbers]


def crowd_name(number: int) -> str:
    """A user id of the crowd."""
    return f"crowd-{number:02}"


def add_partner_records(world: World, tape: Tape) -> None:
    """A few support cases and answers: they change no figure of these rows."""
    for number in range(tape.take(3)):
        kind, closed = tape.pick(("how_to", "incident", "billing", "other")), tape.pick((None, world.past(0)))
        case = (PARTNERS[tape.take(2)], f"Case {number}", CUSTOMERS[0], world.past(-3), kind, closed)
        world.add("support_cases.csv", *case)
        score, comment = 1 + tape.take(5), tape.pick((None, "two\nlines, «quoted»"))
        world.add("satisfaction.csv", PARTNERS[0], f"R{number}", CUSTOMERS[0], world.past(-2), score, comment)


def days_worth_asking(world: World) -> list[date]:
    """Every day on which a rule may flip, up to today: window edges, versions, ageing, periods, relationships."""
    found = {world.day(offset) for offset in (-1, 0, 1, 27, 28, 29)}
    for file, column, offsets in (
        ("subscriptions.csv", "effective_on", (-1, 0)),
        ("subscriptions.csv", "term_end", (0, 1, 30, 31, 120, 121)),
        ("entitlements.csv", "from", (-1, 0)),
        ("entitlements.csv", "to", (-1, 0, 26, 27, 28)),
        ("relationships.csv", "from", (-1, 0)),
        ("relationships.csv", "to", (-1, 0)),
        ("activity.csv", "day", (0, 26, 27, 28)),
        ("coverage.csv", "day", (-1, 0, 27, 28)),
    ):
        stated = {record[column] for record in world.records[file] if record[column]}
        found |= {date.fromisoformat(day) + timedelta(days=offset) for day in stated for offset in offsets}
    earliest = world.day(FIRST_DAY - 101)
    return sorted(day for day in found if earliest <= day <= world.today)
