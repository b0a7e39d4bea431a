"""What can be wrong with a line, and the sentence that says so."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Fault(StrEnum):
    """Why a line is bad (feed.md, "Loading")."""

    RECORD = "record"
    LONG_LINE = "long_line"
    FIELDS = "fields"
    ENCODING = "encoding"
    EMPTY = "empty"
    LONG_64 = "long_64"
    LONG_256 = "long_256"
    LONG_10000 = "long_10000"
    GUID = "guid"
    DAY = "day"
    BOOLEAN = "boolean"
    NOT_RETRACTABLE = "not_retractable"
    QUANTITY = "quantity"
    SCORE = "score"
    PRICE = "price"
    COUNTRY = "country"
    CURRENCY = "currency"
    STATUS = "status"
    STATE = "state"
    KIND = "kind"
    SELLER = "seller"
    RESERVED = "reserved"
    MAILBOX = "mailbox"
    METRIC = "metric"
    PERCENT = "percent"
    FUTURE = "future"
    ORDER = "order"
    SLUG_TAKEN = "slug_taken"
    NAME_TAKEN = "name_taken"
    UNKNOWN_PARTNER = "unknown_partner"
    UNKNOWN_CUSTOMER = "unknown_customer"
    UNKNOWN_SUBSCRIPTION = "unknown_subscription"
    UNKNOWN_SKU = "unknown_sku"
    UNKNOWN_SERVICE = "unknown_service"
    UNKNOWN_CASE = "unknown_case"
    UNKNOWN_RESPONSE = "unknown_response"
    SOURCE = "source"
    OVERLAP = "overlap"
    OTHER_CUSTOMER = "other_customer"
    OTHER_SELLER = "other_seller"


class BadValueError(ValueError):
    """A value that can't be read; carries the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


SENTENCES: dict[Fault, str | Promise] = {
    Fault.RECORD: _("%(value)s can't be read as CSV; expected quotes that are closed and stand around a whole value."),
    Fault.LONG_LINE: _("the line that begins with %(value)s is too long; expected less than 1,000,000 characters."),
    Fault.FIELDS: _("the record has %(value)s fields; expected %(expected)s, as the header line has."),
    Fault.ENCODING: _("%(value)s can't be read as text; expected UTF-8 without NUL characters."),
    Fault.EMPTY: _("the value is missing; expected one, the column is not optional."),
    Fault.LONG_64: _("%(value)s is too long; expected at most 64 characters."),
    Fault.LONG_256: _("%(value)s is too long; expected at most 256 characters."),
    Fault.LONG_10000: _("%(value)s is too long; expected at most 10,000 characters."),
    Fault.GUID: _("%(value)s is not a GUID; expected 32 hexadecimal digits, bare or as 8-4-4-4-12."),
    Fault.DAY: _("%(value)s is not a day; expected YYYY-MM-DD."),
    Fault.BOOLEAN: _("%(value)s is neither yes nor no; expected true or false."),
    Fault.NOT_RETRACTABLE: _("%(value)s would retract what can't be retracted; expected false, or nothing."),
    Fault.QUANTITY: _("%(value)s is not a quantity; expected a whole number from 0 to 2147483647, digits only."),
    Fault.SCORE: _("%(value)s is not a score; expected a whole number from 1 to 5."),
    Fault.PRICE: _("%(value)s is not a price; expected digits with at most one point and four decimals."),
    Fault.COUNTRY: _("%(value)s is not a country; expected a two-letter code of ISO 3166-1."),
    Fault.CURRENCY: _("%(value)s is not a currency; expected a three-letter code of ISO 4217."),
    Fault.STATUS: _("%(value)s is not a status; expected active, grace, disabled or deprovisioned."),
    Fault.STATE: _(
        "%(value)s is not a state; expected entitled, suspended_fraud, suspended_nonpayment, upgraded or cancelled."
    ),
    Fault.KIND: _("%(value)s is not a kind of support case; expected how_to, incident, billing or other."),
    Fault.SELLER: _("%(value)s is not a seller; expected the partner_id of a partner, or external."),
    Fault.RESERVED: _("%(value)s is kept for licences that follow from a tenant's totals; expected another id."),
    Fault.MAILBOX: _("%(value)s is not a kind of account; expected user, shared, room, equipment, service or guest."),
    Fault.METRIC: _("%(value)s is not a metric; expected deployment or usage."),
    Fault.PERCENT: _("%(value)s is not a percentage; expected digits with at most one point and six decimals."),
    Fault.FUTURE: _("%(value)s lies after today; expected today (UTC) or a day before."),
    Fault.ORDER: _("%(value)s is not after the first day; expected a later day, or nothing."),
    Fault.SLUG_TAKEN: _("%(value)s is the slug of another partner; expected one of its own."),
    Fault.NAME_TAKEN: _(
        "%(value)s is another user's principal name; expected one that no other user has. The operator can move it."
    ),
    Fault.UNKNOWN_PARTNER: _("%(value)s is not known; expected the partner_id of a known partner."),
    Fault.UNKNOWN_CUSTOMER: _("%(value)s is not known; expected the customer_id of a known customer."),
    Fault.UNKNOWN_SUBSCRIPTION: _("%(value)s is not known; expected the id of a known subscription."),
    Fault.UNKNOWN_SKU: _("%(value)s is not known; expected the sku_id of a known SKU."),
    Fault.UNKNOWN_SERVICE: _("%(value)s is not known; expected the code of a known service: %(expected)s."),
    Fault.UNKNOWN_CASE: _("%(value)s is not known; expected a support case of one's own."),
    Fault.UNKNOWN_RESPONSE: _("%(value)s is not known; expected a response of one's own."),
    Fault.SOURCE: _("%(value)s is not a source of lists; expected directory, report or report_concealed."),
    Fault.OVERLAP: _("the time from %(value)s overlaps another of the same key; expected times that don't overlap."),
    Fault.OTHER_CUSTOMER: _("%(value)s is another customer than before; expected a subscription to keep its customer."),
    Fault.OTHER_SELLER: _("%(value)s is another seller than before; expected a subscription to keep its seller."),
}
