"""Two partners that share a customer, and a way to load and undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from customers.models import Load
from customers.services.undo import UndoReport, undo
from partners.models import Staff
from tests.customers.feed.conftest import Feeds
from tests.customers.installation import Installation, make_installation


@dataclass
class Undoer:
    """An installation whose loads can be undone."""

    installation: Installation

    def load(self, files: Mapping[str, str], *, partner: str | None = None) -> Load:
        """Load these files, all of which are taken; their load."""
        report = self.installation.feeds.load(files, partner=partner)
        assert not report.refused, list(report.lines())
        return Load.objects.latest("pk")

    def undo(self, load: Load, *, actor: Staff | None = None) -> UndoReport:
        """Undo it, as the operator unless said otherwise."""
        return undo(actor=actor, load=load, reason="Wrong file")


@pytest.fixture
def undoer(db: None, tmp_path: Path) -> Undoer:
    return Undoer(make_installation(tmp_path))


@pytest.fixture
def feeds(db: None, tmp_path: Path) -> Feeds:
    return Feeds(tmp_path)
