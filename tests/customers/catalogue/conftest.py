"""The vendor's file in small."""

from collections.abc import Callable
from pathlib import Path

import pytest

HEADER = "Product_Display_Name,String_Id,GUID,Service_Plan_Name,Service_Plan_Id,Service_Plans_Included_Friendly_Names"

WriteFile = Callable[..., Path]


@pytest.fixture
def write_file(tmp_path: Path) -> WriteFile:
    """Writes lines below the vendor's header (or another) into a file, as UTF-8 unless bytes are given."""

    def write(*lines: str, header: str = HEADER, name: str = "catalogue.csv") -> Path:
        path = tmp_path / name
        path.write_bytes("".join(f"{line}\n" for line in (header, *lines)).encode("utf-8", "surrogateescape"))
        return path

    return write
