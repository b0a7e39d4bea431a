"""Which of several statements holds: lists of several sources and staters, and single statements."""

from __future__ import annotations

import numpy as np

from customers.held import EVERYBODY, FOR_EVER, SOURCES, Held, Lists, Run, Seen, Source, held, runs

DIRECTORY, REPORT, CONCEALED = Source.DIRECTORY, Source.REPORT, Source.REPORT_CONCEALED


def said(*rows: tuple[Source, int, int, int, int]) -> Held:
    """Of (source, stater, person, first, past)."""
    columns = [
        (1, person, 0, SOURCES.index(source), stater, first, past) for source, stater, person, first, past in rows
    ]
    return Held(*np.array(columns, dtype=np.int64).reshape(-1, 7).T)


def lists_of(*lists: Seen) -> Lists:
    rows = [
        (seen.day, SOURCES.index(seen.source), seen.stater, EVERYBODY if seen.person is None else seen.person)
        for seen in lists
    ]
    return Lists(*np.array(rows, dtype=np.int64).reshape(-1, 4).T)


def spans(result: Held) -> list[tuple[int, int, int]]:
    """Person, first, past."""
    return list(zip(result.person.tolist(), result.first.tolist(), result.past.tolist(), strict=True))


def test_no_list_holds_nothing() -> None:
    assert runs([]) == []


def test_latest_list_holds_and_runs_of_one_series_are_one() -> None:
    lists = [Seen(1, DIRECTORY, 7), Seen(2, DIRECTORY, 7), Seen(3, DIRECTORY, 8), Seen(4, DIRECTORY, 7)]
    assert runs(lists) == [
        Run(DIRECTORY, 7, 1, 3),
        Run(DIRECTORY, 8, 3, 4),
        Run(DIRECTORY, 7, 4, FOR_EVER),
    ]


def test_of_one_day_the_operators_list_holds_then_the_older_partners() -> None:
    assert runs([Seen(1, DIRECTORY, 7), Seen(1, DIRECTORY, 0), Seen(1, DIRECTORY, 8)]) == [
        Run(DIRECTORY, 0, 1, FOR_EVER)
    ]
    assert runs([Seen(1, DIRECTORY, 8), Seen(1, DIRECTORY, 7)]) == [Run(DIRECTORY, 7, 1, FOR_EVER)]


def test_report_holds_only_without_a_directory() -> None:
    assert runs([Seen(1, REPORT, 0), Seen(2, DIRECTORY, 0), Seen(3, REPORT, 0)]) == [
        Run(REPORT, 0, 1, 2),
        Run(DIRECTORY, 0, 2, FOR_EVER),
    ]


def test_concealed_report_holds_until_a_report_has_names_again() -> None:
    lists = [Seen(1, DIRECTORY, 0), Seen(2, CONCEALED, 0), Seen(3, DIRECTORY, 0), Seen(4, REPORT, 0)]
    assert runs(lists) == [
        Run(DIRECTORY, 0, 1, 2),
        Run(CONCEALED, 0, 2, 4),
        Run(DIRECTORY, 0, 4, FOR_EVER),
    ]


def test_statements_are_cut_to_the_days_on_which_their_series_holds() -> None:
    lists = [Seen(1, DIRECTORY, 7), Seen(5, DIRECTORY, 8)]
    rows = said((DIRECTORY, 7, 0, 1, FOR_EVER), (DIRECTORY, 8, 0, 5, 9), (DIRECTORY, 8, 1, 5, FOR_EVER))
    assert spans(held(rows, lists_of(*lists))) == [(0, 1, 5), (0, 5, 9), (1, 5, FOR_EVER)]


def test_list_of_ones_own_goes_before_that_of_everybody_on_its_day() -> None:
    lists = [Seen(1, DIRECTORY, 7), Seen(5, DIRECTORY, 7), Seen(5, DIRECTORY, 8, person=0)]
    rows = said((DIRECTORY, 7, 0, 1, FOR_EVER), (DIRECTORY, 7, 1, 1, FOR_EVER))
    assert spans(held(rows, lists_of(*lists))) == [(0, 1, 5), (1, 1, FOR_EVER)]


def test_single_statement_goes_before_lists_and_the_operators_before_a_partners() -> None:
    rows = said(
        (DIRECTORY, 0, 0, 1, FOR_EVER),
        (Source.STATED, 7, 0, 3, 9),
        (Source.STATED, 0, 0, 5, 6),
        (DIRECTORY, 0, 1, 1, 2),
    )
    result = held(rows, lists_of(Seen(1, DIRECTORY, 0)))
    assert spans(result) == [(0, 1, 3), (0, 3, 5), (0, 5, 6), (0, 6, 9), (0, 9, FOR_EVER), (1, 1, 2)]
    assert result.stater.tolist() == [0, 7, 0, 7, 0, 0]


def test_nothing_said_is_nothing_held() -> None:
    assert spans(held(said(), lists_of(Seen(1, DIRECTORY, 0)))) == []
