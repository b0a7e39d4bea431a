"""Compiles catalogues: at set-up, and before tests where somebody has edited one since."""

from __future__ import annotations

import os
from pathlib import Path

from config.languages.catalogues import compiled, read
from config.languages.places import LOCALE, TRANSLATED, mo_file, po_file


def compile_all(locale: Path = LOCALE) -> None:
    """Write each language's compiled catalogue anew."""
    for language in TRANSLATED:
        compile_one(language, locale)


def compile_stale(locale: Path = LOCALE) -> None:
    """Write those anew that are missing or older than what they were made from."""
    for language in TRANSLATED:
        po, mo = po_file(language, locale), mo_file(language, locale)
        if not mo.exists() or mo.stat().st_mtime <= po.stat().st_mtime:
            compile_one(language, locale)


def compile_one(language: str, locale: Path = LOCALE) -> None:
    """Write it beside, then put it there: a process that reads it meanwhile sees the old one or the new one."""
    target = mo_file(language, locale)
    beside = target.with_name(f"{target.name}.{os.getpid()}")
    beside.write_bytes(compiled(read(po_file(language, locale), language)))
    beside.replace(target)
