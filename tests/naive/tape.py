"""A tape of drawn bytes from which a history is derived: zeros are the simplest choices, so that it shrinks well."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Tape:
    """Reads decisions off a piece of bytes; past its end everything is 0."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, limit: int) -> int:
        """A number in 0 .. limit - 1."""
        byte = self.data[self.at] if self.at < len(self.data) else 0
        self.at += 1
        return byte % limit

    def pick(self, choices: Sequence[T]) -> T:
        """One of them; the first is the simplest."""
        return choices[self.take(len(choices))]

    def chance(self, one_in: int) -> bool:
        """True once in so many."""
        return self.take(one_in) == one_in - 1

    def cut(self, size: int) -> "Tape":
        """The next bytes as a tape of their own, so that what one thing reads doesn't move what another reads."""
        piece = Tape(self.data[self.at : self.at + size])
        self.at += size
        return piece

    def random(self) -> Random | None:
        """A generator of less telling choices (spelling, order of lines); None: leave all as plain as it is."""
        seed = self.take(256) * 256 + self.take(256)
        return Random(seed) if seed else None
