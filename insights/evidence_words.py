"""What likely causes of a difference from a vendor's percentage are called on a page."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from insights.evidence import Cause

CAUSE_WORDS: dict[Cause, Promise] = {
    Cause.CHANNEL: _("The vendor counts one sales channel; here all sellers count."),
    Cause.PEOPLE: _("The vendor counts people; here entitlements count."),
    Cause.CURRENT: _(
        "The vendor leaves out use by former holders, of lapsed and trial subscriptions, and without a licence."
    ),
    Cause.BLOCKED: _("The vendor counts blocked licences as entitled."),
    Cause.GRACE: _("The vendor seems to count subscriptions in grace or beyond, which don't count as sold here."),
    Cause.TRIAL: _("The vendor seems to count trial licences, which don't count as sold here."),
    Cause.CONCEALED: _("The customer's reports conceal names: use can't be told to belong to a licence here."),
    Cause.COVERAGE: _("Not every day of the window was delivered here: our usage is a lower bound."),
    Cause.PRORATED: _(
        "The vendor's percentage isn't that of its own two numbers: it is prorated or adjusted by a rule that it doesn't tell."
    ),
    Cause.UNKNOWN: _("No cause is known: the vendor doesn't say how its numbers are made."),
}
