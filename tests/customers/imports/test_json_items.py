"""Items of a vendor's JSON file, one after another."""

import io
import json
import tracemalloc
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.imports.json_items import CHUNK, JsonItems, outline
from customers.imports.reading import FileNotTakenError
from tests.customers.imports.test_csv_rows import Endless

PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
)


def items_of(content: str | bytes) -> tuple[list[tuple[int, Any]], dict[str, Any]]:
    items = JsonItems(io.BytesIO(content if isinstance(content, bytes) else content.encode()))
    return list(items), items.envelope


def fault(content: str | bytes) -> str:
    with pytest.raises(FileNotTakenError) as caught:
        items_of(content)
    return str(caught.value)


@pytest.mark.parametrize("name", ["value", "Value", "items"])
def test_items_stand_in_either_envelope(name: str):
    found, envelope = items_of(f'{{"@odata.context": "c", "{name}": [{{"a": 1}}, {{"a": 2}}], "@odata.nextLink": "n"}}')
    assert found == [(1, {"a": 1}), (2, {"a": 2})]
    assert envelope == {"@odata.context": "c", "@odata.nextLink": "n"}


def test_bare_list_and_single_object_have_items_too():
    assert items_of('\ufeff [1, "x", null]') == ([(1, 1), (2, "x"), (3, None)], {})
    assert items_of('{"error": {"code": "x"}}')[0] == [(1, {"error": {"code": "x"}})]
    assert items_of('{"value": []}') == ([], {})
    assert items_of("[]") == ([], {})


def test_value_that_is_no_list_belongs_to_the_envelope():
    assert items_of('{"value": "x"}') == ([(1, {"value": "x"})], {"value": "x"})


def test_no_break_spaces_between_tokens_are_spaces_and_within_texts_stay():
    found, _envelope = items_of('{"value":\u00a0[\u00a0{\u00a0"a":\u00a0"x\u00a0y\\"\u00a0",\u00a0"b":\u00a01}\u00a0]}')
    assert found == [(1, {"a": 'x\u00a0y"\u00a0', "b": 1})]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "line 1, column 1: expected { or [."),
        ("{", "line 1, column 2: expected a name in quotes."),
        ("[1, 2", "line 1, column 6: expected ,."),
        ('{"value": [\n  {"a": 1},\n  {"a": 00:00:00}\n]}', "line 3, column 10: Expecting ',' delimiter."),
        ('{"value": [{"a": 1},\n]}', "line 2, column 1: Expecting value."),
        ('{"a": 1,\n}', "line 2, column 1: expected a name."),
        ('{"a" 1}', "line 1, column 6: expected :."),
        ('{"value": [] "b": 1}', "line 1, column 14: expected ,."),
        ("[1] [2]", "line 1, column 5: expected nothing after the end."),
        ("[NaN]", "line 1, column 2: a number is too long, or is none."),
        ("[" + "9" * 5000 + "]", "line 1, column 2: a number is too long, or is none."),
        ("[" * 200_000, "line 1, column 2: the values are nested too deeply."),
        ('["never closed', "line 1, column 2: Unterminated string starting at."),
    ],
)
def test_fault_is_told_with_line_and_column(content: str, sentence: str):
    assert fault(content) == f"The file isn't valid JSON: {sentence}"


def test_fault_far_into_the_file_is_told_with_line_and_column():
    good = '  {"name": "somebody"},\n' * 20_000
    assert fault(f"[\n{good}  {{'name'}}]") == (
        "The file isn't valid JSON: line 20002, column 4: Expecting property name enclosed in double quotes."
    )


def test_fault_far_into_one_line_is_told_with_its_column():
    good = '{"name": "somebody"},' * 20_000
    assert fault(f"[{good}{{]") == (
        "The file isn't valid JSON: line 1, column 420003: Expecting property name enclosed in double quotes."
    )


def test_bytes_that_are_no_utf8_are_not_taken():
    assert fault(b'["M\xfcller"]') == "Line 1, or one soon after it, isn't UTF-8; expected text in UTF-8."


def test_value_larger_than_memory_should_hold_is_not_taken():
    stream = io.BufferedReader(Endless(b'["', b"x" * 1000, 40_000, b'"]'))
    with pytest.raises(FileNotTakenError, match="a value as long as this isn't taken"):
        list(JsonItems(stream))


def test_envelope_larger_than_memory_should_hold_is_not_taken():
    stream = io.BufferedReader(Endless(b"{", b'"a":"' + b"x" * 1000 + b'",', 40_000))
    with pytest.raises(FileNotTakenError, match="an object as large as this isn't taken"):
        list(JsonItems(stream))


@given(st.lists(VALUES, max_size=6), st.sampled_from([None, 1]), st.booleans())
def test_items_are_what_the_standard_library_reads(values: list[Any], indent: int | None, in_envelope: bool):
    content = json.dumps({"a": 1, "value": values} if in_envelope else values, indent=indent, ensure_ascii=False)
    assert items_of(content.encode("utf-8", "surrogatepass"))[0] == list(enumerate(values, start=1))


@pytest.mark.parametrize("lead", range(CHUNK - 40, CHUNK + 5))
def test_items_across_the_pieces_in_which_a_file_is_read(lead: int):
    item = {"text": 'a\\"\u00e9\u2028', "number": -12.5e3, "word": True, "list": [None, 123456789]}
    content = " " * lead + json.dumps([item, item, 77, 1234567890])
    assert items_of(content)[0] == [(1, item), (2, item), (3, 77), (4, 1234567890)]


def test_memory_stays_flat():
    stream = io.BufferedReader(Endless(b'{"value": [0', b',{"name": "somebody", "list": [1, 2, 3]}', 50_000, b"]}"))
    tracemalloc.start()
    assert sum(1 for _item in JsonItems(stream)) == 50_001
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_500_000


@pytest.mark.parametrize(
    ("text", "envelope", "item"),
    [
        ('{"@odata.context": "c", "value": [{"a": {"b": 1}, "c": [', {"@odata.context": "c", "value": ""}, {"a", "c"}),
        (
            '{"totalCount": 2, "items": [{"a": 1}, {"b": 2}], "links": {"self": 1}}',
            {"totalCount": "2", "items": "", "links": ""},
            {"a"},
        ),
        ('[{"a": 00:00:00, "b": 1}]', {}, {"a", "b"}),
        ('\ufeff{"error": {"code": 1}}', {"error": ""}, {"error"}),
        ('{"value": []}', {"value": ""}, set()),
        ("[]", {}, set()),
        ("[1, 2]", {}, set()),
        ('{"a":\u00a0true', {"a": "true"}, {"a"}),
    ],
)
def test_outline_names_what_stands_where(text: str, envelope: dict[str, str], item: set[str]):
    found = outline(text)
    assert found is not None
    assert (found.envelope, found.item) == (envelope, item)


@pytest.mark.parametrize("text", ["", "Report Refresh Date,User", "<xml/>", '"text"'])
def test_outline_of_what_is_no_json_is_nothing(text: str):
    assert outline(text) is None


@given(st.text(alphabet='{}[]",:\\ a1\u00a0\n', max_size=60))
def test_any_text_has_an_outline_or_none_and_reading_raises_nothing_else(text: str):
    outline(text)
    with suppress(FileNotTakenError):
        items_of(text)
