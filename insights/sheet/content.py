"""What stands on a customer's page in print: words and figures as text, in the language of whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

from insights.causes import causes_of
from insights.exported import definitions
from insights.grain import By
from insights.selectors.customer_insights import CustomerFigures, Group
from insights.selectors.insight_rows import InsightRow, Question
from insights.terms import term_of
from insights.window import WINDOW_DAYS
from partners.templatetags.seatwise import count, day, percent

MOST_SKUS = 12
"""So many fit beside the rest; those with most licences at stake."""
FONTS = ("Noto Sans", "Noto Sans CJK SC", "DejaVu Sans", "Libertinus Serif")
"""The first that the machine has for a letter; the last one comes with Typst."""
COLOURS = {"deployment_pct": "#4a6fa5"}
USED = "#12808a"
TILES = ("deployment_pct", "usage_pct", "adjusted_usage_pct", "user_usage_pct")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose figures the page shows, and to whom they were told."""

    customer: str
    partner: str
    question: Question


def content(subject: Subject, found: CustomerFigures) -> dict[str, Any]:
    """The page's data, JSON values only; of a customer without a row the lead says so."""
    row, language = found.headline, get_language() or "en"
    code, _joint, region = to_locale(language).partition("_")
    return {
        "title": _("Licences of %(customer)s") % {"customer": subject.customer},
        "customer": subject.customer,
        "partner": subject.partner,
        "language": code,
        "region": "CN" if region == "Hans" else None,
        "fonts": FONTS,
        "lead": _lead(subject, row),
        "tiles": [_tile(name, row) for name in TILES] if row else [],
        "tables": [_skus(found), _workloads(found)] if row else [],
        "causes_title": _("Why usage is above what current licences use"),
        "causes": [f"{cause.label}: {count(number)}" for cause, number in causes_of(row)] if row else [],
        "footer": _("Seatwise, definitions %(version)s.") % {"version": definitions()},
    }


def _lead(subject: Subject, row: InsightRow | None) -> str:
    as_of = _("As of %(day)s.") % {"day": day(subject.question.day)}
    if row is None:
        return f"{as_of} {_('There are no licences to count.')}"
    covered = _("%(covered)d of %(days)d days covered.") % {"covered": row["covered_days"], "days": WINDOW_DAYS}
    return f"{as_of} {covered}"


def _tile(name: str, row: InsightRow) -> dict[str, Any]:
    term, value = term_of(name), row[name]
    return {
        "title": str(term.title),
        "value": _figure(name, row),
        "share": value,
        "colour": COLOURS.get(name, USED),
        "note": _("%(part)s of %(whole)s")
        % {"part": count(row[term.numerator]), "whole": count(row[term.denominator])},
    }


def _figure(name: str, row: InsightRow) -> str:
    """Below 28 covered days usage is at least that much."""
    bound = name != "deployment_pct" and row[name] is not None and row["covered_days"] < WINDOW_DAYS
    return f"≥ {percent(row[name])}" if bound else percent(row[name])


def _skus(found: CustomerFigures) -> dict[str, Any]:
    groups = sorted(found.of(By.SKU), key=_at_stake)
    names = ("sold", "assigned", "deployment_pct", "usage_pct", "idle", "unassigned")
    rest = len(groups) - MOST_SKUS
    more = ngettext("And one more SKU.", "And %(number)s more SKUs.", rest) % {"number": rest} if rest > 0 else ""
    return {
        "title": _("Per SKU"),
        "columns": [str(term_of(name).title) for name in ("sku", *names)],
        "rows": [[group.whole["sku"] or "", *_cells(group.whole, names)] for group in groups[:MOST_SKUS]],
        "more": more,
    }


def _at_stake(group: Group) -> tuple[int, str]:
    return -(group.whole["idle"] + group.whole["unassigned"]), (group.whole["sku"] or "").casefold()


def _workloads(found: CustomerFigures) -> dict[str, Any]:
    names = ("measured_entitlements", "active", "usage_pct", "adjusted_usage_pct")
    rows = found.of(By.ALL)[0].workloads
    return {
        "title": _("Per workload"),
        "columns": [str(term_of(name).title) for name in ("workload", *names)],
        "rows": [[row["workload_name"] or row["workload"], *_cells(row, names)] for row in rows],
        "more": "",
    }


def _cells(row: InsightRow, names: Sequence[str]) -> list[str]:
    return [_figure(name, row) if name.endswith("_pct") else count(row[name]) for name in names]
