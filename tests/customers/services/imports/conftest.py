"""A small world, and a way to import files into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from customers.imports.report import ImportReport
from customers.services.imports import Delivery, Given, apply, preview
from insights.selectors.headline import headline
from partners.models import Partner
from tests.customers.feed.conftest import TODAY, Feeds, feeds, world

__all__ = ["feeds", "world"]


@dataclass
class Imports:
    """Writes vendors' files below `folder` and imports them."""

    feeds: Feeds
    folder: Path

    def delivery(self, files: Mapping[str, str | bytes], *, partner: str | None = None, **more: Any) -> Delivery:
        given = []
        for number, (name, text) in zip(count(), files.items(), strict=False):
            path = self.folder / f"{len(list(self.folder.iterdir()))}-{number}"
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            given.append(Given(path, name))
        stated_by = None if partner is None else Partner.objects.get(slug=partner)
        return Delivery(**{"stated_by": stated_by, "files": given, "today": TODAY} | more)

    def apply(self, files: Mapping[str, str | bytes], **more: Any) -> ImportReport:
        """Bring them in."""
        return apply(actor=None, delivery=self.delivery(files, **more))

    def preview(self, files: Mapping[str, str | bytes], **more: Any) -> ImportReport:
        """See what would come of it."""
        return preview(delivery=self.delivery(files, **more), measure=headline)


@pytest.fixture
def imports(world: Feeds, tmp_path: Path) -> Imports:
    folder = tmp_path / "vendor"
    folder.mkdir()
    return Imports(world, folder)
