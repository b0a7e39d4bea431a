"""Bands of 20 % into which customers fall by a percentage. Pure, no ORM.

A band ends with its upper edge included, so that 100 % is in the last one up to 100. Whoever has no figure is in a band of
its own: the numbers of all bands add up to all customers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NO_FIGURE = "none"


@dataclass(frozen=True, slots=True)
class Band:
    """Customers above `above` per cent and up to `upto`; no edges: those without a figure."""

    code: str
    """In an address."""
    above: int | None = None
    """None: from 0 on, 0 included."""
    upto: int | None = None
    """None: no end."""


def _bands(edges: tuple[int, ...]) -> tuple[Band, ...]:
    within = [Band(f"{below or 0}-{edge}", below, edge) for below, edge in zip((None, *edges[:-1]), edges, strict=True)]
    return (*within, Band(f"over-{edges[-1]}", edges[-1]), Band(NO_FIGURE))


BANDS = _bands((20, 40, 60, 80, 100))
BANDS_ABOVE = _bands((100, 120, 140, 160, 180, 200))
"""The same for what lies above 100 %."""


def bands_of(part: np.ndarray, whole: np.ndarray, bands: tuple[Band, ...]) -> np.ndarray:
    """[n] the place of each row's band among `bands`, exactly: by whole numbers, never by a rounded percentage."""
    edges = [band.upto for band in bands if band.upto is not None]
    places = np.sum([100 * part > edge * whole for edge in edges], axis=0)
    return np.where(whole == 0, len(bands) - 1, places)
