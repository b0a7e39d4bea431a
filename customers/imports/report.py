"""What came of an import, and how it is told: on the page, on the command line, and as it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.imports.folder import RefusedRecord

MOST_REFUSED = 100
MOST_CUSTOMERS = 50
COUNTS = ("new", "changed", "unchanged", "retracted", "refused", "skipped")


@dataclass
class VendorFile:
    """One file as it was delivered: what it was recognised as, and what was read from it.

    `refusal`: why nothing is taken from it. `table`: it is one whose columns a person can say the meaning of, under the
    fingerprint of its header. `needs_customer`: it doesn't say which customer it is about, and nobody else has.
    """

    name: str
    format: str = ""
    refusal: str = ""
    remarks: list[str] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    """How many lines of which of a feed's files were read from it."""
    refused: int = 0
    table: str = ""
    needs_customer: bool = False


@dataclass
class Brought:
    """What one of a feed's files brought, from these vendor files (their places in the report)."""

    name: str
    files: list[int]
    refusal: str = ""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    retracted: int = 0
    refused: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        said = _(
            "%(new)d new, %(changed)d changed, %(unchanged)d unchanged, %(retracted)d retracted, %(refused)d refused"
        ) % vars(self)
        if self.skipped:
            said += ", " + _("%(skipped)d skipped as older than the retention limit") % {"skipped": self.skipped}
        return said


@dataclass(frozen=True)
class Figures:
    """The headline of one customer as of a day: all sellers, all families, any workload. A percentage may be missing."""

    sold: int = 0
    assigned: int = 0
    deployment_pct: float | None = None
    usage_pct: float | None = None


@dataclass(frozen=True)
class FiguresChange:
    """What an import makes of a customer's figures."""

    customer_id: str
    name: str
    before: Figures
    after: Figures

    @property
    def weight(self) -> float:
        """How much it changes: for the order in which customers are shown."""
        pairs = zip(asdict(self.before).values(), asdict(self.after).values(), strict=True)
        return sum(abs((after or 0) - (before or 0)) for before, after in pairs)


@dataclass
class ImportReport:
    """What came of an import, or would come of it.

    `refused` counts records, `first` has the first of them; `customers` counts those whose figures change, `figures` has
    what becomes of some, as of `day`. `applied` says whether it happened.
    """

    files: list[VendorFile] = field(default_factory=list)
    brought: list[Brought] = field(default_factory=list)
    refused: int = 0
    first: list[RefusedRecord] = field(default_factory=list)
    customers: int = 0
    day: str = ""
    figures: list[FiguresChange] = field(default_factory=list)
    claims_waiting: int = 0
    applied: bool = False
    load: int | None = None

    @property
    def faultless(self) -> bool:
        """Whether everything that was delivered was taken."""
        return not self.refused and self.has_records and not any(self.refusals())

    @property
    def has_records(self) -> bool:
        """Whether there is anything that could be applied."""
        return any(brought.new + brought.changed + brought.unchanged + brought.retracted for brought in self.brought)

    def total(self, count: str) -> int:
        """One of COUNTS over all files."""
        return sum(getattr(brought, count) for brought in self.brought)

    def refusals(self) -> Iterator[str]:
        """Why vendor files, or what they brought, were refused as a whole."""
        yield from (f"{file.name}: {file.refusal}" for file in self.files if file.refusal)
        yield from (f"{brought.name}: {brought.refusal}" for brought in self.brought if brought.refusal)

    def lines(self) -> Iterator[str]:
        """The report in words, line by line."""
        for file in self.files:
            yield from _file_lines(file)
        yield from (f"{brought.name}: {brought.refusal or f'{brought}.'}" for brought in self.brought)
        yield from _figure_lines(self)
        yield from (str(record) for record in self.first)
        if self.refused > len(self.first):
            yield _("… and %(count)d refused records more.") % {"count": self.refused - len(self.first)}
        if self.claims_waiting:
            yield ngettext(
                "%(count)d claim of a customer waits for the operator.",
                "%(count)d claims of customers wait for the operator.",
                self.claims_waiting,
            ) % {"count": self.claims_waiting}
        yield self.outcome()

    def outcome(self) -> str:
        """The last word."""
        if self.applied:
            return _("Imported.") if self.faultless else _("Imported, without the refused records.")
        return _("Nothing was imported.")

    def as_kept(self) -> dict[str, Any]:
        """As the database's JSON knows it."""
        return _storable(asdict(self))

    @classmethod
    def of_kept(cls, kept: dict[str, Any]) -> ImportReport:
        """What `as_kept` made."""
        figures = [
            FiguresChange(each["customer_id"], each["name"], Figures(**each["before"]), Figures(**each["after"]))
            for each in kept["figures"]
        ]
        more = {
            "files": [VendorFile(**each) for each in kept["files"]],
            "brought": [Brought(**each) for each in kept["brought"]],
            "first": [RefusedRecord(**each) for each in kept["first"]],
            "figures": figures,
        }
        return cls(**kept | more)


def _file_lines(file: VendorFile) -> Iterator[str]:
    if file.refusal:
        yield f"{file.name}: " + _("refused. %(reason)s") % {"reason": file.refusal}
    else:
        read = ", ".join(f"{name} {count}" for name, count in file.lines.items()) or _("nothing")
        yield f"{file.name}: " + _("%(format)s. Read: %(read)s.") % {"format": file.format, "read": read}
    yield from (f"{file.name}: {remark}" for remark in file.remarks)


def _figure_lines(report: ImportReport) -> Iterator[str]:
    if report.customers:
        yield ngettext(
            "The figures of %(count)d customer change.", "The figures of %(count)d customers change.", report.customers
        ) % {"count": report.customers}
    for each in report.figures:
        pairs = [
            f"{name} {_shown(getattr(each.before, name))} → {_shown(getattr(each.after, name))}"
            for name in asdict(each.before)
        ]
        yield _("%(name)s as of %(day)s: %(figures)s") % {
            "name": each.name,
            "day": report.day,
            "figures": ", ".join(pairs),
        }


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def _storable(value: Any) -> Any:
    """The same without NUL and what else is no text."""
    if isinstance(value, str):
        return value.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
    if isinstance(value, dict):
        return {_storable(key): _storable(each) for key, each in value.items()}
    return [_storable(each) for each in value] if isinstance(value, list | tuple) else value
