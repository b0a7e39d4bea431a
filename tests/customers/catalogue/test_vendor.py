"""The vendor's file with each kind of dirt that it has, and with faults that it might have."""

from pathlib import Path
from uuid import UUID

import pytest

from customers.catalogue.vendor import BadLine, BadLinesError, CatalogueError, VendorCatalogue, read_catalogue
from tests.customers.catalogue.conftest import HEADER, WriteFile

E3 = UUID("6fd2c87f-b296-42f0-b197-1e91e994b900")
SHARED_DEVICES = UUID("420c7602-7f70-4895-9394-d3d679ea36fb")
ENTRA = UUID("de597797-22fb-4d65-a9fe-b7dbe8893914")
STUDIO = UUID("606b54a9-78d8-4298-ad8b-df6ef4481c80")
EXCHANGE = UUID("efb87545-963c-4e0d-99df-69c6916d9eb0")
RIGHTS = UUID("bea4c11e-220a-4e6d-8eb8-8ea15d019f90")
WINDOWS = UUID("e7c91390-7625-45be-94e0-e16907e03118")
GOOD = f"Office 365 E3,ENTERPRISEPACK,{E3},EXCHANGE_S_ENTERPRISE,{EXCHANGE},Exchange Online (Plan 2)"


@pytest.fixture(scope="module")
def dirty() -> VendorCatalogue:
    return read_catalogue(Path(__file__).parent / "data" / "dirty.csv")


def refusal(path: Path) -> str:
    with pytest.raises(CatalogueError) as refused:
        read_catalogue(path)
    return str(refused.value)


def bad_lines(path: Path) -> list[str]:
    with pytest.raises(BadLinesError) as refused:
        read_catalogue(path)
    return [str(line) for line in refused.value.lines]


def test_byte_order_mark_and_crlf_are_no_part_of_header_or_values(dirty: VendorCatalogue) -> None:
    assert (dirty.lines, len(dirty.skus), dirty.unknown_columns) == (10, 7, ())
    assert dirty.skus[E3].name == "Office 365 E3"


def test_no_break_space_in_guid_and_part_number_is_dropped(dirty: VendorCatalogue) -> None:
    assert dirty.skus[SHARED_DEVICES].part_number == "MCOCAP_FACULTY"


def test_trailing_blanks_and_tabs_are_dropped(dirty: VendorCatalogue) -> None:
    assert dirty.skus[ENTRA].part_number == "AAD_PREMIUM_USGOV_GCCHIGH"


def test_tabs_inside_a_name_become_single_blanks(dirty: VendorCatalogue) -> None:
    assert dirty.plan_names[WINDOWS] == ["Virtualization Rights for Windows 10 (E3/E5+VDA)"]


def test_repeated_pair_counts_once_whatever_the_case_of_the_guid(dirty: VendorCatalogue) -> None:
    assert dirty.skus[E3].plans == {EXCHANGE: "EXCHANGE_S_ENTERPRISE", RIGHTS: "RMS_S_ENTERPRISE"}
    assert dirty.repeated == 1


def test_several_names_of_one_guid_the_first_holds(dirty: VendorCatalogue) -> None:
    assert [(sku.sku_id, sku.name, sku.other_names) for sku in dirty.renamed()] == [
        (STUDIO, "Microsoft Copilot Studio Viral Trial", ["Power Virtual Agents Viral Trial"])
    ]
    assert len(dirty.skus[STUDIO].plans) == 2


def test_part_number_with_two_guids_is_two_skus(dirty: VendorCatalogue) -> None:
    assert dirty.shared_part_numbers() == {
        "MCOPSTN5": [UUID("d43177b5-475b-4880-92d4-d54c27b5efbd"), UUID("54a152dc-90de-4996-93d2-bc47e670fc06")]
    }


def test_plan_id_with_several_spellings_is_one_plan(dirty: VendorCatalogue) -> None:
    assert dirty.respelled_plans() == {RIGHTS: ["RMS_S_ENTERPRISE", "RMS_S_ENTERPRISE)"]}
    assert len(dirty.plan_names) == 8


def test_guid_with_several_part_numbers_the_first_holds(write_file: WriteFile) -> None:
    catalogue = read_catalogue(write_file(GOOD, GOOD.replace("ENTERPRISEPACK", "E3PACK")))
    assert (catalogue.skus[E3].part_number, catalogue.skus[E3].other_part_numbers) == ("ENTERPRISEPACK", ["E3PACK"])


def test_columns_in_any_order_and_case_unknown_ones_named(write_file: WriteFile) -> None:
    path = write_file(
        f"{EXCHANGE},x,{E3},Plan,Office 365 E3,ENTERPRISEPACK",
        header="SERVICE_PLAN_ID,Notes,guid,service_plan_name, Product_Display_Name ,String_Id",
    )
    catalogue = read_catalogue(path)
    assert (catalogue.skus[E3].part_number, catalogue.unknown_columns) == ("ENTERPRISEPACK", ("Notes",))


@pytest.mark.parametrize(
    "written",
    [
        "{6fd2c87f-b296-42f0-b197-1e91e994b900}",
        "6fd2c87fb29642f0b1971e91e994b900",
        "\u200b6fd2c87f-b296-42f0-\u00a0b197-1e91e994b900\t",
    ],
)
def test_guid_in_every_form_is_read(write_file: WriteFile, written: str) -> None:
    assert list(read_catalogue(write_file(GOOD.replace(str(E3), written))).skus) == [E3]


def test_blank_lines_are_skipped_and_lines_counted_physically(write_file: WriteFile) -> None:
    path = write_file("", '"Office 365\nE3"' + GOOD[len("Office 365 E3") :], "   ", GOOD.replace(str(E3), "E3"))
    assert bad_lines(path) == ["line 6, column GUID: 'E3'; expected a GUID: 32 hexadecimal digits, or 8-4-4-4-12."]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (GOOD.replace(str(E3), ""), "column GUID: ''; expected a GUID: 32 hexadecimal digits, or 8-4-4-4-12."),
        (
            GOOD.replace(str(EXCHANGE), "efb87545"),
            "column Service_Plan_Id: 'efb87545'; expected a GUID: 32 hexadecimal digits, or 8-4-4-4-12.",
        ),
        (GOOD.replace("ENTERPRISEPACK", "\u00a0"), "column String_Id: '\\xa0'; expected a text."),
        (GOOD.replace("Office 365 E3", ""), "column Product_Display_Name: ''; expected a text."),
        (GOOD.replace("EXCHANGE_S_ENTERPRISE", " "), "column Service_Plan_Name: ' '; expected a text."),
        (
            GOOD.replace("Office 365 E3", "x" * 257),
            f"column Product_Display_Name: '{'x' * 60}...'; expected at most 256 characters.",
        ),
        (
            GOOD.replace("Office 365 E3", "Office\udcff"),
            "column Product_Display_Name: 'Office\\udcff'; expected text in UTF-8.",
        ),
        (GOOD.replace("ENTERPRISEPACK", "E3\0"), "column String_Id: 'E3\\x00'; expected text in UTF-8."),
    ],
)
def test_bad_value_names_line_column_value_and_expectation(write_file: WriteFile, line: str, said: str) -> None:
    assert bad_lines(write_file(GOOD, line)) == [f"line 3, {said}"]


def test_wrong_number_of_fields_is_named(write_file: WriteFile) -> None:
    assert bad_lines(write_file(f"{GOOD},x")) == ["line 2: 7 fields instead of 6."]


def test_quote_that_is_no_csv_makes_its_line_bad_and_reading_goes_on(write_file: WriteFile) -> None:
    said = bad_lines(write_file(f'"Office" 365,{GOOD}', GOOD, f"{GOOD},x"))
    assert said == ["line 2: this is not CSV (',' expected after '\"').", "line 4: 7 fields instead of 6."]


def test_first_hundred_bad_lines_are_listed_and_all_counted(write_file: WriteFile) -> None:
    with pytest.raises(BadLinesError) as refused:
        read_catalogue(write_file(*["x"] * 150))
    assert (len(refused.value.lines), refused.value.count) == (100, 150)
    assert refused.value.lines[99] == BadLine(line=101, column="", value="", expected="1 fields instead of 6")
    assert str(refused.value) == "catalogue.csv: 150 lines can't be read."


def test_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    assert refusal(path) == (
        "empty.csv has no header line of the vendor's catalogue; expected the columns Product_Display_Name, String_Id, GUID, "
        "Service_Plan_Name, Service_Plan_Id."
    )


def test_other_file_is_refused(write_file: WriteFile) -> None:
    path = write_file("a,b", header="name,sku")
    assert refusal(path).startswith("catalogue.csv has no header line of the vendor's catalogue;")


def test_file_in_utf_16_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_bytes(f"{HEADER}\n{GOOD}\n".encode("utf-16"))
    assert refusal(path).startswith("wide.csv has no header line of the vendor's catalogue;")


def test_missing_columns_are_named(write_file: WriteFile) -> None:
    path = write_file("x,y", header="GUID,String_Id")
    assert refusal(path) == (
        "catalogue.csv lacks the columns Product_Display_Name, Service_Plan_Name, Service_Plan_Id; it has GUID, String_Id."
    )


def test_column_twice_is_refused(write_file: WriteFile) -> None:
    assert refusal(write_file(f"{GOOD},{E3}", header=f"{HEADER},guid")) == (
        "catalogue.csv has the columns GUID more than once."
    )


def test_header_alone_is_refused(write_file: WriteFile) -> None:
    assert refusal(write_file()) == "catalogue.csv has a header and no lines below it."


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.csv") == f"{tmp_path / 'none.csv'} can't be opened: No such file or directory."
