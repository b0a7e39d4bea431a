"""Other ways to tell the same facts: late, split over loads, repeated, shuffled, wrong first and put right later."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tests.naive.lines import FILES
from tests.naive.rendering import RETRACT, render
from tests.naive.tape import Tape
from tests.naive.worlds import BLOCKED, CUSTOMERS, NEW_WORKLOAD, OFF_FAMILY, PARTNERS, Record, World, key_of

LOADS = 5
ARRANGEMENT_BYTES = 420
FIRST_FILES = ("partners.csv", "customers.csv", "skus.csv")
NEW_CODES = {OFF_FAMILY, NEW_WORKLOAD}
Feed = dict[str, str | bytes]


@dataclass
class Telling:
    """One line to be told: in which load, in which file, and the record (with `retract`, where it is one)."""

    load: int
    file: str
    record: Record


def plain_feed(world: World) -> Feed:
    """Everything in one feed, each fact once, as plainly as it goes."""
    return {file: render(file, records, None) for file, records in world.records.items() if records}


def arranged(world: World, data: bytes) -> list[Feed]:
    """Feeds that, loaded in order, state the facts of the world and nothing else. Each is valid in itself."""
    tape = Tape(data)
    random = tape.random()
    loads = 1 + tape.take(LOADS)
    tellings = tell_everything(world, tape, loads)
    by_place: dict[tuple[int, str], list[Record]] = defaultdict(list)
    for telling in tellings:
        by_place[telling.load, telling.file].append(telling.record)
    stored: dict[tuple[str, ...], Record] = {}
    feeds: list[Feed] = []
    for load in range(loads):
        places = [(file, by_place[load, file]) for file in FILES if by_place[load, file]]
        feeds.append({file: told(file, records, random, stored) for file, records in places})
    return [feed for feed in feeds if feed]


def told(file: str, records: list[Record], random: Random | None, stored: dict[tuple[str, ...], Record]) -> str:
    """One file of one load. `stored`: what was told before, by file and key, and is kept up to date here."""
    leave_out: frozenset[str] = frozenset()
    if random is not None:
        records = shuffled(file, records, random)
        if random.random() < 0.5:
            leave_out = dispensable(file, records, stored)
    for record in records:
        place = (file, *key_of(file, record))
        if record.get(RETRACT) == "true":
            stored.pop(place, None)
        else:
            stored[place] = record
    return render(file, records, random, leave_out)


def shuffled(file: str, records: list[Record], random: Random) -> list[Record]:
    """Another order of lines; lines of the same key keep theirs, since the last one wins."""
    of_key: dict[tuple[str, ...], list[Record]] = defaultdict(list)
    for record in records:
        of_key[key_of(file, record)].append(record)
    places = [key_of(file, record) for record in records]
    random.shuffle(places)
    return [of_key[key].pop(0) for key in places]


def dispensable(file: str, records: list[Record], stored: dict[tuple[str, ...], Record]) -> frozenset[str]:
    """Optional columns that say, in every line, what is stored already (of a new key: nothing)."""
    before = [(record, stored.get((file, *key_of(file, record)), {})) for record in records]
    stating = [(record, known) for record, known in before if record.get(RETRACT) != "true"]
    optional = [column.name for column in FILES[file] if column.optional]
    return frozenset(name for name in optional if all(record[name] == known.get(name, "") for record, known in stating))


# --- what is told when ---------------------------------------------------------------------------------------------


def tell_everything(world: World, tape: Tape, loads: int) -> list[Telling]:
    """Every record of the world in some load, and around it what is wrong for a while or said again."""
    known_since = {record["subscription_id"]: loads for record in world.records["subscriptions.csv"]}
    tellings = mistaken_subscriptions(world, tape.cut(4), loads)
    spurious_tape = tape.cut(24)
    ready = {telling.record["subscription_id"]: telling.load for telling in tellings}
    for file, records in world.records.items():
        for record in records:
            piece = tape.cut(3) if not record.get("user_id", "").startswith("crowd") else Tape(b"")
            earliest = 0
            if file == "subscriptions.csv":
                earliest = min(ready.get(record["subscription_id"], 0), loads - 1)
            elif file == "entitlements.csv":
                earliest = known_since[record["subscription_id"]]
            load = earliest if file in FIRST_FILES else earliest + piece.take(loads - earliest)
            if file == "subscriptions.csv":
                known_since[record["subscription_id"]] = min(known_since[record["subscription_id"]], load)
            tellings += tell(file, record, piece, load, loads)
    return tellings + spurious(world, spurious_tape, loads, known_since)


def tell(file: str, record: Record, tape: Tape, load: int, loads: int) -> list[Telling]:
    """One record: once, repeated, or wrong first (in the same file or a load before)."""
    way = tape.take(8)
    again = load + tape.take(loads - load)
    right = Telling(load, file, record)
    if way == 1:
        return [right, Telling(again, file, record)]
    if way in (2, 3):
        wrong = record | mistake(file, record)
        return [Telling(load, file, wrong), Telling(again, file, record)]
    if way == 4 and file == "entitlements.csv":
        return wrong_from(record, load, again)
    if way == 5 and file in ("activity.csv", "coverage.csv"):
        return [right, Telling(load, file, record | {RETRACT: "true"}), Telling(again, file, record)]
    return [right]


def mistake(file: str, record: Record) -> Record:
    """Other content of the same key that is valid beside everything else."""
    if file == "entitlements.csv":
        next_day = date.fromisoformat(record["from"]) + timedelta(days=1)
        return {"state": BLOCKED[0] if record["state"] == "entitled" else "entitled", "to": next_day.isoformat()}
    if file == "relationships.csv":
        return {"to": (date.fromisoformat(record["from"]) + timedelta(days=1)).isoformat()}
    if file == "skus.csv" and NEW_CODES & {record["family"], *record["workloads"].split(";")}:
        return {"name": "Misspelt"}
    wrong: dict[str, Record] = {
        "subscriptions.csv": {"status": "disabled", "quantity": "77", "term_end": "2020-01-01", "auto_renew": "true"},
        "customers.csv": {"name": "Misspelt", "segment": "smb"},
        "partners.csv": {"name": "Misspelt"},
        "skus.csv": {"name": "Misspelt", "workloads": "SFB;PROPLUS", "family": "crm"},
        "support_cases.csv": {"kind": "other"},
        "satisfaction.csv": {"score": "1"},
    }
    return wrong.get(file, {})


def wrong_from(record: Record, load: int, again: int) -> list[Telling]:
    """A period with a wrong `from`: retracted and stated anew in one file, in which the order doesn't matter."""
    start = date.fromisoformat(record["from"]) + timedelta(days=1)
    if (record["to"] and date.fromisoformat(record["to"]) <= start) or again == load:
        return [Telling(load, "entitlements.csv", record)]
    wrong = record | {"from": start.isoformat()}
    first = Telling(load, "entitlements.csv", wrong)
    return [first, *(Telling(again, "entitlements.csv", each) for each in (wrong | {RETRACT: "true"}, record))]


# --- what was never true -------------------------------------------------------------------------------------------


def spurious(world: World, tape: Tape, loads: int, known_since: dict[str, int]) -> list[Telling]:
    """Records that are stated and later retracted, before anything else of their keys."""
    tellings: list[Telling] = []
    for file, record, earliest in spurious_records(world, known_since):
        piece = tape.cut(3)
        taken = (file, *key_of(file, record)) in world.keys
        if piece.take(3) == 1 and not taken and earliest < loads:
            load = earliest + piece.take(loads - earliest)
            until = load + piece.take(loads - load)
            blank = {column.name: "" for column in FILES[file] if not column.key}
            tellings += [Telling(load, file, record), Telling(until, file, record | blank | {RETRACT: "true"})]
    return tellings


def spurious_records(world: World, known_since: dict[str, int]) -> list[tuple[str, Record, int]]:
    """(file, record, first load in which it may be stated)."""
    version = world.records["subscriptions.csv"][0]
    sub = version["subscription_id"]
    day, old = world.past(-3).isoformat(), world.day(-500).isoformat()
    to_old = world.day(-490).isoformat()
    activity = {"customer_id": version["customer_id"], "user_id": "ann", "service": "YAM", "day": day}
    period = {"subscription_id": sub, "user_id": "ann", "from": old, "state": "entitled", "to": to_old}
    ghost = {"subscription_id": "Ghost", "user_id": "bob", "from": day, "state": "entitled", "to": ""}
    related = {"partner_id": PARTNERS[1], "customer_id": CUSTOMERS[0], "from": world.day(-999).isoformat()}
    return [
        ("subscriptions.csv", version | {"effective_on": day, "status": "grace"}, known_since[sub]),
        ("entitlements.csv", period, known_since[sub]),
        ("entitlements.csv", ghost | {"subscription_id": sub, "user_id": "nobody"}, known_since[sub]),
        ("activity.csv", activity, 0),
        ("activity.csv", activity | {"user_id": "nobody", "service": "EXO"}, 0),
        ("coverage.csv", {key: activity[key] for key in ("customer_id", "service", "day")}, 0),
        ("coverage.csv", {"customer_id": CUSTOMERS[0], "service": "*", "day": day}, 0),
        ("relationships.csv", related | {"to": world.day(-998).isoformat()}, 0),
    ]


def mistaken_subscriptions(world: World, tape: Tape, loads: int) -> list[Telling]:
    """The first subscription stated for a wrong customer and seller, with periods, then retracted: the periods go
    with it, and the id is stated anew. The last telling of it is the load from which the id is free again."""
    if loads < 3 or tape.take(3) != 1:
        return []
    version = world.records["subscriptions.csv"][0]
    customer = next(each for each in reversed(CUSTOMERS) if (("customers.csv", each) in world.keys))
    seller = "external" if version["seller"] != "external" else PARTNERS[1]
    wrong = version | {"customer_id": customer, "seller": seller}
    period = {"subscription_id": version["subscription_id"], "user_id": "bob", "state": "entitled", "to": ""}
    retract = wrong | {RETRACT: "true", "status": "???", "quantity": ""}
    return [
        Telling(0, "subscriptions.csv", wrong),
        Telling(0, "entitlements.csv", period | {"from": version["effective_on"]}),
        Telling(1, "subscriptions.csv", retract),
        Telling(2, "subscriptions.csv", version),
    ]
