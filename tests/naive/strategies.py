"""Hypothesis strategies: whole small histories of feeds, and feeds with every kind of bad line among good ones."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.naive.arrangements import ARRANGEMENT_BYTES, Feed, arranged, plain_feed
from tests.naive.dirt import DIRT_BYTES, soiled
from tests.naive.feed import OPERATORS_FILES, Facts
from tests.naive.tape import Tape
from tests.naive.worlds import OFF_FAMILY, PARTNERS, WORLD_BYTES, World, build, days_worth_asking

CHOICE_BYTES = 16


@dataclass(frozen=True)
class Switches:
    """The catalogue's switches to set after the first load: families that are on, workloads flagged with a family."""

    families_on: frozenset[str] = frozenset({"o365", "crm"})
    flagged: tuple[tuple[str, str], ...] = (("YAM", "o365"),)

    def apply(self, facts: Facts) -> None:
        """Set them in naive facts (a code that isn't there is left out)."""
        for code, family in facts.families.items():
            family.on = code in self.families_on
        flagged = {code.casefold(): family for code, family in self.flagged}
        for code, workload in facts.workloads.items():
            workload.flagged_family = flagged.get(code)


AT_FIRST = Switches()
SWITCHES = (
    AT_FIRST,
    Switches(families_on=frozenset({"o365", "crm", OFF_FAMILY})),
    Switches(flagged=(("YAM", "o365"), ("CRM", "crm"))),
    Switches(flagged=(("YAM", "o365"), ("TEAMS", "o365"), ("EXO", "crm"))),
    Switches(families_on=frozenset({"crm"})),
    Switches(flagged=()),
)


@dataclass
class History:
    """feeds: everything plainly; variants: the same facts told otherwise (each a list of feeds, to be loaded in order
    into an empty installation); days: some as-of days worth asking, all_days: every one; partners: GUIDs and slugs."""

    today: date
    feeds: list[Feed]
    variants: list[list[Feed]]
    days: list[date]
    all_days: list[date]
    switches: Switches
    partners: tuple[str, ...] = PARTNERS
    slugs: tuple[str, ...] = ("us", "other")

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """How Hypothesis prints it."""
        printer.text("..." if cycle else told([("feeds", self.feeds), *(("variant", each) for each in self.variants)]))
        printer.text(f"\ntoday {self.today}, asked {[day.isoformat() for day in self.days]}, {self.switches}")


def told(tellings: list[tuple[str, list[Feed]]]) -> str:
    """Feeds as a person reads them."""
    files = [
        f"\n--- {name}[{number}] {file}\n{text!s}"
        for name, feeds in tellings
        for number, feed in enumerate(feeds)
        for file, text in feed.items()
    ]
    return "".join(files)


def some_days(tape: Tape, world: World, asked: int) -> list[date]:
    """The anchor and some of the days worth asking, in order."""
    every = days_worth_asking(world)
    near = [day for day in every if abs((day - world.anchor).days) <= 2]
    picks = {min(world.anchor, world.today)}
    for _ in range(asked - 1):
        days = near if tape.take(2) and near else every
        picks.add(days[tape.take(256) % len(days)])
    return sorted(picks)


def pieces_of(draw: st.DrawFn, *sizes: int) -> list[bytes]:
    """Pieces of these sizes out of one draw: of several draws Hypothesis would repeat and blank most."""
    tape = Tape(draw(st.binary(min_size=sum(sizes), max_size=sum(sizes))))
    return [tape.cut(size).data for size in sizes]


@st.composite
def histories(draw: st.DrawFn, today: date, variants: int = 1, asked: int = 4) -> History:
    """A whole small history. `variants`: how many other tellings; `asked`: at most so many days to ask about."""
    choices, facts, *orders = pieces_of(draw, CHOICE_BYTES, WORLD_BYTES, *[ARRANGEMENT_BYTES] * variants)
    tape, world = Tape(choices), build(facts, today)
    switches = SWITCHES[tape.take(6)] if tape.chance(4) else AT_FIRST
    days = some_days(tape, world, asked)
    tellings = [arranged(world, order) for order in orders]
    return History(today, [plain_feed(world)], tellings, days, days_worth_asking(world), switches)


@dataclass
class DirtyFeeds:
    """before: good feeds to load first; dirty: a feed with bad lines, for --skip-bad (refused without); kinds: what was
    done to it; days, partners and slugs as in History. broken: a file of it is bad as a whole, which ends the load."""

    today: date
    before: list[Feed]
    dirty: Feed
    kinds: list[str]
    broken: bool
    days: list[date]
    partners: tuple[str, ...] = PARTNERS
    slugs: tuple[str, ...] = ("us", "other")

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """How Hypothesis prints it."""
        printer.text("..." if cycle else told([("before", self.before), ("dirty", [self.dirty])]))
        printer.text(f"\ntoday {self.today}, asked {[day.isoformat() for day in self.days]}, {self.kinds}")


@st.composite
def dirty_feeds(draw: st.DrawFn, today: date, asked: int = 3) -> DirtyFeeds:
    """Good lines mixed with bad ones of every kind of feed.md."""
    choices, facts, dirt = pieces_of(draw, CHOICE_BYTES, WORLD_BYTES, DIRT_BYTES)
    world = build(facts, today)
    made = soiled(world, dirt)
    days = some_days(Tape(choices), world, asked)
    return DirtyFeeds(today, made.before, made.dirty, made.kinds, made.broken, days)


@st.composite
def partner_feeds(draw: st.DrawFn, today: date, asked: int = 3) -> DirtyFeeds:
    """The same for --partner: the operator's feeds before, then a dirty feed to be loaded as `slugs[0]`."""
    made = draw(dirty_feeds(today, asked))
    made.dirty = {file: text for file, text in made.dirty.items() if file not in OPERATORS_FILES}
    return made
