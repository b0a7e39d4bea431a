"""Gathers what a reader finds in a million rows, to hand it over some thousands of lines at a time."""

from __future__ import annotations

from customers.imports.reading import Line, Sink

AT_ONCE = 2_000
"""So many lines or rows are handed over together."""


class Lines:
    """Lines of a feed's files, in their order, on their way to a sink."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._waiting: dict[tuple[str, tuple[str, ...]], list[Line]] = {}

    def of(self, file: str, *columns: str) -> list[Line]:
        """Where to put lines of `file` with these columns: each its origin, and its cells in the order of the columns."""
        return self._waiting.setdefault((file, columns), [])

    def hand_over(self) -> None:
        """Give the sink what has been put there."""
        for (file, columns), lines in self._waiting.items():
            if lines:
                self._sink.add_all(file, columns, lines)
                lines.clear()
