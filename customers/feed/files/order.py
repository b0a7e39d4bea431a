"""The files of a feed in the order in which they load (feed.md, the table)."""

from customers.feed.files.activity import ACTIVITY
from customers.feed.files.coverage import COVERAGE
from customers.feed.files.customers import CUSTOMERS
from customers.feed.files.entitlements import ENTITLEMENTS
from customers.feed.files.holders import HOLDERS
from customers.feed.files.holdings import HOLDINGS
from customers.feed.files.lists import LISTS
from customers.feed.files.partners import PARTNERS
from customers.feed.files.people import PEOPLE
from customers.feed.files.relationships import RELATIONSHIPS
from customers.feed.files.reported import REPORTED
from customers.feed.files.service import SATISFACTION, SUPPORT_CASES
from customers.feed.files.sku_totals import SKU_TOTALS
from customers.feed.files.skus import SKUS
from customers.feed.files.subscriptions import SUBSCRIPTIONS
from customers.feed.files.subscriptions_seen import SUBSCRIPTIONS_SEEN

FILES = (
    PARTNERS,
    CUSTOMERS,
    RELATIONSHIPS,
    SKUS,
    SUBSCRIPTIONS,
    ENTITLEMENTS,
    HOLDINGS,
    ACTIVITY,
    COVERAGE,
    SUPPORT_CASES,
    SATISFACTION,
)

IMPORT_FILES = (
    PARTNERS,
    CUSTOMERS,
    RELATIONSHIPS,
    SKUS,
    PEOPLE,
    SUBSCRIPTIONS_SEEN,
    SUBSCRIPTIONS,
    SKU_TOTALS,
    ENTITLEMENTS,
    HOLDINGS,
    HOLDERS,
    LISTS,
    ACTIVITY,
    COVERAGE,
    SUPPORT_CASES,
    SATISFACTION,
    REPORTED,
)
"""What readers of vendors' files may write, in the order in which it loads: a feed's files, and those that only they write."""
