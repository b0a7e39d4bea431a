"""What a file of a feed is: its columns, and the steps that bring it in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from customers.feed.context import FileContext
from customers.feed.reader import CsvFile
from customers.feed.rows import stage
from customers.feed.spec import Column


@dataclass(frozen=True)
class FileKind:
    """One file of a feed.

    `stage` reads its lines into `feed_line`, `find` settles which of them are bad and which hold, `merge` writes what
    holds to the facts and counts it. `partner_may_lack`: the columns that a partner's file may lack. `held` yields, once it is
    merged, the lines that hold and the customers (keys, null: unknown) that they are about: an undo of an earlier load replays
    them, so that they must say all there is to say; nothing where the file's facts are kept and undone in another way.
    """

    name: str
    columns: tuple[Column, ...]
    find: Callable[[FileContext], None]
    merge: Callable[[FileContext], None]
    retractable: bool = True
    operator_only: bool = False
    partner_may_lack: frozenset[str] = frozenset()
    stage: Callable[[FileContext, CsvFile, tuple[Column, ...]], None] = stage
    held: str | None = "SELECT line, customer_id FROM feed_effective"
