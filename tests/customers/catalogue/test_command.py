"""`manage.py load_catalogue`: the report, what is told of faults, and the exit status."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from customers.models import Sku
from tests.customers.catalogue.conftest import WriteFile

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parent / "data"
NEWCOMER = (
    "Brand new,BRAND_NEW,00000000-0000-4000-8000-000000000001,EXCHANGE_S_NEW,00000000-0000-4000-8000-000000000002,"
)


def report(path: Path) -> list[str]:
    out = StringIO()
    call_command("load_catalogue", str(path), stdout=out)
    return out.getvalue().splitlines()


def failure(path: Path) -> tuple[str, int]:
    with pytest.raises(CommandError) as failed:
        call_command("load_catalogue", str(path))
    return str(failed.value), failed.value.returncode


def test_report_says_counts_and_dirt() -> None:
    assert report(DATA / "dirty.csv") == [
        "dirty.csv: 10 lines, 7 SKUs, 8 service plans.",
        "SKUs: 6 new, 1 changed, 0 unchanged.",
        "Families: ems 1, o365 1, other 4, power 1; fit no rule: 0.",
        "Marked: 1 free, 1 viral.",
        "Known SKUs that are stated otherwise now:",
        "  Office 365 E3 (ENTERPRISEPACK): workloads 'EXO;PROPLUS;SFB;SPO;TEAMS;YAM' -> 'EXO'",
        "Lines that repeat a SKU with a service plan: 1.",
        "SKUs with several names or part numbers (the first holds):",
        "  606b54a9-78d8-4298-ad8b-df6ef4481c80: Microsoft Copilot Studio Viral Trial / Power Virtual Agents Viral Trial",
        "Part numbers that several SKUs have:",
        "  MCOPSTN5: d43177b5-475b-4880-92d4-d54c27b5efbd, 54a152dc-90de-4996-93d2-bc47e670fc06",
        "Service plans that are spelled in several ways:",
        "  bea4c11e-220a-4e6d-8eb8-8ea15d019f90: RMS_S_ENTERPRISE / RMS_S_ENTERPRISE)",
        "Families or workloads of known SKUs have changed: every figure will be computed again.",
    ]


def test_report_names_what_could_not_be_placed(write_file: WriteFile) -> None:
    assert report(write_file(NEWCOMER)) == [
        "catalogue.csv: 1 lines, 1 SKUs, 1 service plans.",
        "SKUs: 1 new, 0 changed, 0 unchanged.",
        "Families: other 1; fit no rule: 1.",
        "Marked: 0 free, 0 viral.",
        "SKUs that fit no rule (they are in the family other):",
        "  Brand new (BRAND_NEW, 00000000-0000-4000-8000-000000000001)",
        "Service plans that sound like a workload and are in no table (they make none):",
        "  EXCHANGE_S_NEW (00000000-0000-4000-8000-000000000002)",
    ]


def test_list_stops_after_a_hundred_and_counts_the_rest(write_file: WriteFile) -> None:
    lines = [NEWCOMER.replace("000000000001", f"{number:012}") for number in range(1000, 1150)]
    found = report(write_file(*lines))
    assert (len(found), found[-5]) == (110, "  ... and 50 more.")


def test_bad_lines_are_told_with_status_1_and_nothing_is_loaded(write_file: WriteFile) -> None:
    assert failure(write_file(NEWCOMER, "x")) == (
        "catalogue.csv: 1 lines can't be read.\n  line 3: 1 fields instead of 6.\nNothing was loaded.",
        1,
    )
    assert Sku.objects.count() == 46


def test_file_of_another_kind_has_status_1(write_file: WriteFile) -> None:
    said, status = failure(write_file("1,2", header="a,b"))
    assert said == (
        "catalogue.csv has no header line of the vendor's catalogue; expected the columns Product_Display_Name, String_Id, "
        "GUID, Service_Plan_Name, Service_Plan_Id."
    )
    assert status == 1


def test_missing_file_has_status_2(tmp_path: Path) -> None:
    assert failure(tmp_path / "none.csv") == (f"{tmp_path / 'none.csv'} is not a file.", 2)
