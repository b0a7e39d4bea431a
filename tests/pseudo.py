"""A language in which every letter of a translated text is another one: what is left as it was never went through gettext."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations

from django.conf import settings
from django.test import override_settings
from django.utils.translation import trans_real

CODE = "de"
"""Whose code it borrows: Django knows it, we don't offer it, and its formats hold no letters but the months' names."""
_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OTHER = "ȧƀƈḓḗƒɠħīĵķŀḿƞǿƥɋřşŧŭṽẇẋẏẑȦƁƇḒḖƑƓĦĪĴĶĿḾȠǾƤɊŘŞŦŬṼẆẊẎẐ"
_LETTERS = str.maketrans(_PLAIN, _OTHER)
KEPT = re.compile(r"%\(\w+\)[-+.\d]*[a-z]|%[%a-z]|<[^>]*>|&\w+;|\{[\w.!:]*\}")
_CONTEXT = "\x04"
LONGER = 0.4


class Pseudo(NullTranslations):
    """Translates into it. `longer`: by so much of their length texts grow, short ones in one word, as Dutch and Swedish do."""

    def __init__(self, longer: float = 0) -> None:
        super().__init__()
        self.longer = longer
        self.heard: set[tuple[str, str]] = set()
        """What was asked for, as catalogues have it (with the context before it), with the plural of what counts."""
        self.plural = lambda number: int(number != 1)

    def gettext(self, message: str) -> str:
        self.heard.add((message, ""))
        return self._said(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.heard.add((msgid1, msgid2))
        return self._said(msgid1 if n == 1 else msgid2)

    def language(self) -> str:
        return CODE

    def to_language(self) -> str:
        return CODE

    def _said(self, message: str) -> str:
        text = message.rpartition(_CONTEXT)[2]
        parts, place = [], 0
        for kept in KEPT.finditer(text):
            parts += [text[place : kept.start()].translate(_LETTERS), kept[0]]
            place = kept.end()
        return "".join([*parts, text[place:].translate(_LETTERS)]) + self._more(text)

    def _more(self, text: str) -> str:
        letters = len(KEPT.sub("", text))
        if not self.longer or not text.strip() or text[-1:] in "\n ":
            return ""
        more = "ǿ" * math.ceil(letters * self.longer)
        if letters <= 20:
            return more
        return "".join(f" {more[place : place + 6]}" for place in range(0, len(more), 7))


@contextmanager
def spoken(longer: float = 0) -> Iterator[Pseudo]:
    """Whoever asks for this code (of LANGUAGES, for the time being) gets the pseudo-language; in all threads."""
    known = trans_real._translations.get(CODE)
    with override_settings(LANGUAGES=[*settings.LANGUAGES, (CODE, "Pseudo")]):
        trans_real._translations[CODE] = pseudo = Pseudo(longer)
        try:
            yield pseudo
        finally:
            if known is None:
                del trans_real._translations[CODE]
            else:
                trans_real._translations[CODE] = known
