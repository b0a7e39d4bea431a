"""Feeds in which every kind of bad line of feed.md stands among good ones."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.naive import values
from tests.naive.arrangements import Feed, mistake
from tests.naive.checks import first_kept_day
from tests.naive.lines import FILES, NEVER_RETRACTED, Column
from tests.naive.rendering import RETRACT, written
from tests.naive.tape import Tape
from tests.naive.worlds import CUSTOMERS, PARTNERS, Record, World

DIRT_BYTES = 480
NOBODY = "9" * 32
EMPTY = ("",)
BAD_GUIDS = (
    *EMPTY,
    "nobody",
    "9" * 31,
    "{" + NOBODY,
    NOBODY + "}",
    f"{{{{{NOBODY}}}}}",
    "(" + NOBODY + ")",
    "9" * 8 + "-" + "9" * 24,
)
BAD_DAYS = (
    *EMPTY,
    "2026-02-30",
    "20260101",
    "2026-1-1",
    "2026/01/01",
    "01-01-2026",
    "2026-01-01T00:00",
    "٢٠٢٦-٠١-٠١",
    "today",
    "0000-01-01",
)
BAD_NUMBERS = (*EMPTY, "-1", "+1", "1.0", "1e3", "2147483648", "９", "1 000", "many", "99999999999999999999")
BAD_WORDS = (*EMPTY, "no such word", "activ", "yes")
BAD_CELLS: dict[Callable[[str], Any], tuple[str, ...]] = {
    values.guid: (*BAD_GUIDS, NOBODY),
    values.seller: (*BAD_GUIDS, NOBODY, "internal"),
    values.day: BAD_DAYS,
    values.boolean: (*EMPTY, "yes", "1", "t"),
    values.quantity: BAD_NUMBERS,
    values.score: (*EMPTY, "0", "6", "3.0", "-1", "five"),
    values.unit_price: ("-1", "1,5", "1.23456", "1.2.3", "1e3", "free"),
    values.country: (*EMPTY, "ITA", "I", "1T", "ZZ"),
    values.currency: ("EU", "EURO", "€"),
    values.opaque: (*EMPTY, "x" * 257),
    values.text: (*EMPTY, "x" * 257),
    values.comment: ("x" * 10_001,),
    values.code: (*EMPTY, "x" * 65),
    values.service: (*EMPTY, "NOPE", "x" * 65, "ANY SERVICE"),
    values.workloads: ("EXO;" + "x" * 65,),
}


Soiling = Callable[[World, str, Record, Tape], tuple[str, Record]]


@dataclass
class Soiled:
    """Good feeds first, then the dirty one, what was done to it, and whether a file of it is bad as a whole."""

    before: list[Feed] = field(default_factory=list)
    dirty: Feed = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)
    broken: bool = False


def soiled(world: World, data: bytes) -> Soiled:
    """Part of the world is loaded before, cleanly; the rest, and some of it again, comes between bad lines."""
    tape = Tape(data)
    made = Soiled()
    everything_first = tape.take(2) == 0
    before: Feed = {}
    for file, records in world.records.items():
        base = records if everything_first else first_half(world, file)
        if base:
            before[file] = written_records(file, base)
        soil_file(world, file, [record for record in records if record not in base], tape.cut(40), made)
    made.before = [before]
    if tape.chance(10) and made.dirty:
        break_file(tape, made)
    return made


def first_half(world: World, file: str) -> list[Record]:
    """What is loaded before the dirty feed: of what others refer to, all; no period without its subscription."""
    records = world.records[file]
    if file in ("partners.csv", "customers.csv", "skus.csv"):
        return records
    if file == "entitlements.csv":
        known = {record["subscription_id"] for record in first_half(world, "subscriptions.csv")}
        records = [record for record in records if record["subscription_id"] in known]
    return records[: (len(records) + 1) // 2]


def written_records(file: str, records: list[Record]) -> str:
    """A plain file."""
    columns = [column.name for column in FILES[file]]
    return written(columns, [[record[column] for column in columns] for record in records])


def soil_file(world: World, file: str, rest: list[Record], tape: Tape, made: Soiled) -> None:
    """One file of the dirty feed: the rest of its records, and up to six lines that are bad, or contradict, or not."""
    columns = [column.name for column in FILES[file]] + [RETRACT]
    rows = [[record.get(column, "") for column in columns] for record in rest]
    left_out = left_out_of_sales(file, tape)
    soilings = [soiling for soiling in SOILINGS if soiling is not left_out]
    for _ in range(tape.take(7)) if world.records[file] else ():
        piece = tape.cut(6)
        base = world.records[file][piece.take(256) % len(world.records[file])]
        kind, record = piece.pick(soilings)(world, file, base, piece)
        row = [record.get(column, "") for column in columns]
        if kind == "fields":
            row = row[:-1] if piece.take(2) else [*row, "one more"]
        rows.insert(piece.take(256) % (len(rows) + 1), row)
        made.kinds.append(f"{file}: {kind}")
    if rows:
        made.dirty[file] = written(columns, rows)


def left_out_of_sales(file: str, tape: Tape) -> Soiling | None:
    """One file of subscriptions either retracts versions or changes sales: both at once is no plain contradiction."""
    return tape.pick((retracted, contradicting)) if file == "subscriptions.csv" else None


# --- what is done to a line: each gives a name and the record ------------------------------------------------------


def bad_cell(_: World, file: str, base: Record, tape: Tape) -> tuple[str, Record]:
    """A cell that is empty, doesn't parse, is too long, not in its list, or names what is unknown."""
    column = tape.pick(FILES[file])
    return f"{column.name}", base | {column.name: tape.pick(bad_cells(file, column))}


def bad_cells(file: str, column: Column) -> tuple[str, ...]:
    """The bad cells of a column; an empty one is bad only where it must not be empty."""
    known: dict[str, tuple[str, ...]] = {
        "seller": BAD_CELLS[values.seller],
        "subscription_id": ("", "no such", "x" * 257),
    }
    cells = known.get(column.name) or BAD_CELLS.get(column.parse, BAD_WORDS)
    if file == "activity.csv" and column.name == "service":
        cells = (*cells, "*")
    return tuple(cell for cell in cells if cell or not (column.optional or column.may_be_empty)) or ("",)


def fields(_: World, _file: str, base: Record, _tape: Tape) -> tuple[str, Record]:
    """A wrong number of fields."""
    return "fields", base


def changed(_: World, file: str, base: Record, _tape: Tape) -> tuple[str, Record]:
    """A good line that replaces what is known, or an earlier line."""
    wrong = {"workloads": base["workloads"], "family": base["family"]} if file == "skus.csv" else {}
    return "changed", base | mistake(file, base) | wrong


def again(_: World, _file: str, base: Record, _tape: Tape) -> tuple[str, Record]:
    """The same once more."""
    return "again", base


def retracted(_: World, file: str, base: Record, tape: Tape) -> tuple[str, Record]:
    """A retract line: good, of something unknown, or with a key that doesn't parse; other cells are not read."""
    junk = {column.name: tape.pick(("", "junk")) for column in FILES[file] if not column.key}
    keys = [column for column in FILES[file] if column.key]
    way, column = tape.take(4), tape.pick(keys)
    if way == 1:
        return "retract bad key", base | junk | {RETRACT: "true", column.name: tape.pick(bad_cells(file, column))}
    if way == 2:
        return "retract as", base | {RETRACT: tape.pick(("yes", "1", "false", "FALSE"))}
    if way == 3 and "service" in base:
        return "retract service", base | {RETRACT: "true", "service": tape.pick(("NOPE", "*"))}
    return "retract", base | (junk if file not in NEVER_RETRACTED else {}) | {RETRACT: "True"}


def contradicting(world: World, file: str, base: Record, tape: Tape) -> tuple[str, Record]:
    """An overlap, a change of customer or seller, `to` not after `from`, a day after today or before the limit."""
    if file in ("entitlements.csv", "relationships.csv"):
        return shifted(base, tape)
    if file == "subscriptions.csv":
        start = date.fromisoformat(base["effective_on"]) + timedelta(days=1 + tape.take(2))
        other = tape.pick(
            ({"seller": "external"}, {"seller": PARTNERS[1]}, {"customer_id": CUSTOMERS[1]}, {"seller": PARTNERS[0]})
        )
        return "sale changes", base | {"effective_on": start.isoformat()} | other
    if file in ("activity.csv", "coverage.csv"):
        limit = first_kept_day(world.today)
        day, tomorrow = timedelta(days=1), world.today + timedelta(days=1)
        return "day", base | {"day": tape.pick((tomorrow, limit - day, limit, world.today)).isoformat()}
    return "again", base


def shifted(base: Record, tape: Tape) -> tuple[str, Record]:
    """A period near another: overlapping, adjacent, or of no length."""
    start = date.fromisoformat(base["from"])
    offset, length = tape.pick((1, -1, -2, 2, -10, 10)), tape.pick((1, 3, 20, 0, -1, None))
    start += timedelta(days=offset)
    end = "" if length is None else (start + timedelta(days=length)).isoformat()
    return "overlap", base | {"from": start.isoformat(), "to": end}


SOILINGS: tuple[Soiling, ...] = (
    bad_cell, bad_cell, bad_cell, contradicting, contradicting, contradicting, changed, again, retracted, fields
)  # fmt: skip


def break_file(tape: Tape, made: Soiled) -> None:
    """One file becomes bad as a whole: no header line, a missing column, a column twice."""
    file = tape.pick(sorted(made.dirty))
    text = str(made.dirty[file])
    first = FILES[file][0].name
    way = tape.take(4)
    broken = ("", "\n \n", text.replace(first, "other", 1), text.replace(f",{RETRACT}", f",{first.upper()}", 1))
    made.dirty[file] = broken[way]
    made.kinds.append(f"{file}: broken {way}")
    made.broken = True
