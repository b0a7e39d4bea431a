"""How long to wait: the vendor's word in all its forms, and the back-off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from customers.connections.waiting import LONGEST_RETRY_AFTER, Patience, jittered, retry_after

NOW = datetime(2026, 3, 10, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("57", 57.0),
        ("2.128", 2.128),
        (" 3 ", 3.0),
        ("0", 0.0),
        ("-5", 0.0),
        ("Tue, 10 Mar 2026 12:00:30 GMT", 30.0),
        ("Tue, 10 Mar 2026 11:00:00 GMT", 0.0),
        ("Tue, 10 Mar 2026 13:01:00 +0100", 60.0),
        ("1e300", LONGEST_RETRY_AFTER),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
    ],
)
def test_retry_after_is_read_in_all_its_forms(text: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": text}, NOW) == seconds


def test_retry_after_that_is_missing_is_none() -> None:
    assert retry_after({}, NOW) is None
    assert retry_after({"Retry-After": (NOW + timedelta(seconds=5)).isoformat()}, NOW) is None


def test_back_off_doubles_and_half_of_it_is_chance() -> None:
    least, most = Patience(chance=lambda: 0.0), Patience(chance=lambda: 1.0)
    assert [least.back_off(attempt) for attempt in range(4)] == [0.5, 1.0, 2.0, 4.0]
    assert [most.back_off(attempt) for attempt in range(4)] == [1.0, 2.0, 4.0, 8.0]
    assert jittered(60.0, 0.5) == 45.0
