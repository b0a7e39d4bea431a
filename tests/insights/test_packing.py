"""Keys of rows are matched however far apart their values lie."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.services.packing import match

NEAR = st.integers(0, 3)
FAR = st.integers(0, 3) | st.sampled_from([2**40, 2**62])


def _table(rows: list[tuple[int, int, int]]) -> np.ndarray:
    return np.array([(*row, 7) for row in rows], dtype=[("a", "i8"), ("b", "i8"), ("c", "i8"), ("count", "i8")])


@pytest.mark.parametrize("numbers", [NEAR, FAR], ids=["near", "far"])
def test_match_finds_the_row_of_the_same_key(numbers: st.SearchStrategy[int]) -> None:
    keys = st.lists(st.tuples(numbers, numbers, numbers), unique=True, min_size=1, max_size=20)

    @given(rows=keys, others=keys)
    def agrees_with_looking_through_all(rows: list[tuple[int, int, int]], others: list[tuple[int, int, int]]) -> None:
        index, equal = match(_table(rows), _table(others), key=("a", "b", "c"), equal=("a", "b", "c", "count"))
        places = {key: place for place, key in enumerate(others)}
        assert equal.tolist() == [key in places for key in rows]
        assert [place for place, found in zip(index.tolist(), equal, strict=True) if found] == [
            places[key] for key in rows if key in places
        ]

    agrees_with_looking_through_all()
