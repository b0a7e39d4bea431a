"""No file is recognised as two formats."""

from pathlib import Path

import pytest

from customers.imports.reading import FileNotTakenError, Sample
from customers.imports.recognise import FORMATS, recognise
from customers.imports.unpack import members
from tests.customers.imports.gathered import SAMPLES
from tests.customers.imports.test_graph_headers import HEADERS


def fitting(sample: Sample) -> list[str]:
    return [found.code for found in FORMATS if found.recognise(sample)]


def samples_of(path: Path) -> list[Sample]:
    try:
        return [member.sample() for member in members(path)]
    except FileNotTakenError:
        return []


@pytest.mark.parametrize(
    "path", sorted(path for path in SAMPLES.rglob("*.*") if path.suffix != ".md"), ids=lambda path: path.name
)
def test_sample_is_of_one_format_at_most(path: Path):
    for sample in samples_of(path):
        found = recognise(sample)
        assert fitting(sample) == ([found.code] if found else [])


@pytest.mark.parametrize("header", [header for _name, header in HEADERS])
def test_header_is_of_one_format(header: str):
    assert len(fitting(Sample("x", f"{header}\n", is_whole=True))) == 1


@pytest.mark.parametrize(
    "text",
    ["", "x", "\x00", "{", "[", "null", "<html>", "a,b,c\n1,2,3\n", "sep=;\n", '{"value": [1]}', '{"value": [{}]}'],
)
def test_anything_else_is_not_recognised_and_raises_nothing(text: str):
    assert fitting(Sample("getOffice365ActiveUserDetail.csv", text, is_whole=True)) == []


def test_codes_are_different():
    codes = [found.code for found in FORMATS]
    assert len(codes) == len(set(codes))
