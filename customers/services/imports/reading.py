"""The first half of an import: which file is what, and what stands in it, as lines of a feed's files in a folder."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.imports.folder import FeedFolder, FolderSink
from customers.imports.formats.catalogue import CATALOGUE_FORMAT
from customers.imports.formats.tables import Mapping, fingerprint, headers_of, read_mapped
from customers.imports.reading import About, FileNotTakenError, Sample
from customers.imports.recognise import recognise
from customers.imports.report import VendorFile
from customers.imports.unpack import Member, members
from customers.services.imports.delivery import Delivery

NOT_RECOGNISED = gettext_lazy(
    "This file isn't recognised. Expected a usage report, licences, users or subscriptions of Microsoft Graph or Partner Center, "
    "files of Seatwise's own format, or a table with a header line."
)


@dataclass(frozen=True)
class _Reading:
    delivery: Delivery
    about: About
    folder: FeedFolder


def read_files(delivery: Delivery, about: About, folder: FeedFolder) -> list[VendorFile]:
    """Read everything that is delivered into the folder; what came of each text, in their order."""
    reading = _Reading(delivery, about, folder)
    files: list[VendorFile] = []
    for given in delivery.files:
        try:
            for member in members(given.path, name=given.name):
                files.append(_read(member, len(files), reading))
        except FileNotTakenError as error:
            files.append(VendorFile(given.name or given.path.name, refusal=str(error)))
    folder.close()
    return files


def sample_at(delivery: Delivery, place: int) -> Sample | None:
    """The beginning of the text that stands at this place in the report on a delivery; None: there is none to be read."""
    passed = 0
    for given in delivery.files:
        try:
            for member in members(given.path, name=given.name):
                if passed == place:
                    return member.sample()
                passed += 1
        except FileNotTakenError:
            passed += 1
    return None


def _read(member: Member, place: int, reading: _Reading) -> VendorFile:
    file = VendorFile(member.name)
    sink = reading.folder.sink(place, member.name)
    try:
        _take(member, file, sink, reading)
    except FileNotTakenError as error:
        file.refusal = str(error)
    file.remarks = sink.remarks
    file.lines = reading.folder.end_of_file(place, taken=not file.refusal)
    return file


def _take(member: Member, file: VendorFile, sink: FolderSink, reading: _Reading) -> None:
    """Read one text by its format, or by what is known of a table like it. Raises FileNotTakenError."""
    sample = member.sample()
    reading.delivery.progress(member.name, 0)
    found = recognise(sample)
    if found is None:
        _take_table(member, sample, file, sink, reading)
        return
    file.format = str(found.title)
    if found is CATALOGUE_FORMAT and reading.delivery.stated_by is None:
        _set_aside(member, sink, reading.folder)
        return
    if found.needs_customer and reading.about.customer is None:
        file.needs_customer = True
        raise FileNotTakenError(_("The file doesn't say which customer it is about; choose one."))
    with member.open() as stream:
        found.read(stream, reading.about, sink)


def _take_table(member: Member, sample: Sample, file: VendorFile, sink: FolderSink, reading: _Reading) -> None:
    """Read a table by what somebody said of tables with its header. Raises FileNotTakenError: nobody has, or it is none."""
    headers = headers_of(sample)
    if not headers:
        raise FileNotTakenError(str(NOT_RECOGNISED))
    file.table = fingerprint(headers)
    kept = reading.delivery.mappings.get(file.table)
    if kept is None:
        raise FileNotTakenError(_("It is a table whose columns nobody has explained yet. Say what they mean."))
    file.format = _("A table, by its columns")
    with member.open() as stream:
        read_mapped(stream, Mapping.of_json(kept), reading.about, sink)


def _set_aside(member: Member, sink: FolderSink, folder: FeedFolder) -> None:
    """The catalogue of products is loaded as it is."""
    with member.open() as stream, folder.whole(sink.place).open("wb") as file:
        shutil.copyfileobj(stream, file)
