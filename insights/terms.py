"""Every word of the metrics in plain words, with its formula (metrics.md); what pages show behind a figure."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Term:
    """A word of metrics.md. `name` is its exact word, the same in the database, the code, the API and the screen."""

    name: str
    title: Promise
    """What it is called on a page."""
    meaning: Promise
    formula: Promise | str = ""
    numerator: str = ""
    """Of a percentage: the count above the line."""
    denominator: str = ""
    """Of a percentage: the count below the line."""
    said_only: bool = False
    """Whether it is a word of people alone, which files and the API don't have."""

    @property
    def formula_is_code(self) -> bool:
        """Whether the formula has nothing but exact words in it, the same in all languages."""
        return isinstance(self.formula, str)


@dataclass(frozen=True, slots=True)
class Chapter:
    """Terms that are explained together."""

    anchor: str
    title: Promise
    terms: tuple[Term, ...]


WORDS = Chapter(
    "words",
    _("Words"),
    (
        Term(
            "partner",
            pgettext_lazy("term", "Partner"),
            _("A cloud reseller. Its staff sign in to Seatwise."),
            said_only=True,
        ),
        Term(
            "customer",
            pgettext_lazy("term", "Customer"),
            _("An organisation that buys licences, perhaps from several partners, and from the vendor directly."),
        ),
        Term(
            "seller",
            pgettext_lazy("term", "Seller"),
            _(
                "Who sold a subscription. Figures count all sellers together; “sold by us” counts your own "
                "subscriptions alone, without use by people who have no licence."
            ),
        ),
        Term(
            "family",
            pgettext_lazy("term", "Product family"),
            _("Office 365, Dynamics 365 and the like. A family counts when the operator has switched it on."),
        ),
        Term(
            "sku",
            pgettext_lazy("term", "SKU"),
            _("What is sold, e.g. Office 365 E3. It belongs to one family and contains workloads."),
        ),
        Term(
            "workload",
            pgettext_lazy("term", "Workload"),
            _(
                "A service people use: Exchange, SharePoint, Teams and so on. OneDrive counts as SharePoint. The row "
                "“any” asks whether somebody used at least one workload; rows of different workloads are never added up."
            ),
        ),
        Term(
            "subscription",
            pgettext_lazy("term", "Subscription"),
            _("A customer's purchase of a number of licences of one SKU."),
            said_only=True,
        ),
        Term("licence", pgettext_lazy("term", "Licence"), _("One seat of a subscription."), said_only=True),
        Term("date", pgettext_lazy("term", "As-of date"), _("The day that a figure describes: a calendar day in UTC.")),
        Term(
            "window",
            pgettext_lazy("term", "Window"),
            _("The 28 calendar days that end with the as-of date, both ends included."),
            said_only=True,
        ),
    ),
)
LICENCES = Chapter(
    "licences",
    _("Licences"),
    (
        Term(
            "qualifies",
            pgettext_lazy("term", "Qualifying subscription"),
            _(
                "As of the day it is active, it is no trial, and its family is switched on. Only such subscriptions "
                "count as sold."
            ),
            said_only=True,
        ),
        Term(
            "sold",
            pgettext_lazy("term", "Sold"),
            _("The licences that were bought."),
            _("sum of the quantities of qualifying subscriptions"),
        ),
        Term(
            "blocked",
            pgettext_lazy("term", "Blocked"),
            _(
                "Licences that are taken but give no right to use: suspended for fraud or non-payment, upgraded or "
                "cancelled."
            ),
            _(
                "per qualifying subscription: people with a blocked licence, at most what current entitlements leave free"
            ),
        ),
        Term(
            "entitlements",
            pgettext_lazy("term", "Entitled"),
            _("Total entitlements: the licences that somebody could be using. The denominator of usage."),
            "sold - blocked",
        ),
        Term(
            "assigned",
            pgettext_lazy("term", "Assigned"),
            _(
                "Handed out: current entitlements, each a person who holds a licence of a qualifying subscription on the day."
            ),
        ),
        Term(
            "allotted",
            pgettext_lazy("term", "Allotted"),
            _(
                "The vendor says who holds a licence of which SKU, never of which subscription. Such a licence is counted "
                "with a subscription of the SKU that has room on its first day: qualifying ones first, then in grace, "
                "disabled, trials, the oldest of each first; what fits nowhere goes to the first. It stays there until "
                "that subscription ends, shrinks or becomes another SKU."
            ),
            said_only=True,
        ),
        Term(
            "unassigned",
            pgettext_lazy("term", "Unassigned"),
            _("Bought and not handed out."),
            _("entitlements - assigned where that is above 0, per SKU and seller, then summed"),
        ),
        Term(
            "overassigned",
            pgettext_lazy("term", "Overassigned"),
            _(
                "More handed out than bought. It can lift usage above 100 % with current entitlements alone, without any "
                "of the four causes."
            ),
            _("assigned - entitlements where that is above 0, per SKU and seller, then summed"),
        ),
        Term(
            "idle",
            pgettext_lazy("term", "Idle"),
            _(
                "Handed out and not used in the window: the licences at stake when the customer renews. 0 where nothing "
                "was measured."
            ),
            "assigned - active_current",
        ),
    ),
)
USE = Chapter(
    "use",
    _("Use"),
    (
        Term(
            "active",
            pgettext_lazy("term", "Active"),
            _(
                "Entitlements that were used: the person worked with the workload on a day of the window on which he or "
                "she held the licence; and people who used it without a licence."
            ),
            "active_current + active_former + active_lapsed + active_trial + active_unlicensed",
        ),
        Term(
            "active_current",
            pgettext_lazy("term", "Active, current"),
            _("Used, and the licence is still the person's as of the day."),
        ),
        Term(
            "active_former",
            pgettext_lazy("term", "Turnover"),
            _(
                "The licence ended for this person or moved on (staff turnover, upgrade, cancellation, suspension), and "
                "was used within the window before that."
            ),
        ),
        Term(
            "active_lapsed",
            pgettext_lazy("term", "Second subscription"),
            _(
                "A subscription in grace, disabled or deprovisioned was used within the window; only active ones are in "
                "the total. Where no active one of the SKU stands beside it, it is called a lapsed subscription in use."
            ),
        ),
        Term("active_trial", pgettext_lazy("term", "Trial"), _("Trial use counts, trial licences don't.")),
        Term(
            "active_unlicensed",
            pgettext_lazy("term", "Use beyond the licence"),
            _("People used the workload without a licence for it, where the workload lets them (at first: Yammer)."),
        ),
        Term(
            "users",
            pgettext_lazy("term", "People"),
            _("Distinct people with a current entitlement. Somebody with two licences is one."),
        ),
        Term(
            "active_users", pgettext_lazy("term", "Active people"), _("Distinct people behind the active entitlements.")
        ),
    ),
)
MEASURED = Chapter(
    "coverage",
    _("What was measured"),
    (
        Term(
            "covered_days",
            pgettext_lazy("term", "Covered days"),
            _(
                "The days of the window for which activity was delivered, be it none. Below 28 usage is a lower bound, "
                "and is marked by ≥."
            ),
        ),
        Term(
            "measured",
            pgettext_lazy("term", "Measured"),
            _(
                "A row is measured when at least one day of its window is covered. What was never delivered is not mistaken for people who don't work."
            ),
            said_only=True,
        ),
        Term(
            "measured_entitlements",
            pgettext_lazy("term", "Measured entitlements"),
            _("The entitlements of measured rows: what usage is divided by."),
        ),
        Term(
            "measured_users",
            pgettext_lazy("term", "Measured people"),
            _("The people of measured rows: what usage by people is divided by."),
        ),
    ),
)
FIGURES = Chapter(
    "figures",
    _("Figures"),
    (
        Term(
            "deployment_pct",
            pgettext_lazy("term", "Deployment"),
            _("How much of what was sold has been handed out."),
            "100 * assigned / sold",
            "assigned",
            "sold",
        ),
        Term(
            "usage_pct",
            pgettext_lazy("term", "Usage"),
            _(
                "How much of what could be used was used, everything that was used included. It may pass 100 %, and is "
                "never cut off: the causes say why."
            ),
            "100 * active / measured_entitlements",
            "active",
            "measured_entitlements",
        ),
        Term(
            "adjusted_usage_pct",
            pgettext_lazy("term", "Adjusted usage"),
            _("Usage by current entitlements alone, without the four causes."),
            "100 * active_current / measured_entitlements",
            "active_current",
            "measured_entitlements",
        ),
        Term(
            "user_usage_pct",
            pgettext_lazy("term", "Usage by people"),
            _(
                "The younger definition in use in the field: people instead of entitlements. It stands beside usage, never instead of it."
            ),
            "100 * active_users / measured_users",
            "active_users",
            "measured_users",
        ),
        Term(
            "no_figure",
            pgettext_lazy("term", "Dash (–)"),
            _("There is no figure: nothing was sold, or nothing was delivered. That is neither 0 nor 100."),
            said_only=True,
        ),
    ),
)
CHAPTERS = (FIGURES, LICENCES, USE, MEASURED, WORDS)
TERMS = {term.name: term for chapter in CHAPTERS for term in chapter.terms}


def term_of(name: str) -> Term:
    """The term of that exact name; KeyError for a word that metrics.md doesn't have."""
    return TERMS[name]
