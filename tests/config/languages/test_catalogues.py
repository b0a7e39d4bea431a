"""How catalogues are brought up to date, written and compiled."""

from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from config.languages import compiling
from config.languages.catalogues import compiled, empty, read, renewed, texts, written
from config.languages.gathering import Gathered, Message
from config.languages.places import TRANSLATED, folder_name, mo_file, po_file

ONE, ROWS, OPEN = Message("one"), Message("%(n)d row", "%(n)d rows"), Message("open", context="a verb")


def gathered(*messages: Message) -> Gathered:
    found = Gathered()
    for message in messages:
        found.add(message, "a.py")
    return found


def kept(text: str, tmp_path: Path, language: str = "it") -> object:
    path = tmp_path / "django.po"
    path.write_text(text, "utf-8")
    return read(path, language)


def test_folders_are_named_as_django_wants_them() -> None:
    assert [folder_name(language) for language in TRANSLATED] == ["it", "zh_Hans", "es", "sv", "nl"]


def test_new_texts_wait_and_old_translations_stay(tmp_path: Path) -> None:
    catalogue = renewed(empty("it"), gathered(ONE, ROWS), "it")
    assert [(entry.id, texts(entry)) for entry in catalogue if entry.id] == [
        (("%(n)d row", "%(n)d rows"), ["", ""]),
        ("one", [""]),
    ]
    catalogue.get("one").string = "uno"
    again = renewed(kept(written(catalogue), tmp_path), gathered(ONE, OPEN), "it")
    assert [(entry.id, entry.context, texts(entry)) for entry in again if entry.id] == [
        ("one", None, ["uno"]),
        ("open", "a verb", [""]),
    ]


def test_text_that_counts_from_now_on_is_translated_anew() -> None:
    catalogue = renewed(empty("it"), gathered(Message("%(n)d row")), "it")
    catalogue.get("%(n)d row").string = "%(n)d riga"
    again = renewed(catalogue, gathered(ROWS), "it")
    assert texts(again.get("%(n)d row")) == ["", ""]


def test_chinese_has_one_form() -> None:
    assert texts(renewed(empty("zh-hans"), gathered(ROWS), "zh-hans").get("%(n)d row")) == [""]


def test_file_is_the_same_again_and_has_neither_days_nor_lines(tmp_path: Path) -> None:
    text = written(renewed(empty("sv"), gathered(OPEN, ROWS, ONE), "sv"))
    assert written(renewed(kept(text, tmp_path, "sv"), gathered(ONE, OPEN, ROWS), "sv")) == text
    assert "#: a.py\n" in text
    assert "Date" not in text
    assert text.index('msgid "%(n)d row"') < text.index('msgid "one"') < text.index('msgid "open"')


def test_compiled_is_what_gettext_reads_and_the_same_again() -> None:
    catalogue = renewed(empty("it"), gathered(ONE, ROWS, OPEN), "it")
    catalogue.get("one").string = "uno"
    catalogue.get("%(n)d row").string = ("%(n)d riga", "%(n)d righe")
    catalogue.get("open", "a verb").string = "apri"
    found = GNUTranslations(BytesIO(compiled(catalogue)))
    assert found.gettext("one") == "uno"
    assert [found.ngettext(ROWS.text, ROWS.plural, number) for number in (0, 1, 2)] == [
        "%(n)d righe",
        "%(n)d riga",
        "%(n)d righe",
    ]
    assert found.pgettext("a verb", "open") == "apri"
    assert compiled(catalogue) == compiled(catalogue)


def test_stale_catalogues_are_compiled_and_others_left_alone(tmp_path: Path) -> None:
    for language in TRANSLATED:
        path = po_file(language, tmp_path)
        path.parent.mkdir(parents=True)
        path.write_text(written(empty(language)), "utf-8")
    compiling.compile_all(tmp_path)
    for language in TRANSLATED:
        mo_file(language, tmp_path).write_bytes(b"kept")
    stale = mo_file("sv", tmp_path)
    stale.unlink()
    compiling.compile_stale(tmp_path)
    assert stale.read_bytes() == compiled(empty("sv"))
    assert [mo_file(language, tmp_path).read_bytes() == b"kept" for language in TRANSLATED] == [
        True,
        True,
        True,
        False,
        True,
    ]
