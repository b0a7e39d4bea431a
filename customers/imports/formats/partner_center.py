"""Every format of Partner Center, each in a module of its family."""

from __future__ import annotations

from customers.imports.formats.partner_center_answers import ANSWER_FORMATS
from customers.imports.formats.partner_center_customers import CUSTOMER_FORMATS
from customers.imports.formats.partner_center_exports import EXPORT_FORMATS
from customers.imports.formats.partner_center_insights import INSIGHTS_FORMATS
from customers.imports.formats.partner_center_licences import LICENCE_FORMATS
from customers.imports.formats.partner_center_reported import REPORTED_FORMATS
from customers.imports.formats.partner_center_subscriptions import SUBSCRIPTION_FORMATS
from customers.imports.reading import Format

PARTNER_CENTER_FORMATS: tuple[Format, ...] = (
    *CUSTOMER_FORMATS,
    *SUBSCRIPTION_FORMATS,
    *LICENCE_FORMATS,
    *REPORTED_FORMATS,
    *EXPORT_FORMATS,
    *INSIGHTS_FORMATS,
    *ANSWER_FORMATS,
)
