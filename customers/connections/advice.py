"""What a connection's state is called, and what somebody has to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.connections.failures import Problem


@dataclass(frozen=True, slots=True)
class Advice:
    """A state in words. `link`: the consent's link has to be opened by an administrator of the tenant."""

    title: Promise
    to_do: Promise
    link: bool = False


PERMISSIONS = ("Organization.Read.All", "Reports.Read.All", "User.Read.All")
"""What a customer consents to: application permissions of Microsoft Graph, all of them for reading only."""
_OPEN_LINK = _("Ask the customer's administrator to open the link for the consent.")
WAITING = Advice(_("Waits for the consent"), _OPEN_LINK, link=True)
ASKED = Advice(_("Is pulled soon"), _("Nothing; a worker begins within a minute."))
RUNNING = Advice(_("Is being pulled"), _("Nothing; the page shows how far it is."))
WORKS = Advice(_("Works"), _("Nothing; it is pulled every night."))

ADVICE: dict[Problem, Advice] = {
    Problem.NO_KEY: Advice(
        _("The installation has no key"), _("Its operator has to set SEATWISE_KEYS; until then nothing is pulled.")
    ),
    Problem.NO_APPLICATION: Advice(_("No application"), _("Register your application on the page “Application”.")),
    Problem.SECRET_UNREADABLE: Advice(
        _("The secret can't be read"),
        _("None of the installation's keys opens it. Enter the secret anew on the page “Application”."),
    ),
    Problem.SECRET_WRONG: Advice(
        _("The secret is wrong"),
        _("The vendor refused it: enter the secret's value, not its id, on the page “Application”."),
    ),
    Problem.SECRET_EXPIRED: Advice(
        _("The secret has expired"),
        _("Make a new one in your application registration, and enter it on the page “Application”."),
    ),
    Problem.TENANT_UNKNOWN: Advice(
        _("No such tenant"), _("The vendor knows no tenant of this id. Remove the connection, and add the right one.")
    ),
    Problem.OTHER_TENANT: Advice(
        _("Another tenant answered"), _("Remove the connection, and connect the tenant that you mean.")
    ),
    Problem.CONSENT_MISSING: Advice(_("The consent is missing"), _OPEN_LINK, link=True),
    Problem.CONSENT_WITHDRAWN: Advice(
        _("The consent was withdrawn"),
        _(
            "The vendor no longer lets your application in. Ask the customer's administrator to open the link for the consent again."
        ),
        link=True,
    ),
    Problem.CONSENT_REFUSED: Advice(
        _("The consent was refused"),
        _("Talk to the customer; its administrator can still open the link for the consent."),
        link=True,
    ),
    Problem.NEEDS_CLAIM: Advice(
        _("The customer isn't known yet"),
        _("Its tenant doesn't say name, domain and country. Claim the customer with them, then pull again."),
    ),
    Problem.NOT_SERVED: Advice(
        _("You don't serve this customer"),
        _("The relationship has ended, or hasn't begun. Talk to the operator of this installation."),
    ),
    Problem.THROTTLED: Advice(
        _("The vendor asks to wait"), _("Nothing; the pull goes on where it was as soon as it may.")
    ),
    Problem.UNREACHABLE: Advice(
        _("The vendor doesn't answer"), _("Nothing; it is tried again, after longer and longer pauses.")
    ),
    Problem.UNEXPECTED: Advice(
        _("The vendor's answer isn't as expected"),
        _("It is tried again. If it stays like this for days, tell the operator of this installation."),
    ),
    Problem.UNSAFE: Advice(
        _("The vendor's answer leads elsewhere"),
        _("Nothing was sent there. Tell the operator of this installation."),
    ),
    Problem.TOO_LARGE: Advice(
        _("The vendor's answer is too large"), _("Import this customer's reports as files instead.")
    ),
    Problem.NOT_IMPORTED: Advice(
        _("Nothing of it could be imported"),
        _("Below stands what was refused, and why. It is tried again every night."),
    ),
}
