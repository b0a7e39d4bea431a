"""What a person reads of a page: texts, and the attributes that are shown or read out."""

from __future__ import annotations

from html.parser import HTMLParser

SILENT = {"script", "style", "code", "pre", "kbd", "samp", "template", "svg-data"}
"""Elements with what isn't a language: addresses, names of files and columns, programs."""
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
SPOKEN = frozenset({"alt", "aria-label", "aria-description", "aria-roledescription", "placeholder", "title", "label"})
BUTTONS = frozenset({"submit", "button", "reset"})


class Reading(HTMLParser):
    """`texts` are those of a page, in its order, without space around them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        named = [value for name, value in told.items() if name in SPOKEN or name.startswith("data-said")]
        if tag == "input" and told.get("type") in BUTTONS:
            named.append(told.get("value"))
        self.texts += [" ".join(value.split()) for value in named if value and value.strip()]
        if tag not in VOID:
            self._open.append((tag, tag in SILENT or _is_of_another_language(tag, told)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not any(silent for _tag, silent in self._open):
            self.texts.append(text)


def _is_of_another_language(tag: str, told: dict[str, str | None]) -> bool:
    """What says its own language is in that one (the languages' names); `translate="no"` is a name, an icon's among them."""
    is_icon = "material-symbols-outlined" in (told.get("class") or "").split()
    return tag != "html" and ("lang" in told or told.get("translate") == "no" or is_icon)


def read(page: str) -> list[str]:
    """The texts of a page."""
    reading = Reading()
    reading.feed(page)
    reading.close()
    return reading.texts
