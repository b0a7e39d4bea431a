"""Hypothesis strategies: whole small histories of feeds, and feeds with every kind of bad line among good ones."""

from dataclasses import dataclass
from datetime import date

from hypothesis import strategies as st

from tests.naive.arrangements import ARRANGEMENT_BYTES, Feed, arranged, plain_feed
from tests.naive.dirt import DIRT_BYTES, Soiled, soiled
from tests.naive.feed import Facts
from tests.naive.tape import Tape
from tests.naive.worlds import OFF_FAMILY, PARTNERS, WORLD_BYTES, World, build, days_worth_asking


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

    def __repr__(self) -> str:
        parts = [f"today {self.today}, asked {[day.isoformat() for day in self.days]}, {self.switches}"]
        for name, feeds in [("feeds", self.feeds), *(("variant", variant) for variant in self.variants)]:
            for number, feed in enumerate(feeds):
                parts += [f"--- {name} {number} {file}\n{text!s}" for file, text in feed.items()]
        return "\n".join(parts)


def some_days(tape: Tape, world: World, asked: int) -> list[date]:
    """The anchor and some of the days worth asking, in order."""
    every = days_worth_asking(world)
    near = [day for day in every if abs((day - world.anchor).days) <= 2]
    picks = {min(world.anchor, world.today)}
    for _ in range(asked - 1):
        days = near if tape.take(2) and near else every
        picks.add(days[tape.take(256) % len(days)])
    return sorted(picks)


@st.composite
def histories(draw: st.DrawFn, today: date, variants: int = 1, asked: int = 4) -> History:
    """A whole small history. `variants`: how many other tellings; `asked`: at most so many days to ask about."""
    world = build(draw(st.binary(min_size=WORLD_BYTES, max_size=WORLD_BYTES)), today)
    size = ARRANGEMENT_BYTES
    tellings = [arranged(world, draw(st.binary(min_size=size, max_size=size))) for _ in range(variants)]
    tape = Tape(draw(st.binary(min_size=16, max_size=16)))
    switches = SWITCHES[tape.take(6)] if tape.chance(4) else AT_FIRST
    days = some_days(tape, world, asked)
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


@st.composite
def dirty_feeds(draw: st.DrawFn, today: date, asked: int = 3) -> DirtyFeeds:
    """Good lines mixed with bad ones of every kind of feed.md."""
    world = build(draw(st.binary(min_size=WORLD_BYTES, max_size=WORLD_BYTES)), today)
    made: Soiled = soiled(world, draw(st.binary(min_size=DIRT_BYTES, max_size=DIRT_BYTES)))
    tape = Tape(draw(st.binary(min_size=16, max_size=16)))
    return DirtyFeeds(today, made.before, made.dirty, made.kinds, made.broken, some_days(tape, world, asked))
