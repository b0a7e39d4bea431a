"""What an import is asked to bring in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from customers.clock import today as this_day
from partners.models import Partner

Progress = Callable[[str, int], None]
"""Hears what is being read or loaded, and how many lines of it so far."""


@dataclass(frozen=True)
class Given:
    """A file, a zip or a workbook that somebody delivers, and what it is called (default: as it is stored)."""

    path: Path
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """Files, with whose rights they are brought in, and what they may not say themselves.

    `stated_by`: the partner (None: the operator). `customer` (its tenant id) and `day` (default: today, UTC) are those of files that
    don't say; `country` that of new customers whose list doesn't. With `skip_bad` what is good is taken though something is
    refused. `mappings` say what the columns of tables mean, by the fingerprints of their headers, as `Mapping.as_json` writes
    them. `source` names the delivery; `rejected` is the file into which all refused records are written.
    """

    stated_by: Partner | None
    files: Sequence[Given]
    customer: UUID | None = None
    day: date | None = None
    country: str = ""
    skip_bad: bool = False
    mappings: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    rejected: Path | None = None
    today: date = field(default_factory=this_day)
    progress: Progress = lambda _name, _lines: None

    @property
    def called(self) -> str:
        """The name of the load."""
        return self.source or ", ".join(given.name or given.path.name for given in self.files)
