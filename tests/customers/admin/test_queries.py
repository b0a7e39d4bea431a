"""Lists ask the database the same number of questions, however long they are, and never count everything."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import EntitlementPeriod, SubscriptionVersion, SupportCase
from partners.admin_base import BoundedPaginator
from tests.customers.admin.test_closed import address
from tests.customers.feed.conftest import FABRIKAM, SUBSCRIPTIONS, version
from tests.customers.installation import Installation

MORE = {
    "subscriptions.csv": SUBSCRIPTIONS + version("S3") + version("S4"),
    "entitlements.csv": "subscription_id,user_id,from,state,to\nS3,cat,2026-01-01,entitled,\nS4,dan,2026-01-01,entitled,\n",
    "support_cases.csv": "case_id,customer_id,opened_on,kind,closed_on\n"
    f"C3,{FABRIKAM},2026-10-01,other,\nC4,{FABRIKAM},2026-10-01,other,\n",
}


@pytest.mark.parametrize("model", [SubscriptionVersion, EntitlementPeriod, SupportCase])
@pytest.mark.parametrize("who", ["operator", "agent"])
def test_list_asks_as_much_with_one_row_as_with_three(installation: Installation, model: type, who: str) -> None:
    client = getattr(installation, f"as_{who}")()
    page = address(model, "changelist")
    client.get(page)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(page)
    installation.feeds.load(MORE, partner="alpha")
    with CaptureQueriesContext(connection) as more:
        client.get(page)
    assert len(more) == len(few)


def test_count_goes_no_further_than_is_leafed_through(installation: Installation) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert BoundedPaginator(EntitlementPeriod.objects.order_by("-pk"), 50).count == 3
    assert "LIMIT 10000" in captured.captured_queries[-1]["sql"]
