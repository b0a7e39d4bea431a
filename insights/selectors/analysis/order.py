"""How tables of own subscriptions are sorted by names."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def ranks(keys: np.ndarray, names: Mapping[int, str]) -> np.ndarray:
    """[n] float: the alphabetical rank of what each key is called, whatever its case; of no name the last."""
    rank = {key: place for place, key in enumerate(sorted(names, key=lambda key: (names[key].casefold(), key)))}
    return np.array([rank.get(key, len(rank)) for key in keys.tolist()], dtype=float)
