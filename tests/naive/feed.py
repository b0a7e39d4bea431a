"""Loading a feed into naive facts, exactly by feed.md, with a report of every file."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.naive import checks
from tests.naive.lines import FILES, Line, ParsedFile, parse_file
from tests.naive.state import OPERATOR, Key, State, covers

OPERATORS_FILES = ("partners.csv", "skus.csv", "relationships.csv")


@dataclass
class FileReport:
    """What became of one file.

    outcome: "loaded", "refused" or "not reached". Counts are of distinct keys by their effective line; `refused` counts
    bad lines. bad: (line, column, value) of each bad line, its first problem in the table's column order (None, None: a
    wrong number of fields); problems: all of them by line. rejected: the bad lines' fields as written.
    """

    name: str
    outcome: str
    fault: str = ""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    retracted: int = 0
    refused: int = 0
    skipped: int = 0
    bad: list[tuple[int, str | None, str | None]] = field(default_factory=list)
    problems: dict[int, list[tuple[str | None, str | None]]] = field(default_factory=dict)
    rejected: list[list[str]] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """new, changed, unchanged, retracted, refused, skipped."""
        names = ("new", "changed", "unchanged", "retracted", "refused", "skipped")
        return {name: getattr(self, name) for name in names}


@dataclass
class Report:
    """The files of a feed in load order."""

    files: list[FileReport] = field(default_factory=list)

    def __getitem__(self, name: str) -> FileReport:
        return next(each for each in self.files if each.name == name)

    @property
    def exit_status(self) -> int:
        """feed.md, Loading: 1 whenever anything was refused."""
        return int(any(each.outcome == "refused" or each.refused for each in self.files))

    @property
    def clean(self) -> bool:
        """Every file was loaded and no line refused."""
        return self.exit_status == 0


class Facts(State):
    """All facts stated so far. Loads feeds with the operator's rights or a partner's."""

    def load(
        self,
        files: dict[str, str | bytes],
        today: date,
        partner: str | None = None,
        skip_bad: bool = False,
    ) -> Report:
        """feed.md, Loading: files in the order of the table, each as a whole or not at all; the first that is refused
        ends the load. `partner`: GUID or slug; None loads with the operator's rights."""
        actor = self.partner_key(partner) if partner else OPERATOR
        self.today = today
        report = Report()
        ended = False
        for name in FILES:
            if name in files and ended:
                report.files.append(FileReport(name, "not reached"))
            elif name in files:
                report.files.append(self._load_file(name, files[name], actor, today, skip_bad))
                ended = report.files[-1].outcome == "refused"
        return report

    def _load_file(self, file: str, content: str | bytes, actor: str, today: date, skip_bad: bool) -> FileReport:
        if actor != OPERATOR and file in OPERATORS_FILES:
            return FileReport(file, "refused", fault="needs the operator's rights")
        parsed = parse_file(file, content, None if actor == OPERATOR else actor)
        if parsed.fault:
            return FileReport(file, "refused", fault=parsed.fault, unknown_columns=parsed.unknown_columns)
        self._judge(file, parsed, actor, today)
        bad = [line for line in parsed.lines if line.problems]
        refused = bool(bad) and not skip_bad
        report = FileReport(file, "refused" if refused else "loaded", unknown_columns=parsed.unknown_columns)
        self._report_bad(report, file, bad)
        if not refused:
            self._apply(file, parsed, actor, today, report)
        return report

    def _judge(self, file: str, parsed: ParsedFile, actor: str, today: date) -> None:
        """Find every bad line."""
        checker = checks.Checker(self, file, actor, today)
        for line in parsed.lines:
            checker.check(line)
        kept = [line for line in parsed.lines if not line.skipped]
        checks.find_contradictions(self, file, actor, kept, parsed.columns)

    def _report_bad(self, report: FileReport, file: str, bad: list[Line]) -> None:
        rank: dict[str | None, int] = {column.name: place for place, column in enumerate(FILES[file])}
        for line in bad:
            problems = sorted(line.problems, key=lambda problem: rank.get(problem[0], -1))
            report.bad.append((line.number, *problems[0]))
            report.problems[line.number] = problems
            report.rejected.append(line.fields)
        report.refused = len(bad)

    # --- applying ------------------------------------------------------------------------------------------------

    def _apply(self, file: str, parsed: ParsedFile, actor: str, today: date, report: FileReport) -> None:
        """feed.md, Meaning: within a file the last (good) line of a key wins. Each distinct key counts once."""
        effective: dict[Key, Line] = {line.key: line for line in parsed.lines if not line.problems}
        emptied: set[Any] = set()
        for key, line in effective.items():
            if line.skipped:
                report.skipped += 1
            elif line.retract:
                self._retract(file, key, line, actor, report)
                emptied.add(key[0])
            else:
                self._state(file, key, line, actor, parsed.columns, report)
                self._after_stating(file, key, line, actor, today)
        if file == "subscriptions.csv":
            self._forget_periods(emptied - self.subscriptions())
        if file == "relationships.csv":
            self._end_claims()

    def _retract(self, file: str, key: Key, line: Line, actor: str, report: FileReport) -> None:
        """feed.md, Meaning: `true` removes the record of that key; what is unknown is nothing to remove."""
        staters = checks.retracted_staters(self, file, actor, line)
        for stater in staters:
            self.drop(file, key, stater)
        report.retracted += bool(staters)
        report.unchanged += not staters

    def _state(self, file: str, key: Key, line: Line, actor: str, columns: list[str], report: FileReport) -> None:
        """feed.md, Meaning: a new key creates the record, a known one replaces it, the same again changes nothing."""
        staters = checks.replaced_staters(self, file, actor, line)
        content = checks.content_after(self, file, actor, line, columns)
        before = self.stated(file, key)[staters[0]] if staters else None
        if before == content and not self._is_aside(file, key, staters[0], actor):
            report.unchanged += 1
            return
        for stater in staters:
            if stater != actor:
                self.drop(file, key, stater)
        self.put(file, key, actor, content)
        report.new += before is None
        report.changed += before is not None

    def _is_aside(self, file: str, key: Key, stater: str, actor: str) -> bool:
        """Somebody else's version for a customer whose the subscription isn't: who repeats it makes it count."""
        if file != "subscriptions.csv" or stater == actor:
            return False
        return bool(self.stated(file, key)[stater]["customer_id"] != self.customer_of(key[0]))

    def _after_stating(self, file: str, key: Key, line: Line, actor: str, today: date) -> None:
        if file == "skus.csv":
            self.name_family(line.cells["family"])
            for code in line.cells["workloads"].split(";"):
                if code.strip():
                    self.name_workload(code.strip())
        if file == "customers.csv" and actor != OPERATOR:
            self._claim(actor, key[0], today)

    def _forget_periods(self, unknown: set[str]) -> None:
        """feed.md, Meaning: a subscription whose last version is retracted is unknown again, its periods removed."""
        for key in list(self.statements["entitlements.csv"]):
            if key[0] in unknown:
                del self.statements["entitlements.csv"][key]

    # --- claims: feed.md, A partner's feed ------------------------------------------------------------------------

    def _claim(self, partner: str, customer: str, today: date) -> None:
        """A claim from today on; confirmed at once where the installation has a single partner. None where one waits
        or a confirmed relationship covers today. It ends where the next confirmed relationship begins."""
        if self.confirmed_covers(partner, customer, today) or self._claim_waits(partner, customer, today):
            return
        coming = [start for start in self._confirmed_starts(partner, customer) if start > today]
        alone = len(self.statements["partners.csv"]) == 1
        content = {"to": min(coming, default=None), "confirmed": alone}
        self.put("relationships.csv", (partner, customer, today), partner, content)

    def _end_claims(self) -> None:
        """A claim ends where the next confirmed relationship begins, as the facts now are."""
        for (partner, customer, start), stated in self.statements["relationships.csv"].items():
            later = [each for each in self._confirmed_starts(partner, customer) if each > start]
            for content in stated.values():
                if not content["confirmed"]:
                    content["to"] = min(later, default=None)

    def _confirmed_starts(self, partner: str, customer: str) -> list[date]:
        return [
            start
            for (of_partner, with_customer, start), stated in self.statements["relationships.csv"].items()
            if (of_partner, with_customer) == (partner, customer)
            if any(content["confirmed"] for content in stated.values())
        ]

    def _claim_waits(self, partner: str, customer: str, today: date) -> bool:
        """A claim that no confirmed relationship has ended."""
        for (of_partner, with_customer, start), stated in self.statements["relationships.csv"].items():
            claimed = any(not content["confirmed"] for content in stated.values())
            if (of_partner, with_customer) == (partner, customer) and claimed:
                later = [each for each in self._confirmed_starts(partner, customer) if each > start]
                if covers(start, min(later, default=None), today):
                    return True
        return False
