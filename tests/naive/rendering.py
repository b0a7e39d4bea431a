"""Plain records to the text of a feed file: plainly, or spelled and laid out in every other way that means the same."""

import csv
import io
from random import Random

from tests.naive import values
from tests.naive.lines import FILES
from tests.naive.worlds import Record

RETRACT = "retract"


def render(file: str, records: list[Record], random: Random | None, leave_out: frozenset[str] = frozenset()) -> str:
    """The CSV text. `leave_out`: optional columns that the file does without. random None: the plainest way."""
    columns = [column.name for column in FILES[file] if column.name not in leave_out]
    if any(record.get(RETRACT) for record in records):
        columns.append(RETRACT)
    if random is None:
        return written(columns, [[record.get(column, "") for column in columns] for record in records])
    random.shuffle(columns)
    rows = [respelled(file, columns, {RETRACT: random.choice(("", "false"))} | record, random) for record in records]
    if random.random() < 0.3:
        place = random.randint(0, len(columns))
        columns.insert(place, "Remark")
        for row in rows:
            row.insert(place, "of no interest")
    return laid_out(columns, rows, random)


def written(columns: list[str], rows: list[list[str]], quoting: int = csv.QUOTE_MINIMAL, newline: str = "\n") -> str:
    """A header and rows as CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=quoting, lineterminator=newline)  # type: ignore[arg-type]
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def laid_out(columns: list[str], rows: list[list[str]], random: Random) -> str:
    """Byte-order mark, CRLF, quotes, column names in another case, lines of nothing but white space."""
    columns = [random.choice((name, name, name.upper(), f" {name}\u00a0")) for name in columns]
    quoting = random.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    newline = random.choice(("\n", "\r\n"))
    text = written(columns, rows, quoting, newline)
    if random.random() < 0.3:
        text += random.choice((newline, f"  \t{newline}", f"\u00a0{newline}{newline}"))
    return random.choice(("", "\ufeff")) + text


def respelled(file: str, columns: list[str], record: Record, random: Random) -> list[str]:
    """The cells of a record, each in some spelling that means the same."""
    parsers = {column.name: column.parse for column in FILES[file]}
    if random.random() < 0.4:
        return [record.get(column, "") for column in columns]
    return [padded(respell(file, parsers.get(name), record.get(name, ""), random), random) for name in columns]


def padded(cell: str, random: Random) -> str:
    """White space around a value is dropped."""
    return cell if random.random() < 0.8 else random.choice((f" {cell}", f"{cell} ", f"\u00a0{cell}\u2003"))


def respell(file: str, parse: object, cell: str, random: Random) -> str:
    """Another spelling of one cell, by the kind of its column. A new code of skus.csv is written in one way only."""
    if not cell or random.random() < 0.5:
        return cell
    if values.guid_or_none(cell) and parse in (values.guid, values.opaque, values.seller):
        return respell_guid(cell, random)
    if parse is values.service and cell in ("SPO", "ODB"):
        return random.choice(("SPO", "ODB", "odb", "Spo"))
    if parse is values.quantity:
        return f"00{cell}"
    if parse is values.unit_price:
        return f"{cell}0" if "." in cell else f"{cell}.00"
    exact = parse in (values.text, values.comment, values.day, values.score)
    return cell if exact or file == "skus.csv" else respell_case(cell, random)


def respell_guid(cell: str, random: Random) -> str:
    """Dashes or none, braces or none, upper or lower case."""
    guid = values.guid(cell)
    bare = random.choice((guid, guid.replace("-", "")))
    return random.choice((bare, bare.upper(), f"{{{bare}}}", f"{{{bare.upper()}}}"))


def respell_case(cell: str, random: Random) -> str:
    """Another case that folds to the same."""
    other = random.choice((cell.upper(), cell.lower(), cell.title(), cell.casefold()))
    return other if other.casefold() == cell.casefold() else cell
