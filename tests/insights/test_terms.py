"""Every word of the metrics is explained, under its exact name."""

from __future__ import annotations

import pytest

from insights.causes import CAUSES
from insights.metrics import ACTIVE, COUNTS, PERCENTAGES
from insights.terms import CHAPTERS, TERMS
from partners.permissions import Role
from tests.people import make_partner, make_staff, signed_in


def test_every_count_and_figure_is_explained() -> None:
    derived = {"active", "idle", "measured_entitlements", "measured_users", "covered_days"}
    assert {*COUNTS, *PERCENTAGES, *derived} - set(TERMS) == set()


def test_no_word_is_explained_twice() -> None:
    assert len(TERMS) == sum(len(chapter.terms) for chapter in CHAPTERS)


def test_percentages_name_their_two_counts() -> None:
    named = {name: (TERMS[name].numerator, TERMS[name].denominator) for name in PERCENTAGES}
    assert named == PERCENTAGES


def test_the_causes_are_what_active_has_beyond_current() -> None:
    assert ("active_current", *(cause.count for cause in CAUSES)) == ACTIVE


@pytest.mark.django_db
def test_the_page_has_an_anchor_for_every_term() -> None:
    reader = make_staff(make_partner(), Role.SALES_AGENT)
    page = signed_in(reader).get("/terms/").content.decode()
    assert [name for name in TERMS if page.count(f'id="{name}"') != 1] == []
