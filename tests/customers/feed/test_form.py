"""The form of files: header lines, bytes, zips, and what a file is refused for as a whole."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from customers.feed.source import FeedError
from customers.models import CustomerProfile, Load, LoadedFile, Sku
from customers.services.feed import load_feed
from partners.models import Partner
from tests.customers.feed.conftest import ALPHA, BETA, FABRIKAM, WORLD, Feeds

CUSTOMERS = "customer_id,name,domain,country,segment\n"
NO_HEADER = (
    "The file has no header line; expected one with the columns partner_id, name, slug, separated by commas, in UTF-8."
)


def test_columns_stand_in_any_order_and_case(world: Feeds) -> None:
    text = f"Country, NAME ,customer_ID,\u00a0domain\nit,F2,{FABRIKAM.upper()},f.com\n"
    assert world.counts("customers.csv", text) == (0, 1, 0, 0, 0)
    assert list(CustomerProfile.objects.filter(name="F2").values_list("domain", "country")) == [("f.com", "IT")]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_byte_order_mark_and_line_ends_are_fine(feeds: Feeds, newline: str) -> None:
    text = "\ufeff" + WORLD["partners.csv"].replace("\n", newline) + newline + " \u00a0\t" + newline
    assert feeds.counts("partners.csv", text) == (2, 0, 0, 0, 0)
    assert feeds.counts("partners.csv", text.rstrip()) == (0, 0, 2, 0, 0)


def test_quoted_line_breaks_belong_to_the_value(feeds: Feeds) -> None:
    text = f'partner_id,name,slug\n{ALPHA},"Al\npha, ""the"" first",alpha\nbad,x,y\n'
    assert feeds.load({"partners.csv": text}, skip_bad=True).bad()[0].line == 4
    assert Partner.objects.get().name == 'Al\npha, "the" first'


def test_white_space_around_values_is_dropped(feeds: Feeds) -> None:
    assert feeds.counts("partners.csv", f"partner_id,name,slug\n\t{ALPHA} ,\u00a0Alpha\u3000,alpha \n") == (
        1,
        0,
        0,
        0,
        0,
    )
    assert Partner.objects.values_list("name", "slug").get() == ("Alpha", "alpha")


@pytest.mark.parametrize(
    "form", [ALPHA.upper(), ALPHA.replace("-", ""), "{" + ALPHA + "}", "{" + ALPHA.replace("-", "").upper() + "}"]
)
def test_guid_has_many_forms(world: Feeds, form: str) -> None:
    assert world.counts("partners.csv", f"partner_id,name,slug\n{form},Alpha,alpha\n") == (0, 0, 1, 0, 0)


@pytest.mark.parametrize(
    "form",
    [
        ALPHA[:-1],
        ALPHA + "0",
        "{" + ALPHA,
        ALPHA + "}",
        "{{" + ALPHA + "}}",
        "{ " + ALPHA + "}",
        ALPHA.replace("-", "", 1),
        "urn:uuid:" + ALPHA,
        "(" + ALPHA + ")",
        "ａ" + ALPHA[1:],
    ],
)
def test_guid_has_no_other_form(world: Feeds, form: str) -> None:
    assert len(world.faults("partners.csv", f"partner_id,name,slug\n{form},Alpha,alpha\n")) == 1


def test_missing_optional_column_leaves_what_is_stored(world: Feeds) -> None:
    line = f"{FABRIKAM},Fabrikam,fabrikam.com,IT"
    assert world.counts("customers.csv", CUSTOMERS + line + ",big\n") == (0, 1, 0, 0, 0)
    assert world.counts("customers.csv", CUSTOMERS.replace(",segment", "") + line + "\n") == (0, 0, 1, 0, 0)
    assert CustomerProfile.objects.get(name="Fabrikam").segment == "big"
    assert world.counts("customers.csv", CUSTOMERS + line + ", \n") == (0, 1, 0, 0, 0)
    assert CustomerProfile.objects.get(name="Fabrikam").segment == ""


def test_last_line_of_a_key_wins(world: Feeds) -> None:
    lines = [f"{FABRIKAM},{name},fabrikam.com,IT,\n" for name in ("One", "Two")]
    assert world.counts("customers.csv", CUSTOMERS + "".join(lines)) == (0, 1, 0, 0, 0)
    assert CustomerProfile.objects.filter(name__in=["One", "Two"]).values_list("name", flat=True).get() == "Two"


def test_unknown_columns_and_files_are_named(world: Feeds) -> None:
    text = f"customer_id,name,domain,country,Colour,Size\n{FABRIKAM},Fabrikam,fabrikam.com,IT,red,9\n"
    report = world.load({"customers.csv": text, "notes.txt": "hello"})
    assert list(report.lines()) == [
        "customers.csv: loaded. 0 new, 0 changed, 1 unchanged, 0 retracted, 0 refused.",
        "customers.csv: unknown columns, not read: Colour, Size.",
        "No files of a feed, and not read: notes.txt.",
    ]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "The file has no header line; expected one that names the columns, separated by commas, in UTF-8."),
        (" \n\n", "The file has no header line; expected one that names the columns, separated by commas, in UTF-8."),
        ('"a\n', "The file has no header line; expected one that names the columns, separated by commas, in UTF-8."),
        (f"{ALPHA},Alpha,a\n", NO_HEADER),
        ("partner_id;name;slug\n", NO_HEADER),
        ("partner_id,name,slug\n".encode("utf-16"), NO_HEADER),
        ("partner_id,name,slug,, \n", "The header line has 2 columns without a name; expected a name for each."),
        ("partner_id,name\n", "The header line lacks a column: slug."),
        ("partner_id,name,slug,NAME\n", "The header line names a column twice: name; expected each once."),
        ("partner_id,name,slug,x,X\n", "The header line names a column twice: x; expected each once."),
    ],
)
@pytest.mark.parametrize("skip_bad", [False, True])
def test_file_is_bad_as_a_whole(world: Feeds, text: str | bytes, refusal: str, *, skip_bad: bool) -> None:
    assert world.refusal("partners.csv", text, skip_bad=skip_bad) == refusal


def test_first_refused_file_ends_the_load(feeds: Feeds) -> None:
    files = WORLD | {"customers.csv": WORLD["customers.csv"] + "bad,B,b.com,IT\n"}
    report = feeds.load(files)
    assert [(file.name, file.loaded) for file in report.files] == [("partners.csv", True), ("customers.csv", False)]
    assert report.not_reached == ["relationships.csv", "skus.csv"]
    assert "Not reached: relationships.csv, skus.csv." in list(report.lines())
    assert list(LoadedFile.objects.order_by("pk").values_list("name", "outcome", "new", "refused")) == [
        ("partners.csv", "loaded", 2, 0),
        ("customers.csv", "refused", 0, 1),
    ]
    assert CustomerProfile.objects.count() == 0


@pytest.mark.parametrize("folder", ["", "export/"])
def test_zip_loads_like_its_folder(feeds: Feeds, tmp_path: Path, folder: str) -> None:
    path = tmp_path / "feed.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in WORLD.items():
            archive.writestr(folder + name, text)
    report = load_feed(source=path, stated_by=None)
    assert [(file.loaded, file.counts.new) for file in report.files] == [(True, 2), (True, 3), (True, 3), (True, 1)]


def test_damaged_zip_refuses_the_file(feeds: Feeds, tmp_path: Path) -> None:
    path = tmp_path / "feed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("partners.csv", WORLD["partners.csv"])
    path.write_bytes(path.read_bytes().replace(b"Alpha", b"Omega", 1))
    [file] = load_feed(source=path, stated_by=None).files
    assert file.refusal == "The file can't be read to its end: Bad CRC-32 for file 'partners.csv'."


@pytest.mark.parametrize("content", [b"no zip", b""])
def test_what_is_no_feed_is_told(db: None, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "feed.zip"
    path.write_bytes(content)
    with pytest.raises(FeedError, match="is no feed; expected a folder or a zip of one"):
        load_feed(source=path, stated_by=None)


@pytest.mark.parametrize("files", [{}, {"notes.txt": "hello"}])
def test_folder_without_a_file_of_a_feed_is_refused(feeds: Feeds, files: dict[str, str]) -> None:
    report = feeds.load(files)
    assert report.refused
    assert list(report.lines())[-1] == (
        "There is no file of a feed; expected one or more of partners.csv, customers.csv, relationships.csv, skus.csv, "
        "subscriptions.csv, entitlements.csv, holdings.csv, activity.csv, coverage.csv, support_cases.csv, "
        "satisfaction.csv."
    )


def test_names_of_files_compare_without_regard_to_case(feeds: Feeds) -> None:
    report = feeds.load({"Partners.CSV": WORLD["partners.csv"]})
    assert [(file.name, file.counts.new) for file in report.files] == [("partners.csv", 2)]
    with pytest.raises(FeedError, match=r"The feed holds partners\.csv twice; expected each file once"):
        feeds.load({"Partners.CSV": "", "partners.csv": ""})


def zipped(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize("name", ["feed/partners.csv", "feed\\partners.csv"])
def test_zip_may_hold_what_is_no_part_of_the_feed(feeds: Feeds, tmp_path: Path, name: str) -> None:
    others = {".DS_Store": "", "feed/notes.txt": "", "feed/old/readme.txt": "", "__MACOSX/feed/._partners.csv": ""}
    report = load_feed(source=zipped(tmp_path / "feed.zip", {name: WORLD["partners.csv"], **others}), stated_by=None)
    assert [(file.name, file.counts.new) for file in report.files] == [("partners.csv", 2)]
    assert report.unknown_files == ["notes.txt"]


def test_zip_of_two_feeds_is_refused(feeds: Feeds, tmp_path: Path) -> None:
    path = zipped(tmp_path / "feed.zip", {"a/partners.csv": "", "b/customers.csv": ""})
    with pytest.raises(FeedError, match="a feed's files in several folders: a, b; expected them in one"):
        load_feed(source=path, stated_by=None)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x08\x00", b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x09\x00",
         "That compression method is not supported"),
        (b"PK\x03\x04", b"PKxx", "Bad magic number for file header"),
    ],
)  # fmt: skip
def test_member_of_a_zip_that_does_not_open_refuses_the_file(
    feeds: Feeds, tmp_path: Path, before: bytes, after: bytes, why: str
) -> None:
    path = zipped(tmp_path / "feed.zip", {"partners.csv": WORLD["partners.csv"]})
    assert path.read_bytes().count(before) == 1
    path.write_bytes(path.read_bytes().replace(before, after))
    [file] = load_feed(source=path, stated_by=None).files
    assert file.refusal == f"The file can't be opened: {why}."


def test_name_of_a_folder_need_not_be_text(feeds: Feeds) -> None:
    source = feeds.write({"partners.csv": WORLD["partners.csv"]}).rename(feeds.folder / "n\udcffn")
    assert not feeds.load_from(source).refused
    assert Load.objects.get().source == "n?n"


def test_codes_may_grow_when_folded(world: Feeds) -> None:
    text = WORLD["skus.csv"].replace("o365", "ß" * 64).replace("EXO", "ΐ" * 64)
    assert world.counts("skus.csv", text) == (0, 1, 0, 0, 0)


def test_slug_may_be_the_id_of_another_partner(world: Feeds) -> None:
    text = f"partner_id,name,slug\n{ALPHA},Alpha,a2\n{BETA},Beta,{ALPHA}\n"
    assert world.counts("partners.csv", text) == (0, 2, 0, 0, 0)
    assert world.counts("partners.csv", text.replace("a2", "a3").replace("Beta", "B")) == (0, 2, 0, 0, 0)


def test_slugs_compare_folded(world: Feeds) -> None:
    assert world.counts("partners.csv", f"partner_id,name,slug\n{ALPHA},Alpha,straße\n") == (0, 1, 0, 0, 0)
    assert world.faults("partners.csv", f"partner_id,name,slug\n{BETA},Beta,STRASSE\n") == [
        "partners.csv, line 2, column slug: “STRASSE” is the slug of another partner; expected one of its own."
    ]


def test_two_partners_exchange_their_slugs(world: Feeds) -> None:
    text = WORLD["partners.csv"].replace(",alpha", ",x").replace(",beta", ",alpha").replace(",x", ",beta")
    assert world.counts("partners.csv", text) == (0, 2, 0, 0, 0)
    assert Partner.objects.get(slug="beta").name == "Alpha"


def test_codes_of_the_catalogue_compare_folded(world: Feeds) -> None:
    text = WORLD["skus.csv"].replace("o365", "O365").replace("EXO;SPO;TEAMS;YAM", " yam;exo;;ODB;teams;EXO")
    assert world.counts("skus.csv", text) == (0, 0, 1, 0, 0)


def test_epoch_counts_changes_of_known_skus_only(world: Feeds) -> None:
    from customers.models import CatalogueEpoch

    before = CatalogueEpoch.objects.get().number
    header, line = WORLD["skus.csv"].splitlines(keepends=True)
    world.counts("skus.csv", header + line.replace("0003,", "0004,") + line.replace("Test E3", "Renamed"))
    assert CatalogueEpoch.objects.get().number == before
    world.counts("skus.csv", header + line.replace("EXO;", "EXO;NEWONE;").replace("o365", "Brand new"))
    assert CatalogueEpoch.objects.get().number == before + 1
    sku = Sku.objects.get(sku_id=line.split(",")[0])
    assert (sku.family.code, sku.family.in_insights) == ("Brand new", False)
    assert list(sku.workloads.filter(code="NEWONE").values_list("unlicensed_family", flat=True)) == [None]
    world.counts("skus.csv", header + line.replace("EXO;SPO;TEAMS;YAM", ""))
    assert (sku.workloads.count(), CatalogueEpoch.objects.get().number) == (0, before + 2)
