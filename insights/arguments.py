"""Arguments of this app's commands: what they mean, and what is said when they are wrong."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from datetime import date
from uuid import UUID

from django.core.management.base import CommandError

from partners.models import Partner
from partners.selectors.partners import UnknownPartnerError, partner_by_slug

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def a_day(text: str) -> date:
    """A day from an argument."""
    try:
        return date(*map(int, _DAY.fullmatch(text).groups()))  # type: ignore[union-attr]
    except (AttributeError, ValueError):
        raise ArgumentTypeError(f"{text!r} is no day; expected YYYY-MM-DD") from None


def a_guid(text: str) -> UUID:
    """A customer's id from an argument."""
    try:
        return UUID(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no customer id; expected a GUID") from None


def the_partner(slug: str) -> Partner:
    """The partner that is meant. Raises CommandError."""
    try:
        return partner_by_slug(slug)
    except UnknownPartnerError as error:
        raise CommandError(str(error)) from None
