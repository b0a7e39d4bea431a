"""Reads uploads as an import does, without a database: for processes of their own, whose memory is measured."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

from customers.imports.formats.tables import Cell, Mapping, headers_of, read_mapped
from customers.imports.reading import About, FileNotTakenError, Line
from customers.imports.recognise import recognise
from customers.imports.unpack import Member, members
from tests.customers.imports.gathered import Stock


class Counting:
    """A sink that keeps nothing."""

    def __init__(self) -> None:
        self.added = self.refused = 0

    def add(self, file: str, origin: int, /, **cells: str) -> None:
        self.added += 1

    def add_all(self, file: str, columns: tuple[str, ...], lines: Sequence[Line]) -> None:
        self.added += len(lines)

    def refuse(self, origin: int, *, column: str = "", value: str = "", reason: str) -> None:
        self.refused += 1

    def remark(self, sentence: str) -> None:
        pass


def read_upload(path: Path) -> str:
    """What is said of an upload: of each member, or of the whole."""
    try:
        return " ".join(read_member(member) for member in members(path))
    except FileNotTakenError as error:
        return str(error)


def read_member(member: Member) -> str:
    """Read one text by its format; any other table as holders, by its first two columns."""
    sink = Counting()
    given = About(UUID(int=1), date(2024, 5, 15), UUID(int=2), Stock(), "DE")
    try:
        sample = member.sample()
        found = recognise(sample)
        headers = headers_of(sample)
        with member.open() as stream:
            if found is not None:
                found.read(stream, given, sink)
            elif headers:
                columns = {"user_id": Cell(header=headers[0]), "sku_id": Cell(header=headers[1])}
                read_mapped(stream, Mapping("holders.csv", columns), given, sink)
            else:
                stream.read(1)
                return "Not recognised."
    except FileNotTakenError as error:
        return str(error)
    return f"{sink.added} added, {sink.refused} refused."


def most_megabytes() -> int:
    """The most memory that this process has used; `ru_maxrss` would count what its parent had when it was started."""
    found = re.search(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
    assert found is not None
    return int(found[1]) // 1024


def main() -> None:
    """Print for each path megabytes of memory used at most until then, and what was said of it."""
    for name in sys.argv[1:]:
        said = read_upload(Path(name))
        print(most_megabytes(), said)
