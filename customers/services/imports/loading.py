"""The second half of an import: the folder of a feed's files that readers made is loaded, in the caller's transaction."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from django.utils import timezone

from customers.catalogue.vendor import CatalogueError
from customers.feed.claims import waiting_claims
from customers.feed.files.order import IMPORT_FILES
from customers.feed.kind import FileKind
from customers.feed.report import BadRecord
from customers.feed.source import Source
from customers.imports.folder import FeedFolder, Part, RefusedRecord
from customers.imports.report import Brought, ImportReport
from customers.models import Load
from customers.services.catalogue import load_catalogue
from customers.services.feed import Loading, load_file
from customers.services.finishing import finish
from customers.services.imports.delivery import Delivery


@dataclass(frozen=True)
class FolderLoading:
    """One import's folder on its way into the facts, as one load; what comes of it goes into the report. Unless it `stays` it is a preview."""

    load: Load
    delivery: Delivery
    folder: FeedFolder
    report: ImportReport
    stays: bool = True

    def run(self) -> None:
        """Load every file of the folder, in their order. Only inside a transaction."""
        for place, path in self.folder.wholes.items():
            self._load_catalogue(place, path)
        for kind in IMPORT_FILES:
            for part in self.folder.of_kind(kind.name):
                self._load(kind, part)
        finish(load=self.load.pk, today=self.delivery.today)
        if self.delivery.stated_by is None:
            self.report.claims_waiting = waiting_claims(self.delivery.today)
        Load.objects.filter(pk=self.load.pk).update(finished_at=timezone.now())

    def _load_catalogue(self, place: int, path: Path) -> None:
        """The vendor's catalogue, a load of its own."""
        brought = Brought("skus.csv", [place])
        self.report.brought.append(brought)
        try:
            loaded = load_catalogue(source=path, name=self.report.files[place].name)
        except CatalogueError as error:
            brought.refusal = str(error)
        else:
            brought.new, brought.changed, brought.unchanged = loaded.new, len(loaded.changes), loaded.unchanged

    def _load(self, kind: FileKind, part: Part) -> None:
        loading = Loading(
            source=Source({kind.name: partial(part.path.open, "rb")}, ()),
            load=self.load,
            stated_by=self.delivery.stated_by,
            today=self.delivery.today,
            rejected=self.folder.path,
            progress=self.delivery.progress,
            take_bad=partial(self._refuse, part),
            stays=self.stays,
        )
        loaded = load_file(loading, kind)
        self.report.brought.append(Brought(part.name, sorted(part.lines), loaded.refusal, **asdict(loaded.counts)))
        self.report.claims_waiting += loaded.claims_waiting

    def _refuse(self, part: Part, bad: BadRecord) -> None:
        """A line of the folder is bad: the vendor's record that it came from is refused."""
        origin = part.origin(bad.line)
        name = self.report.files[origin.file].name
        record = RefusedRecord(name, origin.line, bad.column or "", bad.value, bad.sentence)
        self.folder.refused.add(origin.file, record)
