"""Single values of Partner Center's files, and what every one of its JSON files has: an envelope and items."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _

from customers.feed.values import MAX_QUANTITY, canonical_guid
from customers.imports.json_items import JsonItems, Outline, outline
from customers.imports.reading import About, FileNotTakenError, Format, Sample, Sink

Item = Mapping[str, Any]

_MOST_TEXT = 256
_MOST_SHOWN = 100
# The documented samples have blanks after the colons of a time.
_MOMENT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ] ?(?P<hour>[0-9]{2}): ?(?P<minute>[0-9]{2})(?:: ?[0-9]{2}(?:\.[0-9]*)?)? ?(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_CUSTOMER_IN_LINK = re.compile(r"/customers/([0-9A-Fa-f-]{32,36})(?:/|$)")
_USER_IN_LINK = re.compile(r"/users/([^/?]+)(?:/|$)")
_FIRST_YEAR, _LAST_YEAR = 1900, 9000


class BadFieldError(ValueError):
    """A record isn't taken because of one of its values; the message is for people."""

    def __init__(self, reason: str, *, column: str = "", value: Any = "") -> None:
        super().__init__(reason)
        self.column = column
        self.value = shown(value)


def shown(value: Any) -> str:
    """A value as a report shows it."""
    text = "" if value is None else str(value)
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"


def value_at(item: Item, path: str) -> Any:
    """What stands at `path` (`companyProfile.tenantId`); nothing where something on the way is missing."""
    value: Any = item
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def text_at(item: Item, path: str) -> str:
    """A text, or nothing. Raises BadFieldError: neither, or too long."""
    value = value_at(item, path)
    if value is None:
        return ""
    text = " ".join(str(value).split()) if isinstance(value, str | int | float) else "…"
    if not isinstance(value, str | int | float) or len(text) > _MOST_TEXT:
        raise BadFieldError(
            _("Expected a text of at most %(most)d characters.") % {"most": _MOST_TEXT}, column=path, value=value
        )
    return text


def needed_text(item: Item, path: str) -> str:
    """A text. Raises BadFieldError where there is none."""
    text = text_at(item, path)
    if not text:
        raise BadFieldError(_("It is missing; expected a text."), column=path)
    return text


def guid_at(item: Item, path: str) -> str:
    """A GUID in its one form. Raises BadFieldError."""
    value = value_at(item, path)
    found = canonical_guid(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise BadFieldError(_("Expected a GUID: 32 hexadecimal digits, or 8-4-4-4-12."), column=path, value=value)
    return found


def count_at(item: Item, path: str) -> str:
    """A whole number from 0 on, also one in quotes. Raises BadFieldError."""
    value = value_at(item, path)
    text = str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    digits = text.removesuffix(".0")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10 and int(digits) <= MAX_QUANTITY):
        raise BadFieldError(
            _("Expected a whole number from 0 to %(most)d.") % {"most": MAX_QUANTITY}, column=path, value=value
        )
    return str(int(digits))


def flag_at(item: Item, path: str) -> str:
    """`true`, `false` or nothing. Raises BadFieldError."""
    value = value_at(item, path)
    text = "" if value is None else str(value).strip().casefold()
    if text not in ("", "true", "false"):
        raise BadFieldError(_("Expected true or false."), column=path, value=value)
    return text


def day_at(item: Item, path: str) -> str:
    """The day (UTC) of a moment; nothing for nothing and for the years that stand for it. Raises BadFieldError."""
    value = value_at(item, path)
    if value is None or value == "":
        return ""
    found = day_of(value) if isinstance(value, str) else None
    if found is None:
        raise BadFieldError(_("Expected a day, or a moment such as 2026-01-31T00:00:00Z."), column=path, value=value)
    # domain: 0001-01-01 stands for none, 9999-… for a subscription that doesn't end.
    return found.isoformat() if _FIRST_YEAR <= found.year < _LAST_YEAR else ""


def day_of(text: str) -> date | None:
    """The day in UTC of a day or moment in ISO form, without a zone: as it stands."""
    written = _MOMENT.fullmatch(text.strip())
    if written is None:
        return None
    try:
        day = date.fromisoformat(written["day"])
        if not written["zone"] or written["zone"].upper() == "Z":
            return day
        moment = datetime(day.year, day.month, day.day, int(written["hour"]), int(written["minute"]), tzinfo=UTC)
        return (moment - _offset(written["zone"])).date()
    except (ValueError, OverflowError):
        return None


def _offset(zone: str) -> timedelta:
    digits = zone[1:].replace(":", "")
    return timezone(timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))).utcoffset(None) * (
        -1 if zone[0] == "-" else 1
    )


def customer_of(item: Item, about: About, *columns: str) -> str:
    """The tenant id of the customer that a record is about: in one of `columns`, else in its link, else as named.

    Raises BadFieldError: nowhere, or another one than the one named.
    """
    stated = next((guid_at(item, column) for column in columns if value_at(item, column)), "") or _linked(item)
    if stated and about.customer is not None and stated != str(about.customer):
        raise BadFieldError(
            _("It is about the customer %(stated)s; expected the one that was named, %(named)s.")
            % {"stated": stated, "named": about.customer}
        )
    if not stated and about.customer is None:
        raise BadFieldError(_("It doesn't say which customer it is about; name the customer."))
    return stated or str(about.customer)


def _linked(item: Item) -> str:
    link = value_at(item, "links.self.uri")
    found = _CUSTOMER_IN_LINK.search(link) if isinstance(link, str) else None
    return (found and canonical_guid(found[1])) or ""


def user_in_link(item: Item) -> str:
    """The user whom a record's link names."""
    link = value_at(item, "links.self.uri")
    found = _USER_IN_LINK.search(link) if isinstance(link, str) else None
    return found[1] if found else ""


def sku_of(name: str, about: About, *, column: str, customer: str, subscription: str) -> str:
    """The SKU of a subscription by its product's name; of several the one that it had, else the only one that the customer has.

    Raises BadFieldError.
    """
    named = set(about.catalogue.skus_named(name)) if name else set()
    known = about.catalogue.sku_of(customer=UUID(customer), subscription_id=subscription)
    if known is not None and (not named or known in named):
        return str(known)
    if len(named) > 1:
        named = named & set(about.catalogue.skus_of(UUID(customer))) or named
    if len(named) == 1:
        return str(named.pop())
    if not named:
        reason = _("The catalogue has no product of this name, and nothing else says which SKU it is.")
    else:
        reason = _("%(count)d products have this name, and nothing else says which of them it is.") % {
            "count": len(named)
        }
    raise BadFieldError(reason, column=column, value=name)


Take = Callable[[int, Item], None]


def read_items(stream: BinaryIO, sink: Sink, take: Take) -> None:
    """Hand on each item; those that raise BadFieldError are refused. Raises FileNotTakenError where this isn't JSON."""
    items = JsonItems(stream)
    count = 0
    for count, item in items:
        _take_one(count, item, sink, take)
    _remark_pages(items.envelope, count, sink)


def _take_one(number: int, item: Any, sink: Sink, take: Take) -> None:
    if not isinstance(item, Mapping):
        sink.refuse(number, value=shown(item), reason=_("This is no record; expected an object in braces."))
        return
    try:
        take(number, item)
    except BadFieldError as error:
        sink.refuse(number, column=error.column, value=error.value, reason=str(error))


def _remark_pages(envelope: Item, count: int, sink: Sink) -> None:
    total = next((value for name, value in envelope.items() if name.casefold() == "totalcount"), None)
    if isinstance(total, int) and total > count:
        sink.remark(
            _("The file has %(count)d of %(total)d records: the other pages are in other files.")
            % {"count": count, "total": total}
        )


def by_item(judge: Callable[[set[str]], bool]) -> Callable[[Sample], bool]:
    """Recognises JSON by the names in its first item."""

    def recognise(sample: Sample) -> bool:
        found: Outline | None = outline(sample.text)
        return found is not None and judge(found.item)

    return recognise


def refused(code: str, title: Any, judge: Callable[[set[str]], bool], reason: Any) -> Format:
    """A format that carries nothing to import: recognised, and refused with the reason."""

    def read(_stream: BinaryIO, _about: About, _sink: Sink) -> None:
        raise FileNotTakenError(str(reason))

    return Format(code, title, by_item(judge), read)
