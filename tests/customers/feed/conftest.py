"""A folder to write feeds into, and a small world that most feeds speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path

import pytest

from customers.feed.report import FeedReport
from customers.services.feed import load_feed
from partners.models import Partner

TODAY = date(2026, 11, 20)
ALPHA = "aaaaaaaa-0000-0000-0000-000000000001"
BETA = "bbbbbbbb-0000-0000-0000-000000000002"
FABRIKAM = "cccccccc-0000-0000-0000-000000000001"
CONTOSO = "cccccccc-0000-0000-0000-000000000002"
TAILSPIN = "cccccccc-0000-0000-0000-000000000003"
E3 = "eeeeeeee-0000-0000-0000-000000000003"

WORLD = {
    "partners.csv": f"partner_id,name,slug\n{ALPHA},Alpha,alpha\n{BETA},Beta,beta\n",
    "customers.csv": "customer_id,name,domain,country\n"
    f"{FABRIKAM},Fabrikam,fabrikam.com,IT\n{CONTOSO},Contoso,contoso.com,ES\n{TAILSPIN},Tailspin,tailspin.com,SE\n",
    "relationships.csv": "partner_id,customer_id,from,to\n"
    f"{ALPHA},{FABRIKAM},2026-01-01,\n{BETA},{FABRIKAM},2026-01-01,\n{BETA},{CONTOSO},2026-01-01,\n",
    "skus.csv": f"sku_id,part_number,name,family,workloads\n{E3},TESTPACK,Test E3,o365,EXO;SPO;TEAMS;YAM\n",
}
SUBSCRIPTIONS = "subscription_id,effective_on,customer_id,seller,sku_id,status,quantity,is_trial\n"


def version(
    key: str, *, day: str = "2026-01-01", customer: str = FABRIKAM, seller: str = ALPHA, quantity: int = 5
) -> str:
    """One line of subscriptions.csv."""
    return f"{key},{day},{customer},{seller},{E3},active,{quantity},false\n"


@dataclass
class Feeds:
    """Writes feeds into new folders below `folder` and loads them."""

    folder: Path
    numbers: count = field(default_factory=count)

    @property
    def rejected(self) -> Path:
        return self.folder / "rejected"

    def write(self, files: Mapping[str, str | bytes]) -> Path:
        """A folder with these files."""
        source = self.folder / f"feed{next(self.numbers)}"
        source.mkdir()
        for name, text in files.items():
            (source / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return source

    def load(
        self,
        files: Mapping[str, str | bytes],
        *,
        partner: str | None = None,
        skip_bad: bool = False,
        today: date = TODAY,
    ) -> FeedReport:
        """Load these files, with the rights of the partner with this slug or of the operator."""
        return self.load_from(self.write(files), partner=partner, skip_bad=skip_bad, today=today)

    def load_from(
        self, source: Path, *, partner: str | None = None, skip_bad: bool = False, today: date = TODAY
    ) -> FeedReport:
        """The same for a folder that is there."""
        self.rejected.mkdir(exist_ok=True)
        stated_by = None if partner is None else Partner.objects.get(slug=partner)
        return load_feed(source=source, stated_by=stated_by, skip_bad=skip_bad, rejected=self.rejected, today=today)

    def counts(self, name: str, text: str | bytes, **options: object) -> tuple[int, int, int, int, int]:
        """Load one file that loads; how many records were new, changed, unchanged, retracted and refused."""
        report = self.load({name: text}, **options)
        assert report.files[0].loaded, list(report.lines())
        counts = report.files[0].counts
        return (counts.new, counts.changed, counts.unchanged, counts.retracted, counts.refused)

    def faults(self, name: str, text: str | bytes, **options: object) -> list[str]:
        """Load one file; the sentences on its bad lines."""
        return [str(record) for record in self.load({name: text}, **options).bad()]

    def refusal(self, name: str, text: str | bytes, **options: object) -> str:
        """Load one file that is refused as a whole; why."""
        [file] = self.load({name: text}, **options).files
        assert not file.loaded
        return file.refusal


@pytest.fixture
def feeds(db: None, tmp_path: Path) -> Feeds:
    return Feeds(tmp_path)


@pytest.fixture
def world(feeds: Feeds) -> Feeds:
    """Feeds in an installation with Alpha and Beta; both serve Fabrikam, Beta serves Contoso, nobody Tailspin."""
    report = feeds.load(WORLD)
    assert not report.refused, list(report.lines())
    return feeds
