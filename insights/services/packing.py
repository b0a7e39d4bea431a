"""Packs computed rows for storing: a partner's own row that is the same as that of all sellers isn't stored twice.

Most customers buy from one seller, so this halves what is stored.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from insights.engine.rows import ALL, KEY, ROW
from insights.selectors.stored import STORED_ROW

_KEY_BUT_SELLER = tuple(name for name in KEY if name != "seller")
MOST_CODES = 2**63 - 1
_ALL_BUT_SELLER = tuple(name for name in ROW.names or () if name != "seller")


def packed(rows: np.ndarray) -> np.ndarray:
    """Computed rows (`engine.rows.ROW`) as they are stored (`STORED_ROW`)."""
    stored = np.zeros(len(rows), dtype=STORED_ROW)
    for name in ROW.names or ():
        stored[name] = rows[name]
    own = rows["seller"] != ALL
    index, same = match(rows[own], rows[~own], key=_KEY_BUT_SELLER, equal=_ALL_BUT_SELLER)
    index, first = np.unique(np.where(same, index, -1), return_index=True)
    index, first = index[index >= 0], first[index >= 0]
    of_all, of_own = np.flatnonzero(~own), np.flatnonzero(own)
    stored["own_of"][of_all[index]] = rows["seller"][of_own[first]]
    return np.delete(stored, of_own[first])


def match(
    rows: np.ndarray, others: np.ndarray, *, key: Sequence[str], equal: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """For each of `rows` the index of the one of `others` with its `key`, and whether they agree in all of `equal`.

    Keys are unique among `others`; where there is none, the index means nothing and nothing agrees.
    """
    if not len(others) or not len(rows):
        return np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=bool)
    codes = _codes([np.concatenate([rows[name], others[name]]) for name in key])
    order = np.argsort(codes[len(rows) :], kind="stable")  # rows come by key: sorted already, as a rule
    places = np.searchsorted(codes[len(rows) :], codes[: len(rows)], sorter=order)
    index = order[np.minimum(places, len(others) - 1)]
    agrees = np.ones(len(rows), dtype=bool)
    for name in equal:
        agrees &= rows[name] == others[name][index]
    return index, agrees


def _codes(columns: Sequence[np.ndarray]) -> np.ndarray:
    """One number per row, the same for equal rows only, and ascending with the columns."""
    lowest = [int(column.min()) for column in columns]
    spans = [int(column.max()) - low + 1 for column, low in zip(columns, lowest, strict=True)]
    if math.prod(spans) > MOST_CODES:
        return _ranks(columns)
    codes = np.zeros(len(columns[0]), dtype=np.int64)
    for column, low, span in zip(columns, lowest, spans, strict=True):
        codes = codes * span + (column - low)
    return codes


def _ranks(columns: Sequence[np.ndarray]) -> np.ndarray:
    """The same where the values are too far apart to be the digits of one number; slower."""
    ranks = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        values, rank = np.unique(column, return_inverse=True)
        ranks = np.unique(ranks * len(values) + rank, return_inverse=True)[1]
    return ranks
