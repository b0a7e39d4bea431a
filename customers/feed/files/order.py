"""The files of a feed in the order in which they load (feed.md, the table)."""

from customers.feed.files.activity import ACTIVITY
from customers.feed.files.coverage import COVERAGE
from customers.feed.files.customers import CUSTOMERS
from customers.feed.files.entitlements import ENTITLEMENTS
from customers.feed.files.partners import PARTNERS
from customers.feed.files.relationships import RELATIONSHIPS
from customers.feed.files.service import SATISFACTION, SUPPORT_CASES
from customers.feed.files.skus import SKUS
from customers.feed.files.subscriptions import SUBSCRIPTIONS

FILES = (
    PARTNERS,
    CUSTOMERS,
    RELATIONSHIPS,
    SKUS,
    SUBSCRIPTIONS,
    ENTITLEMENTS,
    ACTIVITY,
    COVERAGE,
    SUPPORT_CASES,
    SATISFACTION,
)
