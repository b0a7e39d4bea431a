"""What came of a load, and how it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.feed.context import Counts
from customers.feed.faults import SENTENCES, Fault

MOST_BAD_LINES = 100
LONGEST_VALUE = 60


@dataclass(frozen=True)
class BadRecord:
    """One bad line: where it begins, and what is wrong with which value."""

    file: str
    line: int
    column: str | None
    value: str
    fault: Fault
    expected: str = ""

    @property
    def sentence(self) -> str:
        """What is wrong, and what was expected."""
        value = self.value if self.fault is Fault.FIELDS else shortened(self.value)
        return str(SENTENCES[self.fault]) % {"value": value, "expected": self.expected}

    def __str__(self) -> str:
        if self.column is None:
            place = _("%(file)s, line %(line)d") % {"file": self.file, "line": self.line}
        else:
            place = _("%(file)s, line %(line)d, column %(column)s") % {
                "file": self.file,
                "line": self.line,
                "column": self.column,
            }
        return f"{place}: {self.sentence}"


@dataclass
class FileReport:
    """What came of one file. `refusal` says why it was refused as a whole; `rejected` is where its bad lines went."""

    name: str
    loaded: bool = False
    refusal: str = ""
    counts: Counts = field(default_factory=Counts)
    bad: list[BadRecord] = field(default_factory=list)
    unknown_columns: tuple[str, ...] = ()
    rejected: str = ""
    claims_waiting: int = 0


@dataclass
class FeedReport:
    """What came of a load: its files in their order, files that are no part of a feed, and files not reached.

    `names` are those of all files that a feed may have.
    """

    files: list[FileReport] = field(default_factory=list)
    unknown_files: list[str] = field(default_factory=list)
    not_reached: list[str] = field(default_factory=list)
    claims_waiting: int = 0
    names: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether anything was refused: a line, a file, or a feed without a file."""
        nothing = not self.files and not self.not_reached
        return nothing or any(not file.loaded or file.counts.refused for file in self.files)

    def bad(self) -> list[BadRecord]:
        """The first bad lines of all files together, at most MOST_BAD_LINES."""
        return [record for file in self.files for record in file.bad][:MOST_BAD_LINES]

    def faults(self) -> Iterator[str]:
        """Of the report what is at fault: files refused as a whole, and bad lines."""
        yield from (f"{file.name}: {file.refusal}" for file in self.files if file.refusal)
        yield from (str(record) for record in self.bad())

    def lines(self) -> Iterator[str]:
        """The report in words, line by line."""
        for file in self.files:
            yield from _file_lines(file)
        yield from (str(record) for record in self.bad())
        total = sum(file.counts.refused for file in self.files)
        if total > len(self.bad()):
            yield _("… and %(count)d bad lines more.") % {"count": total - len(self.bad())}
        if self.claims_waiting:
            yield _claims_waiting(self.claims_waiting)
        if self.unknown_files:
            yield _("No files of a feed, and not read: %(files)s.") % {"files": ", ".join(self.unknown_files)}
        if self.not_reached:
            yield _("Not reached: %(files)s.") % {"files": ", ".join(self.not_reached)}
        if not self.files and not self.not_reached:
            yield _("There is no file of a feed; expected one or more of %(files)s.") % {"files": ", ".join(self.names)}


def _file_lines(file: FileReport) -> Iterator[str]:
    counts = file.counts
    numbers = _(
        "%(new)d new, %(changed)d changed, %(unchanged)d unchanged, %(retracted)d retracted, %(refused)d refused"
    ) % vars(counts)
    if counts.skipped:
        numbers += ", " + _("%(skipped)d skipped as older than the retention limit") % {"skipped": counts.skipped}
    outcome = _("loaded") if file.loaded else _("refused")
    yield f"{file.name}: {outcome}. " + (file.refusal or f"{numbers}.")
    if file.unknown_columns:
        yield _("%(file)s: unknown columns, not read: %(columns)s.") % {
            "file": file.name,
            "columns": ", ".join(file.unknown_columns),
        }
    if file.rejected:
        yield _("%(file)s: the refused lines are in %(path)s.") % {"file": file.name, "path": file.rejected}
    if file.claims_waiting:
        yield _claims_waiting(file.claims_waiting)


def _claims_waiting(count: int) -> str:
    return ngettext(
        "%(count)d claim of a customer waits for the operator.",
        "%(count)d claims of customers wait for the operator.",
        count,
    ) % {"count": count}


def shortened(value: str) -> str:
    """A value as a sentence shows it: quoted, on one line, cut where it is long."""
    if len(value) > LONGEST_VALUE:
        value = value[: LONGEST_VALUE - 1] + "…"
    cleaned = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in value)
    return f"“{cleaned}”"
