"""What is taken out of Python files and templates as a text to translate."""

from pathlib import Path

import pytest

from config.languages.gathering import Gathered, Message, gather, in_python, in_template


def test_python_by_whatever_name() -> None:
    source = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext as said, npgettext_lazy
other = str
a = _("one" " text")
b = gettext_lazy("lazy")
c = ngettext("%(n)d row", "%(n)d rows", 3)
d = said("a verb", "open")
e = npgettext_lazy("files", "one", "many")
f = other("not this")
"""
    assert in_python(source) == [
        Message("one text"),
        Message("lazy"),
        Message("%(n)d row", "%(n)d rows"),
        Message("open", context="a verb"),
        Message("one", "many", "files"),
    ]


def test_python_leaves_out_what_is_known_only_when_it_runs() -> None:
    assert in_python("from django.utils.translation import gettext as _\nx = _(name)\ny = _()\n") == []


def test_python_that_is_none() -> None:
    with pytest.raises(SyntaxError):
        in_python("def")


def test_template_with_all_its_tags() -> None:
    source = """{% load i18n %}<p class="x">{% translate "It's 100 %" %} {% trans 'single' context "a place" %}</p>
    {% include "a.html" with title=_("In an include") %}{{ value|default:_("none") }}
    {% blocktranslate trimmed with n=number %}
      So <b>{{ n }}</b>
      of 100 %
    {% endblocktranslate %}
    {% blocktranslate count n=rows %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}
    {% comment %}{% translate "not this" %}{% endcomment %}"""
    assert in_template(source) == [
        Message("It's 100 %%"),
        Message("single", context="a place"),
        Message("In an include"),
        Message("none"),
        Message("So <b>%(n)s</b> of 100 %%"),
        Message("%(n)s row", "%(n)s rows"),
    ]


def test_files_that_say_a_text_are_told(tmp_path: Path) -> None:
    for name, source in {
        "partners/a.py": 'from django.utils.translation import gettext as _\n_("both")\n',
        "partners/migrations/0001_old.py": 'from django.utils.translation import gettext as _\n_("old")\n',
        "templates/b.html": '{% load i18n %}{% translate "both" %}',
        "templates/mail/c.txt": '{% load i18n %}{% translate "mail" %}',
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    assert gather(tmp_path).messages == {
        Message("both"): {"partners/a.py", "templates/b.html"},
        Message("mail"): {"templates/mail/c.txt"},
    }


def test_text_that_counts_and_one_that_does_not_stand_beside_each_other() -> None:
    found = Gathered()
    found.add(Message("%(n)d row", "%(n)d rows"), "a.py")
    with pytest.raises(ValueError, match=r"b\.py: “%\(n\)d row” has another plural in a\.py"):
        found.add(Message("%(n)d row", "%(n)d lines"), "b.py")
    with pytest.raises(ValueError, match=r"c\.py: “%\(n\)d row” has another plural in a\.py"):
        found.add(Message("%(n)d row"), "c.py")
