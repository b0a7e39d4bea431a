"""The generated histories against the naive reading itself: valid, told otherwise the same, sums that must hold."""

from datetime import date

from hypothesis import HealthCheck, given, settings

from tests.naive.feed import Facts
from tests.naive.lines import FILES
from tests.naive.metrics import explain, insights, portfolio
from tests.naive.strategies import DirtyFeeds, Feed, History, dirty_feeds, histories, partner_feeds

TODAY = date(2026, 6, 30)
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def loaded(feeds: list[Feed]) -> Facts:
    facts = Facts()
    for feed in feeds:
        report = facts.load(feed, TODAY)
        assert report.clean, [(each.name, each.fault, each.bad) for each in report.files]
    return facts


@SLOW
@given(histories(TODAY, variants=2))
def test_variants_state_the_same_facts(history: History) -> None:
    plain = loaded(history.feeds).snapshot()
    for variant in history.variants:
        assert loaded(variant).snapshot() == plain


@SLOW
@given(histories(TODAY, variants=0))
def test_rows_hold_together(history: History) -> None:
    facts = loaded(history.feeds)
    history.switches.apply(facts)
    for day in history.days:
        for seller in ("all", "us"):
            for by in ("sku", "family", "all"):
                rows = insights(facts, history.partners[0], day, by, seller)
                for row in rows:
                    parts = [row[f"active_{each}"] for each in ("current", "former", "lapsed", "trial", "unlicensed")]
                    assert row["active"] == sum(parts)
                    assert row["unassigned"] - row["overassigned"] == row["entitlements"] - row["assigned"]
                    assert 0 <= row["covered_days"] <= 28
                    assert row["active"] == 0 or row["covered_days"] > 0
                totals = portfolio(facts, history.partners[0], day, by, seller)
                assert sum(total["active"] for total in totals) == sum(row["active"] for row in rows)


@SLOW
@given(histories(TODAY, variants=0, asked=2))
def test_lists_are_as_long_as_the_counts(history: History) -> None:
    facts = loaded(history.feeds)
    counts = [
        "assigned",
        "active",
        "active_current",
        "active_former",
        "active_lapsed",
        "active_trial",
        "active_unlicensed",
    ]
    for row in insights(facts, history.partners[0], history.days[-1], "family", "all"):
        about = (row["customer_id"], row["family"], row["workload"])
        for count in (*counts, "idle", "users", "active_users"):
            behind = explain(facts, history.partners[0], history.days[-1], "family", "all", *about, count)
            assert len(behind) == row[count]


@SLOW
@given(dirty_feeds(TODAY))
def test_dirt_is_refused_or_skipped(dirty: DirtyFeeds) -> None:
    facts = loaded(dirty.before)
    known = facts.snapshot()
    report = facts.load(dirty.dirty, TODAY, skip_bad=True)
    if not dirty.broken:
        assert all(each.outcome == "loaded" for each in report.files)
        good = {each.name: each.rejected for each in report.files}
        assert sum(len(rows) for rows in good.values()) == sum(each.refused for each in report.files)
    whole = Facts()
    for feed in dirty.before:
        whole.load(feed, TODAY)
    assert whole.snapshot() == known
    strict = whole.load(dirty.dirty, TODAY)
    assert strict.clean == (report.clean and not dirty.broken)


@SLOW
@given(partner_feeds(TODAY))
def test_partner_changes_nothing_of_others(dirty: DirtyFeeds) -> None:
    facts = loaded(dirty.before)
    before = facts.snapshot()
    facts.load(dirty.dirty, TODAY, partner=dirty.slugs[0], skip_bad=True)
    after = facts.snapshot()
    for file in FILES:
        for key, stated in before[file].items():
            assert {who: after[file][key][who] for who in stated} == stated
    assert after["catalogue"] == before["catalogue"]
