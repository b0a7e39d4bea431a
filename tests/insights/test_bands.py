"""Into which band a percentage falls: exactly, by whole numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.bands import BANDS, BANDS_ABOVE, bands_of


def code(part: int, whole: int, bands: tuple = BANDS) -> str:
    return bands[int(bands_of(np.array([part]), np.array([whole]), bands)[0])].code


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (0, 0, "none"),
        (5, 0, "none"),
        (0, 7, "0-20"),
        (1, 5, "0-20"),
        (201, 1000, "20-40"),
        (2, 5, "20-40"),
        (99_999, 100_000, "80-100"),
        (7, 7, "80-100"),
        (100_001, 100_000, "over-100"),
    ],
)
def test_upper_edge_belongs_to_a_band(part: int, whole: int, expected: str) -> None:
    assert code(part, whole) == expected


def test_bands_above_100() -> None:
    assert [code(part, 100, BANDS_ABOVE) for part in (100, 101, 120, 121, 200, 201)] == [
        *("0-100", "100-120", "100-120", "120-140", "180-200", "over-200"),
    ]


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9))))
def test_numbers_of_bands_add_up(pairs: list[tuple[int, int]]) -> None:
    part, whole = (np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True)) if pairs else ([], [])
    if not pairs:
        return
    places = bands_of(part, whole, BANDS)
    assert np.bincount(places, minlength=len(BANDS)).sum() == len(pairs)
    assert ((places == len(BANDS) - 1) == (whole == 0)).all()
