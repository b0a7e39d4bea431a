"""Where texts are gathered and where their translations are kept. Codes of languages are Django's ("zh-hans")."""

from __future__ import annotations

from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent
LOCALE = BASE / "locale"
SOURCE = "en"
"""The language that the code is written in."""
TRANSLATED = ("it", "zh-hans", "es", "sv", "nl")
"""The languages that have a catalogue."""
APPS = ("config", "partners", "customers", "insights")
TEMPLATES = ("templates",)


def folder_name(language: str) -> str:
    """What the folder of a language is called: zh-hans is in zh_Hans."""
    code, _joint, script = language.partition("-")
    return f"{code}_{script.capitalize()}" if script else code


def po_file(language: str, locale: Path = LOCALE) -> Path:
    """The translations, as people edit them."""
    return locale / folder_name(language) / "LC_MESSAGES" / "django.po"


def mo_file(language: str, locale: Path = LOCALE) -> Path:
    """The same as Django reads it."""
    return po_file(language, locale).with_suffix(".mo")
