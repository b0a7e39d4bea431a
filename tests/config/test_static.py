"""Static files: collected where they have changed, and only then."""

from pathlib import Path

import pytest
from pytest_django import Settings

from config.static import collect


@pytest.fixture
def source(settings: Settings, tmp_path: Path) -> Path:
    """A folder with one style sheet, which is all there is to collect."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "a.css").write_text("a { color: red }")
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    return folder


def collected(source: Path) -> list[str]:
    return sorted(path.name for path in (source.parent / "collected").iterdir())


def test_collected_once_and_again_after_a_change(source: Path) -> None:
    assert [collect(), collect()] == [True, False]
    assert collected(source) == ["a.css"]
    (source / "b.css").write_text("b { color: blue }")
    assert [collect(), collect()] == [True, False]
    assert collected(source) == ["a.css", "b.css"]


def test_collected_again_where_the_folder_is_gone_and_without_what_is_gone(source: Path) -> None:
    (source / "b.css").write_text("b { color: blue }")
    assert collect() is True
    (source / "b.css").unlink()
    assert collect() is True
    assert collected(source) == ["a.css"]
    (source.parent / "collected" / "a.css").unlink()
    (source.parent / "collected").rmdir()
    assert [collect(), collect()] == [True, False]
