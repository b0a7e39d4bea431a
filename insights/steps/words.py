"""What the rules, their evidence and what they lack are called, and the shipped playbooks (guidance.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from insights.steps.rules import Lack, Rule


@dataclass(frozen=True, slots=True)
class Shipped:
    """Advice for a rule: the problem, what to consider, what to try."""

    title: Promise
    problem: Promise
    consider: Promise
    attempt: tuple[Promise, ...]


PLAYBOOKS: Mapping[Rule, Shipped] = MappingProxyType(
    {
        Rule.LOW_ADOPTION: Shipped(
            _("Raise adoption"),
            _("Adoption is low, and many licences lie unused."),
            _(
                "The customer may not see what the software could do for it. Help it picture where the software fits "
                "into a working day: easing what people do already, or making new things possible."
            ),
            (
                _("Case studies of customers like this one."),
                _("Testimonials for its kind of work."),
                _("Tutorial posts and videos."),
            ),
        ),
        Rule.MANY_QUESTIONS: Shipped(
            _("Offer training and self-service"),
            _("Many calls ask for help with how to do things."),
            _("People may be new to the software, to this version of it, or to their task."),
            (
                _("Offer training, in person or online, so that people know how."),
                _(
                    "Put self-service in front of them: a support page with the answers that are asked for most, beside "
                    "the contact details."
                ),
            ),
        ),
        Rule.RENEW: Shipped(
            _("Renew what is in use"),
            _("People rely on something that is about to stop."),
            _("What stops when, and who decides at the customer."),
            (_("Renew or replace the subscription before the date shown."),),
        ),
        Rule.CONVERT_TRIAL: Shipped(
            _("Convert the trial"),
            _("A trial is in real use."),
            _("Who uses it, and for what."),
            (_("Make an offer for the users counted."),),
        ),
        Rule.SELL_MORE: Shipped(
            _("Offer more licences"),
            _("The licences don't suffice any more."),
            _("Growth, seasonal staff, people without a licence."),
            (_("Offer additional licences, or the next SKU up."),),
        ),
        Rule.RIGHT_SIZE: Shipped(
            _("Right-size before the date"),
            _("The customer pays for what nobody uses."),
            _("Are these licences needed soon? Was the roll-out finished?"),
            (_("First raise adoption."), _("Else agree on fewer seats at the date shown.")),
        ),
        Rule.EXPLAIN_INFLATION: Shipped(
            _("Explain usage above 100 %"),
            _("The figure is higher than the truth."),
            _("Its causes: staff turnover, a second subscription for the same SKU, a trial, use beyond the licence."),
            (
                _("Turnover: take licences back from leavers."),
                _("Second subscription: end the double one."),
                _("Trial: convert it."),
                _("Use beyond the licence: license the users."),
            ),
        ),
    }
)

_WEIGHTS: Mapping[Rule, Promise] = MappingProxyType(
    {
        Rule.LOW_ADOPTION: ngettext_lazy("%(shown)s licence", "%(shown)s licences", "number"),
        Rule.MANY_QUESTIONS: ngettext_lazy("%(shown)s case", "%(shown)s cases", "number"),
        Rule.RENEW: ngettext_lazy("%(shown)s person", "%(shown)s people", "number"),
        Rule.CONVERT_TRIAL: ngettext_lazy("%(shown)s person", "%(shown)s people", "number"),
        Rule.SELL_MORE: ngettext_lazy("%(shown)s licence", "%(shown)s licences", "number"),
        Rule.RIGHT_SIZE: ngettext_lazy("%(shown)s licence", "%(shown)s licences", "number"),
        Rule.EXPLAIN_INFLATION: ngettext_lazy("%(shown)s entitlement", "%(shown)s entitlements", "number"),
    }
)


def weight_words(rule: Rule, number: int, shown: str) -> str:
    """What a suggestion of the rule is about, counted; `shown` is the number as the person's locale writes it."""
    return _WEIGHTS[rule] % {"number": number, "shown": shown}


FACTS: Mapping[str, Promise] = MappingProxyType(
    {
        "cases_per_100": _("How-to cases for 100 active people"),
        "how_to_cases": _("How-to cases in 28 days"),
        "beyond_pct": _("Use beyond the licence, of total entitlements"),
        "sku": _("SKU"),
        "subscription_id": _("Subscription"),
        "status": _("Status"),
        "cancel_until": _("Can be cancelled until"),
        "term_end": _("Term ends"),
        "active_in_subscription": _("People who used it in 28 days"),
        "subscription_usage_pct": _("Usage of this subscription"),
        "trial_share_pct": _("Users of the trial who were active"),
        "unused_pct": _("Idle or unassigned for 56 days"),
        "unused_56_days": _("Licences idle or unassigned for 56 days"),
    }
)
"""What evidence is called that is no word of the metrics (`insights.terms` has those)."""

LACKS: Mapping[Lack, Promise] = MappingProxyType(
    {
        Lack.COVERAGE: _("fewer than 28 days of the window are covered"),
        Lack.COVERAGE_BEFORE: _("fewer than 28 days of the window before are covered"),
        Lack.CASES: _("no support case was ever delivered"),
        Lack.ACTIVE_USERS: _("nobody was active, so that there is no rate"),
    }
)

LIMITS: Mapping[str, tuple[Rule, Promise]] = MappingProxyType(
    {
        "licences": (Rule.LOW_ADOPTION, _("With so many licences or more")),
        "low_deployment": (Rule.LOW_ADOPTION, _("Deployment below (percent)")),
        "low_usage": (Rule.LOW_ADOPTION, _("Usage below (percent)")),
        "case_rate": (Rule.MANY_QUESTIONS, _("How-to cases for 100 active people, so many or more")),
        "cases": (Rule.MANY_QUESTIONS, _("How-to cases, so many or more")),
        "renew_days": (Rule.RENEW, _("The term ends within (days)")),
        "renew_usage": (Rule.RENEW, _("Usage of the subscription above (percent)")),
        "trial_share": (Rule.CONVERT_TRIAL, _("Users who were active, so many or more (percent)")),
        "trial_days": (Rule.CONVERT_TRIAL, _("Or the trial ends within (days)")),
        "full_deployment": (Rule.SELL_MORE, _("Deployment of so much or more (percent)")),
        "full_usage": (Rule.SELL_MORE, _("And adjusted usage of so much or more (percent)")),
        "beyond": (Rule.SELL_MORE, _("Or use beyond the licence, so much or more (percent)")),
        "idle_share": (Rule.RIGHT_SIZE, _("Idle or unassigned, so much or more (percent)")),
        "idle_licences": (Rule.RIGHT_SIZE, _("And so many licences or more")),
        "right_size_days": (Rule.RIGHT_SIZE, _("A date within (days)")),
        "inflated_usage": (Rule.EXPLAIN_INFLATION, _("Usage above (percent)")),
    }
)
"""By threshold the rule that it belongs to, and what it is called."""
