"""Two partners that share a customer, what both stated of it, and the people who correct it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.test import Client

from partners.models import Partner, Staff
from partners.permissions import Role
from tests.customers.feed.conftest import BETA, FABRIKAM, SUBSCRIPTIONS, WORLD, Feeds, version
from tests.people import make_operator, make_staff, signed_in

OF_ALPHA = {
    "customers.csv": f"customer_id,name,domain,country,segment\n{FABRIKAM},Fabrikam of Alpha,fabrikam.com,IT,small\n",
    "subscriptions.csv": SUBSCRIPTIONS + version("S1") + version("S1", day="2026-06-01", quantity=7),
    "entitlements.csv": "subscription_id,user_id,from,state,to\nS1,ann,2026-01-01,entitled,\nS1,bob,2026-01-01,entitled,2026-09-01\n",
    "activity.csv": f"customer_id,user_id,service,day\n{FABRIKAM},ann,EXO,2026-11-10\n",
    "coverage.csv": f"customer_id,service,day\n{FABRIKAM},EXO,2026-11-11\n",
    "support_cases.csv": f"case_id,customer_id,opened_on,kind,closed_on\nC1,{FABRIKAM},2026-10-01,how_to,\n",
    "satisfaction.csv": f"response_id,customer_id,responded_on,score,comment\nR1,{FABRIKAM},2026-10-02,4,Fine\n",
}
OF_BETA = {
    "customers.csv": "customer_id,name,domain,country,segment\n" + f"{FABRIKAM},CANARY-name,canary.example,SE,CANARY\n",
    "subscriptions.csv": SUBSCRIPTIONS + version("CANARY-S2", seller=BETA),
    "entitlements.csv": "subscription_id,user_id,from,state,to\nCANARY-S2,CANARY-zoe,2026-01-01,entitled,\n",
    "activity.csv": f"customer_id,user_id,service,day\n{FABRIKAM},CANARY-zoe,EXO,2026-11-10\n",
    "coverage.csv": f"customer_id,service,day\n{FABRIKAM},TEAMS,2026-11-12\n",
    "support_cases.csv": f"case_id,customer_id,opened_on,kind,closed_on\nCANARY-C2,{FABRIKAM},2026-10-01,billing,\n",
    "satisfaction.csv": f"response_id,customer_id,responded_on,score,comment\nCANARY-R2,{FABRIKAM},2026-10-02,1,CANARY\n",
}


@dataclass
class Installation:
    """Alpha and Beta serve Fabrikam, Beta also Contoso; the words of Beta's that Alpha may never see contain CANARY."""

    feeds: Feeds
    alpha: Partner
    beta: Partner
    operator: Staff
    agent: Staff
    """Admin agent of Alpha."""

    def as_operator(self) -> Client:
        return signed_in(self.operator)

    def as_agent(self) -> Client:
        return signed_in(self.agent)


def make_installation(folder: Path) -> Installation:
    """Loaded by feeds of the operator and of both partners."""
    feeds = Feeds(folder)
    for files, partner in ((WORLD, None), (OF_ALPHA, "alpha"), (OF_BETA, "beta")):
        report = feeds.load(files, partner=partner)
        assert not report.refused, list(report.lines())
    alpha, beta = Partner.objects.get(slug="alpha"), Partner.objects.get(slug="beta")
    return Installation(feeds, alpha, beta, make_operator(), make_staff(alpha, Role.ADMIN_AGENT))
